"""How tickets as a whole fare. A ticket is done in the period in which it was last finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Count, F, Sum, Value
from django.db.models.functions import ExtractHour, TruncDate

from dashboard.metrics.scope import Scope
from dashboard.metrics.shares import Histogram, Share, Times, in_seconds, whole_minutes
from dashboard.metrics.steps import StandardFigures
from dashboard.periods import Period
from tickets.models import SopStep
from tickets.sla import Verdict
from tickets.workflow import CLOSED, Action, Status


@dataclass(frozen=True)
class Closings:
    """What tickets came to in a stretch of days. `on_time`: of those done, those within the SOP's whole standard;
    `reopened`: how often one was opened again."""

    period: Period
    on_time: Share
    rejected: int
    cancelled: int
    reopened: int


@dataclass(frozen=True)
class Course:
    """A period as a whole, cut into buckets, and the period before."""

    now: Closings
    earlier: Closings
    buckets: list[Closings]


_REOPENED: Final = Action.REOPEN.value


def course(scope: Scope) -> Course:
    period, earlier = scope.period, scope.period.previous
    days = _days(scope, Period(earlier.first, period.last))
    return Course(_sum(days, period), _sum(days, earlier), [_sum(days, bucket) for bucket in period.buckets])


_Days = Mapping[tuple[str, str], Mapping[date, int]]


def _days(scope: Scope, during: Period) -> _Days:
    """How many tickets closed with each status and verdict, and how many were reopened, by day."""
    closed = (
        scope.tickets.filter(status__in=CLOSED, closed_at__gte=during.start, closed_at__lt=during.end)
        .values_list("status", "verdict", TruncDate("closed_at"))
        .annotate(n=Count("*"))
    )
    again = scope.reopenings(during).values_list("kind", Value("", CharField()), TruncDate("at")).annotate(n=Count("*"))
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    for what, verdict, day, n in closed.union(again, all=True):
        found[what, verdict][day] = n
    return found


def _sum(days: _Days, period: Period) -> Closings:
    def told(what: str, verdict: str | None = None) -> int:
        fitting = (by_day for (kind, said), by_day in days.items() if kind == what and verdict in (None, said))
        return sum(n for by_day in fitting for day, n in by_day.items() if period.first <= day <= period.last)

    return Closings(
        period=period,
        on_time=Share(told(Status.DONE, Verdict.ON_TIME), told(Status.DONE)),
        rejected=told(Status.REJECTED),
        cancelled=told(Status.CANCELLED),
        reopened=told(_REOPENED),
    )


@dataclass(frozen=True)
class WholeFigures:
    """The tickets done: net working time over all their runs, gross time from submission to the end, and how those of
    each SOP kept the sum of its standard times."""

    net: Times
    gross: Times
    standards: list[StandardFigures]


def of_tickets(scope: Scope) -> WholeFigures:
    done = _done(scope)
    nets: dict[tuple[int, int], Histogram] = defaultdict(Counter)
    kept: Counter[tuple[int, int]] = Counter()
    together: Histogram = Counter()
    standards = _standards()
    for sop, verdict, seconds, n in done.values_list("sop", "verdict", "net_seconds").annotate(n=Count("*")):
        standard = standards[sop]
        nets[standard][seconds] += n
        together[seconds] += n
        kept[standard] += n if verdict == Verdict.ON_TIME else 0
    gross = done.values_list(whole_minutes("submitted_at", "closed_at")).annotate(n=Count("*"))
    return WholeFigures(
        net=Times.of(together),
        gross=in_seconds(Counter(dict(gross))),
        standards=[
            StandardFigures(*standard, Share(kept[standard], net.total()), Times.of(net))
            for standard, net in sorted(nets.items())
        ],
    )


def _standards() -> dict[int, tuple[int, int]]:
    """The shortest and the longest time of each SOP revision as a whole, in minutes."""
    sums = SopStep.objects.order_by().values_list("revision").annotate(Sum("minimum"), Sum("maximum"))
    return {revision: (low, high) for revision, low, high in sums}


def _done(scope: Scope) -> Any:
    period = scope.period
    return scope.tickets.filter(status=Status.DONE, closed_at__gte=period.start, closed_at__lt=period.end)


@dataclass(frozen=True)
class Busy:
    """A technician or unit, and the tickets done for or by them."""

    pk: int
    name: str
    on_time: Share


def busiest(scope: Scope) -> tuple[list[Busy], list[Busy]]:
    """Technicians and units by the number of tickets done, the most first."""
    people, units = Counter[tuple[int, str, bool]](), Counter[tuple[int, str, bool]]()
    groups = _done(scope).values_list(
        "technician", "unit", "verdict", F("technician__full_name"), F("unit__name")
    ).annotate(n=Count("*"))  # fmt: skip
    for person, unit, verdict, person_name, unit_name, n in groups:
        people[person, person_name, verdict == Verdict.ON_TIME] += n
        units[unit, unit_name, verdict == Verdict.ON_TIME] += n
    return _ranked(people), _ranked(units)


def _ranked(counted: Counter[tuple[int, str, bool]]) -> list[Busy]:
    wholes: Counter[tuple[int, str]] = Counter()
    for (pk, name, _on_time), n in counted.items():
        wholes[pk, name] += n
    ranked = (Busy(pk, name, Share(counted[pk, name, True], n)) for (pk, name), n in wholes.items())
    return sorted(ranked, key=lambda busy: (-busy.on_time.whole, busy.name, busy.pk))


@dataclass(frozen=True)
class Submitted:
    """When the tickets of a period were submitted: `hours[weekday][hour]`, weekday 1 is Monday."""

    n: int
    hours: dict[int, dict[int, int]]

    @property
    def by_weekday(self) -> dict[int, int]:
        return {weekday: sum(hours.values()) for weekday, hours in self.hours.items()}

    @property
    def by_hour(self) -> dict[int, int]:
        return {hour: sum(hours[hour] for hours in self.hours.values()) for hour in range(24)}

    @property
    def most(self) -> int:
        return max(n for hours in self.hours.values() for n in hours.values())


def submitted(scope: Scope) -> Submitted:
    """Whatever became of them."""
    hours = {weekday: dict.fromkeys(range(24), 0) for weekday in range(1, 8)}
    for day, hour, n in _submissions(scope):
        hours[day.isoweekday()][hour] += n
    return Submitted(sum(n for day in hours.values() for n in day.values()), hours)


def _submissions(scope: Scope) -> Iterator[tuple[date, int, int]]:
    period = scope.period
    tickets = scope.tickets.filter(submitted_at__gte=period.start, submitted_at__lt=period.end)
    by_hour = tickets.values_list(TruncDate("submitted_at"), ExtractHour("submitted_at"))
    yield from by_hour.annotate(n=Count("*"))
