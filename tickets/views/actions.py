"""One view per action, all made from the table of forms: load, check, validate, act, render."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.network_address import client_address
from accounts.viewer import viewer_of
from tickets import actions
from tickets.forms import FORMS, ActionForm
from tickets.models import Ticket
from tickets.page import TicketPage, load
from tickets.views.ticket import draw, wants_region
from tickets.workflow import Action

View = Callable[[HttpRequest, str], HttpResponse]


def view_of(action: Action) -> View:
    """The view that makes `action`: 404 not visible, 403 not permitted, 409 not possible now, 422 input falls short."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, number: str) -> HttpResponse:
        if request.method != "POST":
            # Log-in and "try again" on an error page lead here; nothing is done by following a link.
            return redirect("tickets:detail", number)
        user = viewer_of(request)
        ticket = load(user, number)
        run = None if action == Action.COMMENT else claimed_run(request)
        actions.check(ticket, action, by=user, run=run)
        form = FORMS[action](request.POST, request.FILES, ticket=ticket, user=user)
        if form.perform(by=user, run=run, origin=client_address(request)) is None:
            return draw(request, TicketPage(user, load(user, number), bound=form), status=422)
        return answer(request, ticket, form)

    return view


def claimed_run(request: HttpRequest) -> int:
    """The run that the screen was drawn for; one that exists nowhere if the form does not say so."""
    text = request.POST.get("run", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def answer(request: HttpRequest, ticket: Ticket, form: ActionForm) -> HttpResponse:
    """What was done, in words, beside the ticket as it is now."""
    if wants_region(request):
        page = TicketPage(form.user, load(form.user, ticket.number))
        return trigger_client_event(draw(request, page), "toast", {"tone": "good", "text": str(form.outcome)})
    messages.success(request, str(form.outcome))
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(ticket.get_absolute_url())
    return redirect(ticket)
