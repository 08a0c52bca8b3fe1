"""The SOP's flowchart, worked out from its rows: which symbols and lines stand in each row of the table.

Each step is a row, each actor a column. Places are percentages of the row's box as SVG reads them ("16.67%"), because
the box is as high as the words beside it. A way that goes on in another row leaves at 100% and comes in at 0%.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from tickets.models import Actor, SopStep

MIDDLE = 50.0  # height of a symbol in its row
ENTRY = 12.0  # height of a line that has to change its column on the way in
LANE = 0.96  # where in a column the way back runs
ARROW = 11  # length of an arrowhead, in the units of sop_symbol.html


class Shape(StrEnum):
    TERMINATOR = "terminator"
    PROCESS = "process"
    DECISION = "decision"


# From a symbol's middle to its side and to its top, as sop_symbol.html draws it.
REACH = {Shape.TERMINATOR: (34, 17), Shape.PROCESS: (32, 18), Shape.DECISION: (40, 26)}


@dataclass
class Symbol:
    """One actor's part in a step. `entries` are the sides at which arrows come in: top, left, right; back (right)."""

    shape: Shape
    column: int
    entries: list[str] = field(default_factory=list)

    @property
    def x(self) -> str:
        return percent(centre(self.column))

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """(entry, SVG path) of the arrowheads, around the symbol's middle."""
        side, top = REACH[self.shape]
        right = f"M{side} 0l{ARROW} -6V6Z"
        paths = {
            "top": f"M0 {-top}l-6 {-ARROW}H6Z",
            "left": f"M{-side} 0l{-ARROW} -6V6Z",
            "right": right,
            "back": right,
        }
        return [(entry, paths[entry]) for entry in self.entries]


@dataclass(frozen=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str
    back: bool = False  # the way back after a failed test


@dataclass
class Row:
    step: SopStep
    symbols: list[Symbol] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    lane: str = ""  # x of the way back, in the row where it begins

    @property
    def actors(self) -> list[str]:
        """The actors' names in the order in which they act."""
        return [str(Actor(actor).label) for actor in self.step.actors]

    @property
    def is_decision(self) -> bool:
        return self.step.fails_to is not None

    def line(self, x1: float, y1: float, x2: float, y2: float, back: bool = False) -> None:
        self.lines.append(Line(percent(x1), percent(y1), percent(x2), percent(y2), back))


def percent(value: float) -> str:
    """As text, so that no template writes it with the decimal comma of its language."""
    return f"{value:.4g}%"


def centre(column: int) -> float:
    return 100 * (column + 0.5) / len(Actor)


def draw(steps: Sequence[SopStep]) -> list[Row]:
    """The rows of the chart for a revision's steps in their order."""
    rows = [Row(step) for step in steps]
    for row in rows:
        row.symbols = list(_symbols(row.step))
    if rows:
        rows[0].symbols[0].shape = rows[-1].symbols[-1].shape = Shape.TERMINATOR
    for row in rows:
        for source, target in pairwise(row.symbols):
            row.line(centre(source.column), MIDDLE, centre(target.column), MIDDLE)
            target.entries.append("left" if source.column < target.column else "right")
    for row, following in pairwise(rows):
        _go_on(row, following)
    for number, row in enumerate(rows):
        _go_back(rows, number, row.step.fails_to)
    return rows


def _symbols(step: SopStep) -> Iterator[Symbol]:
    columns = list(Actor.values)
    for actor in step.actors:
        yield Symbol(Shape.PROCESS if step.fails_to is None else Shape.DECISION, columns.index(actor))


def _go_on(row: Row, following: Row) -> None:
    """The way from a row's last symbol to the next row's first: sideways where nobody is in between, else below."""
    source, target = row.symbols[-1].column, following.symbols[0].column
    between = range(min(source, target), max(source, target) + 1)
    in_the_way = any(symbol.column in between for symbol in row.symbols[:-1])
    turn = source if in_the_way else target
    if turn != source:
        row.line(centre(source), MIDDLE, centre(turn), MIDDLE)
    row.line(centre(turn), MIDDLE, centre(turn), 100)
    if turn == target:
        following.line(centre(target), 0, centre(target), MIDDLE)
    else:
        following.line(centre(source), 0, centre(source), ENTRY)
        following.line(centre(source), ENTRY, centre(target), ENTRY)
        following.line(centre(target), ENTRY, centre(target), MIDDLE)
    following.symbols[0].entries.append("top")


def _go_back(rows: list[Row], number: int, fails_to: int | None) -> None:
    """The way back of a decision: out to the right, up a lane beside the rows between, into the earlier step."""
    goal = next((place for place in range(number) if rows[place].step.number == fails_to), None)
    if goal is None:
        return
    source, target = rows[number].symbols[-1].column, rows[goal].symbols[-1].column
    lane = 100 * (max(source, target) + LANE) / len(Actor)
    rows[number].lane = percent(lane)
    rows[number].line(centre(source), MIDDLE, lane, MIDDLE, back=True)
    rows[number].line(lane, MIDDLE, lane, 0, back=True)
    for row in rows[goal + 1 : number]:
        row.line(lane, 100, lane, 0, back=True)
    rows[goal].line(lane, 100, lane, MIDDLE, back=True)
    rows[goal].line(lane, MIDDLE, centre(target), MIDDLE, back=True)
    rows[goal].symbols[-1].entries.append("back")
