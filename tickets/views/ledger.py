"""The page that explains when a step is due, or why it ended in time or late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from tickets import actions
from tickets.ledger_page import LedgerPage, load_run
from tickets.page import load


@require_safe
def detail(request: HttpRequest, number: str, run: int) -> HttpResponse:
    ticket = load(viewer_of(request), number)
    page = LedgerPage(ticket, load_run(ticket, run), actions.database_now())
    return render(request, "tickets/ledger.html", {"page": page})
