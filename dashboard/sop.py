"""The page of the SOP, drawn from the rows that drive the engine; for those who see the figures, beside what was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from dashboard import flowchart, metrics
from dashboard.figure_forms import FiguresForm
from dashboard.metrics import Scope, StandardFigures
from tickets.actions import database_now
from tickets.models import Actor, SopRevision


@require_safe
def sop(request: HttpRequest, revision_id: int | None = None) -> HttpResponse:
    """The revision in force today, or the one that is named."""
    now = database_now()
    in_force = _in_force(now)
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
    if viewer_of(request).has_perms(["tickets.view_figures", "tickets.view_all_tickets"]):
        context |= _reality(FiguresForm(request.GET, today=timezone.localdate(now)), revision, now)
    return render(request, "dashboard/sop.html", context)


def _reality(form: FiguresForm, revision: SopRevision, now: datetime) -> dict[str, Any]:
    """How the runs of a period with the very standard of this revision fared, by step."""
    found: dict[int, StandardFigures | None] = {}
    for step in metrics.of_steps(Scope(form.chosen_period)):
        row = revision.standards[step.step]
        own = (one for one in step.standards if (one.minimum, one.maximum) == (row.minimum, row.maximum))
        found[row.number] = next(own, None)
    return {"reality": found, "period": form.chosen_period, "periods": form.units, "now": now}


def _in_force(now: datetime) -> SopRevision | None:
    try:
        return SopRevision.objects.in_force(now)
    except SopRevision.DoesNotExist:
        return None
