"""Bulk actions: the tickets that were picked in the list, what all of them get, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.network_address import client_address
from accounts.viewer import viewer_of
from tickets import actions, rows
from tickets.forms.bulk import BulkForm
from tickets.models import BulkAct, Ticket
from tickets.workflow import Action

manages = permission_required("tickets.manage_tickets", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def bulk(request: HttpRequest) -> HttpResponse:
    """GET: what was picked, beside a form; nothing is done. POST: it is done, and the answer is a page of its own."""
    now = actions.database_now()
    if request.method != "POST":
        return _asked(request, now)
    form, by = BulkForm(request.POST, now=now), viewer_of(request)
    if not form.is_valid():
        return _page(request, form, form.cleaned_data.get("ticket", []), now, status=422)
    given = form.cleaned_data
    act, is_new = actions.begin_bulk(given["key"], Action(given["action"]), given["ticket"], by=by)
    if is_new:
        actions.run_bulk(act, by=by, origin=client_address(request), **form.facts)
    query = f"?{given['back'].lstrip('?')}" if given["back"] else ""
    return redirect(reverse("tickets:bulk-result", args=[act.pk]) + query)


def _asked(request: HttpRequest, now: datetime) -> HttpResponse:
    """What the list sent says which tickets and which action; the rest of the form is still empty."""
    sent = BulkForm(request.GET, now=now)
    wrong = [error for name in ("ticket", "action") for error in sent.errors.get(name, [])]
    if wrong:
        messages.error(request, " ".join(map(str, wrong)))
        return redirect("tickets:list")
    given = sent.cleaned_data
    asked = {"action": given["action"], "ticket": request.GET.getlist("ticket"), "back": given.get("back", "")}
    return _page(request, BulkForm(None, now=now, asked=asked), given["ticket"], now)


def _page(
    request: HttpRequest, form: BulkForm, asked: list[tuple[str, int]], now: datetime, status: int = 200
) -> HttpResponse:
    viewer, numbers = viewer_of(request), [number for number, _run in asked]
    tickets = Ticket.objects.visible_to(viewer).filter(number__in=numbers).in_queue_order(now).with_people()
    context = {"form": form, "action": form.asked_action, "rows": rows.rows_of(tickets, viewer, now), "now": now}
    return render(request, "tickets/bulk.html", context, status=status)


@require_safe
@manages
def result(request: HttpRequest, act: UUID) -> HttpResponse:
    """What became of each ticket; only for whoever did it."""
    made = get_object_or_404(BulkAct, key=act, by=viewer_of(request))
    numbers = [number for number, _run in made.asked]
    titles = dict(Ticket.objects.filter(number__in=numbers).values_list("number", "title"))
    told = [
        {"number": number, "title": titles.get(number), "done": done, "why": why} for number, done, why in made.results
    ]
    context: dict[str, Any] = {
        "act": made,
        "action": Action(made.action),
        "told": told,
        "done": sum(one["done"] for one in told),
        "refused": [one for one in told if not one["done"]],
        "waiting": made.asked[len(told) :],
        "back": request.GET.urlencode(),
    }
    return render(request, "tickets/bulk_result.html", context)
