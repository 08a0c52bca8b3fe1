"""How the six steps keep their standards. A run counts in the period in which it ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Sum, Value
from django.utils import timezone

from dashboard.metrics.scope import Scope
from dashboard.metrics.shares import Histogram, Share, Spent, Times, place_of, seconds_between
from dashboard.periods import Period, Unit
from tickets.sla import Verdict
from tickets.workflow import Action, Step


@dataclass(frozen=True)
class StandardFigures:
    """The runs of a step that had the same standard time; minutes."""

    minimum: int
    maximum: int
    on_time: Share
    net: Times


@dataclass(frozen=True)
class StepFigures:
    """One step in a period.

    Runs that were cut off (cancelled, reassigned) are counted in `cut_off` and `outcomes` alone. `on_time.whole` is
    what counts: ended by its own actor's decision. `again`: those of a second or later attempt. `too_fast`: below
    the standard's minimum, None where the SOP gives no range. `first_tests`: of first attempts that were tested, those
    which passed. `net`: working time. `earlier`: `on_time` of the period before, None where nobody asked.
    """

    step: Step
    on_time: Share
    again: Share
    too_fast: Share | None
    first_tests: Share
    cut_off: int
    outcomes: Counter[str]
    net: Times
    spent: Spent
    standards: list[StandardFigures]
    earlier: Share | None = None

    @property
    def tests(self) -> Share:
        """Of the tests that were made, those which passed."""
        return Share(self.outcomes[Action.PASS_TEST], sum(self.outcomes[test] for test in _TESTS))


_TESTS: Final = (Action.PASS_TEST, Action.FAIL_TEST)


@dataclass
class _Sums:
    """What adds up while the database's groups are read."""

    on_time: Counter[bool] = field(default_factory=Counter)
    again: int = 0
    too_fast: int = 0
    ranged: int = 0
    first_tests: Counter[bool] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    cut_off: int = 0
    held: int = 0
    gross: int = 0
    net: dict[tuple[int, int], Histogram] = field(default_factory=lambda: defaultdict(Counter))
    kept: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, more: _Sums) -> None:
        for name in ("on_time", "first_tests", "outcomes", "kept"):
            getattr(self, name).update(getattr(more, name))
        for name in ("again", "too_fast", "ranged", "cut_off", "held", "gross"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        for standard, net in more.net.items():
            self.net[standard].update(net)


_Steps = Mapping[int, _Sums]


def of_steps(scope: Scope, *, compared: bool = False) -> list[StepFigures]:
    """The six steps in their order. `compared`: with the share of the period before."""
    sums = _sums(scope)
    earlier = _earlier(scope) if compared else {}
    return [_figures(step, sums[step], earlier.get(step)) for step in Step]


# What was: a run that has ended never changes, so the sums of a whole month stay what they are once it is over.

#: So long after a month's end no transaction is open that ended a run within it.
SETTLED: timedelta = timedelta(days=1)
_MOST: Final = 60
_kept: dict[Period, _Steps] = {}


def _sums(scope: Scope) -> _Steps:
    """Months that are kept in this process are added; the others are read together, and those that are settled are
    kept from then on."""
    sums, rest = _none(), [scope.period] if scope.parameters else scope.period.months
    while rest and (known := _kept.get(rest[0])):
        _add_all(sums, known)
        rest = rest[1:]
    found = [_none() for _ in rest]
    for place, group in _groups(scope, rest) if rest else ():
        _add(found[place - 1][group.step], group)
    for month, steps in zip(rest, found, strict=True):
        _add_all(sums, steps)
        if not scope.parameters and _is_settled(month) and any(one.outcomes for one in steps.values()):
            _keep(month, steps)
    return sums


def _none() -> _Steps:
    return {step: _Sums() for step in Step}


def _add_all(sums: _Steps, more: _Steps) -> None:
    for step in Step:
        sums[step].add(more[step])


def _is_settled(month: Period) -> bool:
    return month.unit == Unit.MONTH and month.end + SETTLED <= timezone.now()


def _keep(month: Period, steps: _Steps) -> None:
    if len(_kept) >= _MOST:
        _kept.pop(next(iter(_kept)), None)
    _kept[month] = steps


@dataclass(frozen=True, slots=True)
class _Group:
    """`n` runs that are alike in all that figures ask; `held` and `gross` are their sums."""

    step: int
    verdict: str
    outcome: str
    too_fast: bool
    attempt: int
    minimum: int
    maximum: int
    net_seconds: int
    n: int
    held: int
    gross: float


def _groups(scope: Scope, stretches: list[Period]) -> Iterator[tuple[int, _Group]]:
    """Of stretches that follow each other, from the first (1) on. The database counts, and hands over no run. The
    statistics `run_figures_groups` tell it how few groups there will be."""
    runs = scope.runs_ended(Period(stretches[0].first, stretches[-1].last))
    place: Any = place_of("ended_at", [stretch.start for stretch in stretches]) if stretches[1:] else Value(1)
    groups = runs.values_list(
        place, "step", "verdict", "outcome", "too_fast", "attempt", "minimum", "maximum", "net_seconds"
    )
    counted = groups.annotate(
        n=Count("*"), held=Sum("held_seconds"), gross=Sum(seconds_between("started_at", "ended_at"))
    )
    return ((place, _Group(*group)) for place, *group in counted)


def _earlier(scope: Scope) -> Mapping[int, Share]:
    before = replace(scope, period=scope.period.previous)
    if not scope.parameters and all(_is_settled(month) for month in before.period.months):
        return {step: _share(sums.on_time) for step, sums in _sums(before).items()}
    told: dict[int, Counter[bool]] = defaultdict(Counter)
    counting = scope.runs_ended(before.period).exclude(verdict=Verdict.CUT_OFF)
    for step, verdict, n in counting.values_list("step", "verdict").annotate(n=Count("*")):
        told[step][verdict == Verdict.ON_TIME] += n
    return {step: _share(told[step]) for step in Step}


def _add(sums: _Sums, group: _Group) -> None:
    n = group.n
    sums.outcomes[group.outcome] += n
    if group.verdict == Verdict.CUT_OFF:
        sums.cut_off += n
        return
    on_time, again, standard = group.verdict == Verdict.ON_TIME, group.attempt > 1, (group.minimum, group.maximum)
    sums.on_time[on_time] += n
    sums.again += n if again else 0
    sums.too_fast += n if group.too_fast else 0
    sums.ranged += n if group.minimum < group.maximum else 0
    sums.held += group.held
    sums.gross += round(group.gross)
    sums.net[standard][group.net_seconds] += n
    sums.kept[standard] += n if on_time else 0
    if group.outcome in _TESTS and not again:
        sums.first_tests[group.outcome == Action.PASS_TEST] += n


def _figures(step: Step, sums: _Sums, earlier: Share | None) -> StepFigures:
    whole = sums.on_time.total()
    together: Histogram = Counter()
    for net in sums.net.values():
        together.update(net)
    return StepFigures(
        step=step,
        on_time=_share(sums.on_time),
        again=Share(sums.again, whole),
        too_fast=Share(sums.too_fast, sums.ranged) if sums.ranged else None,
        first_tests=_share(sums.first_tests),
        cut_off=sums.cut_off,
        outcomes=sums.outcomes,
        net=Times.of(together),
        spent=Spent(whole, sum(seconds * n for seconds, n in together.items()), sums.held, sums.gross),
        standards=[
            StandardFigures(*standard, Share(sums.kept[standard], net.total()), Times.of(net))
            for standard, net in sorted(sums.net.items())
        ],
        earlier=earlier,
    )


def _share(told: Counter[bool]) -> Share:
    return Share(told[True], told.total())
