"""A run's clock and verdicts; pure: takes minutes and instants, knows no step and no database.

Everything is computed from four frozen things: the calendar, the run's start, its pauses and its standard. So due
time, resumption, net time and a later recomputation can never disagree (domain, "The clock").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from worktime import clock

MINUTE: Final = 60

# Percent of the maximum at which somebody is told.
REMIND, OVERDUE, ESCALATE = 80, 100, 200

Pause = tuple[datetime, datetime]


class Verdict(TextChoices):
    ON_TIME = "on_time", _("tepat waktu")
    LATE = "late", _("terlambat")
    CUT_OFF = "cut_off", _("terpotong")


@dataclass(frozen=True)
class Thresholds:
    """The last instants at which a run's net working time is within 80, 100 and 200 % of its maximum."""

    warn_at: datetime
    due_at: datetime
    escalate_at: datetime


@dataclass(frozen=True)
class Spent:
    """Where the seconds of a run went: worked, working time on hold, and outside working time. Their sum is `gross`."""

    net: int
    held: int
    outside: int

    @property
    def gross(self) -> int:
        return self.net + self.held + self.outside


def thresholds(calendar: clock.Calendar, start: datetime, pauses: Sequence[Pause], *, maximum: int) -> Thresholds:
    """When a run passes its thresholds, if it is not paused again; `maximum` in working minutes."""
    warn_at, due_at, escalate_at = (
        _spent_at(calendar, start, pauses, maximum * MINUTE * percent // 100) for percent in (REMIND, OVERDUE, ESCALATE)
    )
    return Thresholds(warn_at, due_at, escalate_at)


def spent(calendar: clock.Calendar, start: datetime, pauses: Sequence[Pause], end: datetime) -> Spent:
    """How the time of a run from `start` to `end` was spent, in whole seconds."""
    net = sum(clock.working_seconds(calendar, a, b) for a, b in _stretches(start, pauses, end))
    held = sum(clock.working_seconds(calendar, a, b) for a, b in pauses)
    return Spent(net, held, int((end - start).total_seconds()) - net - held)


def verdict(*, net: int, maximum: int, counts: bool) -> Verdict:
    """On time iff `net` working seconds are within `maximum` minutes; a run that was cut off counts nowhere."""
    if not counts:
        return Verdict.CUT_OFF
    return Verdict.ON_TIME if net <= maximum * MINUTE else Verdict.LATE


def is_too_fast(time: Spent, *, minimum: int, maximum: int) -> bool:
    """Below the standard's minimum: information, no blame; only where the SOP gives a range, all in working time."""
    return minimum < maximum and not time.outside and time.net < minimum * MINUTE


def _spent_at(calendar: clock.Calendar, start: datetime, pauses: Sequence[Pause], seconds: int) -> datetime:
    """The last instant at which the net working time is at most `seconds`."""
    for pause_start, pause_end in pauses:
        worked = clock.working_seconds(calendar, start, pause_start)
        if worked > seconds:
            break
        seconds, start = seconds - worked, pause_end
    return clock.add_working(calendar, start, seconds)


def _stretches(start: datetime, pauses: Sequence[Pause], end: datetime) -> Iterator[Pause]:
    for pause_start, pause_end in pauses:
        yield start, pause_start
        start = pause_end
    yield start, end
