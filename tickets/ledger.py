"""Why a run is due when it is: every second of it in rows, pure as `tickets.sla`, whose figures the rows add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from tickets import sla
from worktime import clock

# Rows after the due time that are shown one by one; a run that nobody ended for months has hundreds.
SHOWN_AFTER_DUE: Final = 24

# Kinds of rows beside those of worktime.clock.Kind.
HOLD: Final = "hold"
REST: Final = "rest"  # everything after the rows that are shown one by one

_SECOND: Final = timedelta(seconds=1)


class Phase(StrEnum):
    """A row lies before the end of the standard, after it, or ahead of now."""

    USED = "used"
    LATE = "late"
    LEFT = "left"


@dataclass(frozen=True)
class Row:
    """A stretch of a run. `net` counts, `held` would have counted without the hold, `outside` is no working time.

    `total` are the seconds counted up to the row's end; `name` is the holiday's or the dated profile's; `pause` tells
    which of the run's pauses it is.
    """

    kind: str
    phase: Phase
    start: datetime
    end: datetime
    net: int = 0
    held: int = 0
    outside: int = 0
    total: int = 0
    name: str = ""
    pause: int | None = None

    @property
    def seconds(self) -> int:
        return self.net + self.held + self.outside


@dataclass(frozen=True)
class Ledger:
    """A run from `start` to `end`, and where it goes on, ahead to `due`.

    `budget` and `left` (negative when late) in working seconds; `spent` is what has passed until `end`. `due` is empty
    while a hold has taken it away.
    """

    rows: tuple[Row, ...]
    start: datetime
    end: datetime
    due: datetime | None
    counts_from: datetime
    budget: int
    spent: sla.Spent

    @property
    def left(self) -> int:
        return self.budget - self.spent.net

    @property
    def used_up_at(self) -> datetime | None:
        """When the budget ran or runs out, where the due time came or comes only after a break; else None."""
        before = [row for row in self.rows if row.phase is not Phase.LATE]
        if self.due is None or not before or before[-1].net or before[-1].end != self.due:
            return None
        worked = [row.end for row in before if row.net]
        return worked[-1] if worked else None


def reckon(
    calendar: clock.Calendar,
    start: datetime,
    pauses: Sequence[sla.Pause],
    end: datetime,
    *,
    maximum: int,
    held_since: datetime | None = None,
    goes_on: bool = False,
) -> Ledger:
    """The account of a run up to `end`; one that `goes_on` is led ahead to its due time.

    `pauses` are the holds that were ended, `held_since` is the start of one that still stands at `end`; `maximum` in
    working minutes.
    """
    due = sla.thresholds(calendar, start, pauses, maximum=maximum).due_at
    standing = [] if held_since is None else [(held_since, end)]
    if held_since is not None and due >= held_since:
        until, limit = end, None
    else:
        until, limit = (max(end, due) if goes_on and held_since is None else end), due
    rows = _rows(calendar, start, [*pauses, *standing], until, limit or until, end)
    return Ledger(
        rows=tuple(_condensed(list(_summed(rows)))),
        start=start,
        end=end,
        due=limit,
        counts_from=clock.next_working(calendar, start),
        budget=maximum * sla.MINUTE,
        spent=sla.spent(calendar, start, [*pauses, *standing], end),
    )


def _rows(
    calendar: clock.Calendar,
    start: datetime,
    pauses: Sequence[sla.Pause],
    until: datetime,
    due: datetime,
    end: datetime,
) -> Iterator[Row]:
    """[start, until) cut at the pauses, at `due` and at `end`, without running sums."""
    edges = {start, until, *(edge for pause in pauses for edge in pause), due, end}
    for opens, closes in pairwise(sorted(edge for edge in edges if start <= edge <= until)):
        phase = Phase.LEFT if opens >= end else Phase.LATE if opens >= due else Phase.USED
        pause = next((number for number, (a, b) in enumerate(pauses) if a <= opens and closes <= b), None)
        if pause is not None:
            held = clock.working_seconds(calendar, opens, closes)
            outside = (closes - opens) // _SECOND - held
            yield Row(HOLD, phase, opens, closes, held=held, outside=outside, pause=pause)
            continue
        for entry in clock.ledger(calendar, opens, closes):
            works = entry.kind is clock.Kind.WORK
            net, outside = (entry.seconds, 0) if works else (0, entry.seconds)
            yield Row(entry.kind, phase, entry.start, entry.end, net=net, outside=outside, name=entry.name)


def _summed(rows: Iterator[Row]) -> Iterator[Row]:
    total = 0
    for row in rows:
        total += row.net
        yield replace(row, total=total)


def _condensed(rows: list[Row]) -> Iterator[Row]:
    """The same rows, with those far after the due time as one."""
    shown = sum(row.phase is not Phase.LATE for row in rows) + SHOWN_AFTER_DUE
    if len(rows) <= shown + 1:
        yield from rows
        return
    yield from rows[:shown]
    rest = rows[shown:]
    net, held, outside = (sum(getattr(row, kind) for row in rest) for kind in ("net", "held", "outside"))
    first, last = rest[0], rest[-1]
    yield Row(REST, Phase.LATE, first.start, last.end, net=net, held=held, outside=outside, total=last.total)
