"""What if the SOP's standard times were others: the runs that ended in a period, held against a proposal.

A run's net working time does not depend on its standard, so each verdict can be given anew from it, by the rules of
`tickets.sla`. What people would have done under another standard, nobody knows; the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Extract

from dashboard.metrics import Share
from tickets.models import StepRun, Ticket
from tickets.sla import MINUTE, Verdict
from tickets.workflow import Action, Step

Standard = tuple[int, int]  # minimum and maximum, in working minutes

_COUNTED: Final = (Verdict.ON_TIME, Verdict.LATE)
#: The moves that end a run with its work done; only those can have been too fast.
_FORWARD: Final = (
    Action.APPROVE, Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH,
)  # fmt: skip


@dataclass(frozen=True)
class Replay:
    """Runs of one step, or whole tickets (`step` None), on time and too fast by their own standard and by the proposed.

    Whole tickets have no minimum.
    """

    step: Step | None
    on_time: Share
    on_time_then: Share
    too_fast: int = 0
    too_fast_then: int = 0

    @property
    def gained(self) -> int:
        """How many more would have been on time; below 0, fewer."""
        return self.on_time_then.part - self.on_time.part


def replay(since: datetime, standards: Mapping[Step, Standard]) -> list[Replay]:
    """One for each step of `standards`, then the whole: what ended from `since` on, decided anew by `standards`."""
    found = {row["step"]: row for row in _runs(since, standards)}
    steps = [_of_step(step, found.get(step, {})) for step in standards]
    return [*steps, _whole(since, sum(maximum for _minimum, maximum in standards.values()))]


def _of_step(step: Step, row: Mapping[str, int]) -> Replay:
    whole = row.get("whole", 0)
    return Replay(
        step,
        Share(row.get("on_time", 0), whole),
        Share(row.get("on_time_then", 0), whole),
        row.get("fast", 0),
        row.get("fast_then", 0),
    )


def _runs(since: datetime, standards: Mapping[Step, Standard]) -> Any:
    ended = StepRun.objects.filter(ended_at__gte=since, verdict__in=_COUNTED).order_by()
    limited = ended.annotate(
        minimum_then=_by_step({step: minimum for step, (minimum, maximum) in standards.items() if minimum < maximum}),
        maximum_then=_by_step({step: maximum for step, (_minimum, maximum) in standards.items()}),
        lasted=Extract(
            ExpressionWrapper(F("ended_at") - F("started_at"), DurationField()), "epoch", output_field=IntegerField()
        ),
    )
    all_in_working_time = Q(lasted=F("net_seconds") + F("held_seconds"))
    return limited.values("step").annotate(
        whole=Count("pk"),
        on_time=Count("pk", filter=Q(verdict=Verdict.ON_TIME)),
        on_time_then=Count("pk", filter=Q(net_seconds__lte=F("maximum_then"))),
        fast=Count("pk", filter=Q(too_fast=True)),
        fast_then=Count(
            "pk",
            filter=Q(net_seconds__lt=F("minimum_then"), attempt=1, outcome__in=_FORWARD) & all_in_working_time,
        ),
    )


def _by_step(minutes: Mapping[Step, int]) -> Case | Value:
    """A step's limit in seconds; NULL, which nothing is compared with, for a step that has none."""
    cases = [When(step=step, then=Value(limit * MINUTE)) for step, limit in minutes.items()]
    return Case(*cases, output_field=IntegerField()) if cases else Value(None, output_field=IntegerField())


def _whole(since: datetime, maximum: int) -> Replay:
    row = (
        Ticket.objects.done()
        .closed_since(since)
        .aggregate(
            whole=Count("pk"),
            on_time=Count("pk", filter=Q(verdict=Verdict.ON_TIME)),
            on_time_then=Count("pk", filter=Q(net_seconds__lte=maximum * MINUTE)),
        )
    )
    return Replay(None, Share(row["on_time"], row["whole"]), Share(row["on_time_then"], row["whole"]))
