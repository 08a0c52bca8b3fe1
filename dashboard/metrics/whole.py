"""How tickets as a whole fare. A ticket is done in the period in which it was last finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, Count, F, Func, IntegerField, Sum, Value
from django.utils import timezone

from accounts.models import Unit, User
from dashboard.metrics.scope import Scope
from dashboard.metrics.shares import Histogram, Share, Times, in_seconds, place_of, whole_minutes
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
    buckets = period.buckets
    groups = _groups(scope, Period(earlier.first, period.last), [bucket.start for bucket in buckets])
    return Course(
        _closings(groups, period, range(1, len(buckets) + 1)),
        _closings(groups, earlier, range(1)),
        [_closings(groups, bucket, range(place, place + 1)) for place, bucket in enumerate(buckets, 1)],
    )


_Groups = Mapping[tuple[str, str], Mapping[int, int]]


def _groups(scope: Scope, during: Period, starts: list[datetime]) -> _Groups:
    """How many tickets closed with each status and verdict, and how many were reopened, before the first of `starts`
    (0), from it to the second (1), and so on."""
    closed = (
        scope.tickets.filter(status__in=CLOSED, closed_at__gte=during.start, closed_at__lt=during.end)
        .values_list("status", "verdict", place_of("closed_at", starts))
        .annotate(n=Count("*"))
    )
    again = scope.reopenings(during).values_list(
        Value(_REOPENED, CharField()), Value("", CharField()), place_of("at", starts)
    )
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for what, verdict, place, n in closed.union(again.annotate(n=Count("*")), all=True):
        found[what, verdict][place] = n
    return found


def _closings(groups: _Groups, period: Period, places: range) -> Closings:
    def told(what: str, verdict: str | None = None) -> int:
        fitting = (by_place for (kind, said), by_place in groups.items() if kind == what and verdict in (None, said))
        return sum(by_place.get(place, 0) for by_place in fitting for place in places)

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
    people, units = Counter[tuple[int, bool]](), Counter[tuple[int, bool]]()
    for person, unit, verdict, n in _done(scope).values_list("technician", "unit", "verdict").annotate(n=Count("*")):
        people[person, verdict == Verdict.ON_TIME] += n
        units[unit, verdict == Verdict.ON_TIME] += n
    named = _names({person for person, _ in people})
    return _ranked(people, named["person"]), _ranked(units, named["unit"])


def _names(people: set[int]) -> Mapping[str, Mapping[int, str]]:
    """Of these people and of all units; read apart, so that tickets are counted by numbers alone."""
    persons = User.objects.filter(pk__in=people).order_by().values_list(Value("person"), "pk", "full_name")
    units = Unit.objects.order_by().values_list(Value("unit"), "pk", "name")
    found: dict[str, dict[int, str]] = {"person": {}, "unit": {}}
    for kind, pk, name in persons.union(units, all=True):
        found[kind][pk] = name
    return found


def _ranked(counted: Counter[tuple[int, bool]], names: Mapping[int, str]) -> list[Busy]:
    wholes: Counter[int] = Counter()
    for (pk, _on_time), n in counted.items():
        wholes[pk] += n
    ranked = (Busy(pk, names[pk], Share(counted[pk, True], n)) for pk, n in wholes.items())
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
    period, zone = scope.period, timezone.get_default_timezone()
    tickets = scope.tickets.filter(submitted_at__gte=period.start, submitted_at__lt=period.end)
    for number, n in tickets.values_list(_HOUR).annotate(n=Count("*")):
        hour = datetime.fromtimestamp(number * 3600, zone)
        hours[hour.isoweekday()][hour.hour] += n
    return Submitted(sum(n for day in hours.values() for n in day.values()), hours)


#: Hours since 1970: the office's zone differs by whole ones, and its own hours would have to be reckoned for each row.
_HOUR: Final = Func(
    F("submitted_at"),
    template="floor(date_part('epoch', %(expressions)s) / 3600)::int",
    output_field=IntegerField(),
)
