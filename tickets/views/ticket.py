"""The page of one ticket, and the part of it that changes."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from tickets import permissions, polls
from tickets.forms.identify import IdentifyForm, RecordFields
from tickets.forms.polls import PollForm
from tickets.models.ticket import REASSIGN, UNFOLD
from tickets.page import TicketPage, load
from tickets.views.polls import answered
from tickets.workflow import Action

REGION = "ticket"  # the id that htmx targets
UNFOLDED: Final = {REASSIGN: Action.REASSIGN}


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    user = viewer_of(request)
    return draw(request, TicketPage(user, load(user, number), unfolded=UNFOLDED.get(request.GET.get(UNFOLD, ""))))


@require_safe
def fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The ticket's region; 204 where the poll's `?v=` still holds."""
    user = viewer_of(request)
    seen = polls.glance_at(number, user)
    current = PollForm(request.GET).claim == polls.ticket_version(seen.mark, seen.clock, seen.now)

    def region() -> HttpResponse:
        page = TicketPage(user, load(user, number), now=seen.now)
        return render(request, "tickets/partials/ticket.html", {"page": page})

    return answered(request, seen, current=current, draw=region)


@require_safe
def record(request: HttpRequest, number: str) -> HttpResponse:
    """The network fields of step 3's form, drawn anew for the device that was chosen in it."""
    user = viewer_of(request)
    ticket = load(user, number)
    if Action.IDENTIFY not in permissions.available_actions(user, ticket):
        raise Http404
    form = IdentifyForm(ticket=ticket, user=user)
    form.turn_to(RecordFields(request.GET).given())
    return render(request, "tickets/partials/fields_record.html", {"form": form})


def draw(request: HttpRequest, page: TicketPage, status: int = 200) -> HttpResponse:
    """The region alone for htmx on the ticket page, the whole page for everybody else."""
    template = "tickets/partials/ticket.html" if wants_region(request) else "tickets/detail.html"
    return render(request, template, {"page": page}, status=status)


def wants_region(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == REGION
