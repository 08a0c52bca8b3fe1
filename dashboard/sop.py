"""The page of the SOP, drawn from the rows that drive the engine."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import flowchart
from tickets.actions import database_now
from tickets.models import Actor, SopRevision


@require_safe
def sop(request: HttpRequest) -> HttpResponse:
    """The revision in force today."""
    try:
        revision = SopRevision.objects.in_force(database_now())
    except SopRevision.DoesNotExist as error:
        raise Http404(_("Belum ada SOP yang berlaku.")) from error
    rows = flowchart.draw(list(revision.standards.values()))
    return render(request, "dashboard/sop.html", {"sop": revision, "rows": rows, "actors": Actor.choices})
