"""The page of the SOP, drawn from the rows that drive the engine."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import flowchart
from tickets.actions import database_now
from tickets.models import Actor, SopRevision


@require_safe
def sop(request: HttpRequest, revision_id: int | None = None) -> HttpResponse:
    """The revision in force today, or the one that is named."""
    in_force = _in_force()
    revision = in_force if revision_id is None else get_object_or_404(SopRevision, pk=revision_id)
    if revision is None:
        raise Http404(_("Belum ada SOP yang berlaku."))
    context = {
        "sop": revision,
        "in_force": in_force,
        "rows": flowchart.draw(list(revision.standards.values())),
        "actors": Actor.choices,
        "revisions": SopRevision.objects.select_related("published_by").order_by("-effective_on", "-pk")[:50],
    }
    return render(request, "dashboard/sop.html", context)


def _in_force() -> SopRevision | None:
    try:
        return SopRevision.objects.in_force(database_now())
    except SopRevision.DoesNotExist:
        return None
