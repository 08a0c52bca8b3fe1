"""The link of a browser test, renewed and revoked on the ticket's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from accounts.network_address import client_address
from accounts.viewer import viewer_of
from tickets import actions
from tickets.models import Ticket
from tickets.page import TicketPage, load
from tickets.views.actions import claimed_run
from tickets.views.ticket import draw, wants_region


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, number: str) -> HttpResponse:
    return _change(request, number, actions.renew_link, _("Tautan uji yang baru sudah siap."))


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    return _change(request, number, actions.revoke_link, _("Tautan uji sudah dicabut."))


def _change(request: HttpRequest, number: str, change: Callable[..., Ticket], said: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("tickets:detail", number)  # nothing is done by following a link
    user = viewer_of(request)
    caller: Any = {"by": user, "run": claimed_run(request), "origin": client_address(request)}
    ticket = change(load(user, number), **caller)
    if wants_region(request):
        page = TicketPage(user, load(user, number))
        return trigger_client_event(draw(request, page), "toast", {"tone": "good", "text": said})
    messages.success(request, said)
    return redirect(ticket)
