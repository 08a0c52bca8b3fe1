"""Due times over spans up to a year: how many a second one core computes, beside a walk from day to day."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bench.line import Line
from worktime.clock import Calendar, add_working
from worktime.document import calendar_from
from worktime.models import CalendarRevision

COUNT: Final = 50_000
WALKED: Final = 300  # of the same cases: the walk is slow
YEAR: Final = 250 * 27_000  # working seconds
PROMISE: Final = 20_000

Case = tuple[datetime, int]


def bench() -> Iterator[Line]:
    revision = CalendarRevision.objects.current()
    cal = calendar_from(revision.zone, revision.data)  # one that has worked nothing out yet
    cases = list(_cases())
    fast = _per_second(add_working, cal, cases)
    again = _per_second(add_working, cal, cases)
    walked = _per_second(walk, cal, cases[:WALKED])
    for start, seconds in cases[:WALKED]:
        assert walk(cal, start, seconds) == add_working(cal, start, seconds)
    promise = f"at least {PROMISE:,} a second and core"
    yield Line("due times over spans up to a year, calendar new", fast, "/s", walked, promise, fast >= PROMISE)
    yield Line("due times over spans up to a year, calendar known", again, "/s", walked, promise, again >= PROMISE)


def _cases() -> Iterator[Case]:
    chance = random.Random(5)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for _ in range(COUNT):
        yield first + timedelta(seconds=chance.randrange(3 * 365 * 86_400)), chance.randrange(YEAR)


def _per_second(due: Callable[[Calendar, datetime, int], datetime], cal: Calendar, cases: list[Case]) -> float:
    """Of this process's own time on a core, whatever else the machine does."""
    started = time.process_time()
    for start, seconds in cases:
        due(cal, start, seconds)
    return len(cases) / (time.process_time() - started)


def walk(cal: Calendar, start: datetime, seconds: int) -> datetime:
    """What add_working answers, by taking each day's windows off the budget."""
    day: date = cal.local_date(start)
    at, left = int(start.timestamp()), seconds
    while True:
        for opens, closes in cal.spans(day):
            worked = closes - max(opens, at)
            if worked > left:
                return datetime.fromtimestamp(max(opens, at) + left, UTC)
            left -= max(worked, 0)
        day += timedelta(days=1)
