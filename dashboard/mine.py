"""A technician's own figures, beside the office as a whole and never beside a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.viewer import viewer_of
from dashboard import metrics
from dashboard.metrics import FEW, ReasonFigures, Scope, StepFigures
from dashboard.periods import Period
from dashboard.satisfaction_page import SpanForm, chips
from tickets.actions import database_now
from tickets.sla import Verdict
from tickets.workflow import Step

#: With fewer colleagues in it, what the office did besides one's own tells what one of them did.
FEWEST_OTHERS: Final = 2
LATE_SHOWN: Final = 25


@dataclass(frozen=True)
class Beside:
    """One step: mine, and the office with mine in it; None where that would tell of one colleague."""

    mine: StepFigures
    office: StepFigures | None


@dataclass(frozen=True)
class Holds:
    reasons: list[ReasonFigures]
    office: int | None

    @property
    def n(self) -> int:
        return sum(reason.n for reason in self.reasons)


@require_safe
@permission_required("tickets.work_ticket", raise_exception=True)
def mine(request: HttpRequest) -> HttpResponse:
    """Only the named periods: with days of one's own choice, two answers could be subtracted from one another."""
    viewer, today = viewer_of(request), timezone.localdate(database_now())
    name, period = SpanForm({"period": request.GET.get("period") or "month"}).chosen(today)
    steps = _steps(viewer, period)
    late = Scope(period, technician=viewer).runs_ended(period).filter(verdict=Verdict.LATE)
    context: dict[str, Any] = {
        "chips": chips(name),
        "period": period,
        "steps": steps,
        "runs": sum(step.mine.on_time.whole for step in steps),
        "is_hidden": any(step.office is None for step in steps),
        "holds": _holds(viewer, period),
        "late": late.select_related("ticket").order_by("-ended_at", "-pk")[:LATE_SHOWN],
        "late_count": sum(step.mine.on_time.rest for step in steps),
        "few": FEW,
    }
    return render(request, "dashboard/mine.html", context)


def _steps(viewer: User, period: Period) -> list[Beside]:
    """Those that technicians do: from the second on."""
    office = Scope(period)
    others = _others(office.runs_ended(period), viewer)
    pairs = zip(metrics.of_steps(Scope(period, technician=viewer)), metrics.of_steps(office), strict=True)
    return [
        Beside(own, whole if others.get(own.step, 0) >= FEWEST_OTHERS else None)
        for own, whole in pairs
        if own.step != Step.SUBMISSION
    ]


def _holds(viewer: User, period: Period) -> Holds:
    begun = Scope(period).holds_begun(period)
    others = begun.exclude(run__technician=viewer).values("run__technician").distinct().count()
    office = begun.count() if others >= FEWEST_OTHERS else None
    return Holds(metrics.of_reasons(Scope(period, technician=viewer)), office)


def _others(runs: Any, viewer: User) -> dict[int, int]:
    """How many colleagues have a part in each step."""
    theirs = runs.exclude(technician=viewer).exclude(verdict=Verdict.CUT_OFF)
    return dict(theirs.values_list("step").annotate(n=Count("technician", distinct=True)))
