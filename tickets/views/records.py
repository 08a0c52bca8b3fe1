"""Which tickets planned or wrote records of the registry: the registry itself knows of none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from tickets.forms.records import RecordsForm
from tickets.models import Ticket


@require_safe
def of_records(request: HttpRequest) -> HttpResponse:
    """The numbers of the tickets that the viewer may see, each list for the place that a look-up keeps for it."""
    form = RecordsForm(request.GET)
    tickets = Ticket.objects.visible_to(viewer_of(request))
    found = tickets.numbers_by_record(**form.cleaned_data) if form.is_valid() else {}
    return render(request, "tickets/of_records.html", {"found": found})
