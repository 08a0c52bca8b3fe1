"""The rows of the SLA dashboard: figures beside their lists and bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.figure_lists import Lists, Number
from dashboard.metrics import Busy, Closings, ReasonFigures, Share, StandardFigures, StepFigures
from tickets.sla import MINUTE

#: Width of the drawings, in their own units.
WIDTH: Final = 100
#: What is drawn of a standard, in percent of its maximum; longer times end at the edge.
DRAWN: Final = 200


@dataclass(frozen=True)
class Bar:
    """A standard time, and where median and 90th percentile stand on it; in units of the drawing. Steps without a
    range begin at nothing."""

    start: float
    end: float
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, standard: StandardFigures) -> Bar:
        def place(seconds: int | None) -> float | None:
            if seconds is None:
                return None
            return min(WIDTH, round(seconds * 100 / (standard.maximum * MINUTE) * WIDTH / DRAWN, 1))

        low = standard.minimum if standard.minimum < standard.maximum else 0
        return cls(
            place(low * MINUTE) or 0,
            place(standard.maximum * MINUTE) or 0,
            place(standard.net.median),
            place(standard.net.p90),
        )


@dataclass(frozen=True)
class StandardRow:
    """A step, or the whole SOP, under one standard time."""

    figures: StandardFigures
    bar: Bar
    counted: Number
    late: Number

    @property
    def is_range(self) -> bool:
        return self.figures.minimum < self.figures.maximum


@dataclass(frozen=True)
class StepRow:
    """A step, with a row for each standard that held in the period."""

    figures: StepFigures
    standards: list[StandardRow]
    counted: Number
    on_time: Number
    late: Number
    too_fast: Number | None
    again: Number
    spent: list[Part]

    @property
    def change(self) -> int | None:
        return change(self.figures.on_time, self.figures.earlier)


@dataclass(frozen=True)
class Part:
    """A stretch of a stacked bar: `seconds` of each run on the average."""

    name: str
    seconds: int
    start: float
    width: float


def change(now: Share, earlier: Share | None) -> int | None:
    """By how many points a share is better (or, below 0, worse) than before; None where one of them is of nothing."""
    if earlier is None or now.percent is None or earlier.percent is None:
        return None
    return now.percent - earlier.percent


def step_row(figures: StepFigures, lists: Lists) -> StepRow:
    step = figures.step
    return StepRow(
        figures=figures,
        standards=[
            StandardRow(
                one,
                Bar.of(one),
                Number.of(one.on_time.whole, lists.runs(step, "counted", one)),
                Number.of(one.on_time.rest, lists.runs(step, "late", one)),
            )
            for one in figures.standards
        ],
        counted=Number.of(figures.on_time.whole, lists.runs(step, "counted")),
        on_time=Number.of(figures.on_time.part, lists.runs(step, "on_time")),
        late=Number.of(figures.on_time.rest, lists.runs(step, "late")),
        too_fast=Number.of(figures.too_fast.part, lists.runs(step, "too_fast")) if figures.too_fast else None,
        again=Number.of(figures.again.part, lists.runs(step, "again")),
        spent=parts(figures),
    )


def parts(figures: StepFigures) -> list[Part]:
    spent, start, found = figures.spent, 0.0, []
    for name, seconds in (("net", spent.net), ("held", spent.held), ("outside", spent.outside)):
        width = round(seconds * WIDTH / spent.gross, 1) if spent.gross else 0.0
        found.append(Part(name, spent.each(seconds) or 0, round(start, 1), width))
        start += width
    return found


@dataclass(frozen=True)
class TestFigures:
    """Step 5: how the tests went."""

    first: Share
    tested: Number
    passed: Number
    failed: Number
    first_tested: Number
    first_passed: Number


@dataclass(frozen=True)
class BusyRow:
    busy: Busy
    done: Number
    width: float


@dataclass(frozen=True)
class TrendRow:
    closings: Closings
    done: Number


@dataclass(frozen=True)
class ReasonRow:
    figures: ReasonFigures
    n: Number
    open: Number
    width: float


@dataclass(frozen=True)
class HourRow:
    """Submissions in one hour of the day, by weekday: the number and how strong it is drawn (0 to 5)."""

    hour: int
    cells: list[tuple[Number, int]]
    total: Number
