"""The clock against `businesstimedelta`, a library of somebody else's that walks from window to window.

    python -m tests.worktime.differential        prints how many cases were compared

It knows several windows a day, days of their own, holidays and zones, but no dated profiles (the slow clock of model.py
covers those), and it answers with the first instant at which a budget is used up; the last one, which HaloCIK
calls due, is the next opening after it.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytz
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

from worktime.clock import Calendar, Profile, Window, add_working, next_working, working_seconds

CALENDARS = 50
CASES = 100  # of each calendar: one budget added, one span counted
# With summer time of an hour, of half an hour on Lord Howe, and without. Windows lie between 6 and 22 o'clock: the
# library does not say what a wall time means that a change of clocks skips or repeats.
ZONES = ["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
FIRST, LAST = date(2023, 11, 1), date(2028, 4, 1)


@dataclass(frozen=True)
class Case:
    cal: Calendar
    rules: Rules
    start: datetime
    end: datetime
    budget: int  # seconds

    def differences(self) -> list[str]:
        """What the two clocks disagree about; empty where they agree."""
        used_up = (self.start + BusinessTimeDelta(self.rules, seconds=self.budget)).astimezone(UTC)
        due = add_working(self.cal, self.start, self.budget)
        counted = self.rules.difference(self.start, self.end).timedelta.total_seconds()
        ours = working_seconds(self.cal, self.start, self.end)
        found = []
        if next_working(self.cal, used_up) != due:
            found.append(f"{self.start} + {self.budget} s: {due} and {used_up} ({self.cal})")
        if counted != ours:
            found.append(f"{self.start} to {self.end}: {ours} and {counted} s ({self.cal})")
        return found


def cases(seed: int = 2026) -> Iterator[Case]:
    """Always the same ones: calendars of random windows and holidays, and random spans, short as it is slow."""
    chance = random.Random(seed)
    for _ in range(CALENDARS):
        cal = _calendar(chance)
        rules = _rules(cal)
        for _ in range(CASES):
            day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
            start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=chance.randrange(86_400))
            length = timedelta(seconds=chance.choice([3600, 86_400, 86_400, 3 * 86_400]) * chance.random())
            end = (start + length).replace(microsecond=0)
            budget = int(chance.choice([600, 3600, 6300, 20_000]) * chance.random()) + 1
            yield Case(cal, rules, start, end, budget)


def _calendar(chance: random.Random) -> Calendar:
    usual, other = _windows(chance), _windows(chance)
    week = dict.fromkeys(chance.sample(range(7), 4), usual) | {chance.randrange(7): other}
    days = (LAST - FIRST).days + 400
    holidays = {FIRST + timedelta(days=chance.randrange(days)): "Libur" for _ in range(250)}
    return Calendar(chance.choice(ZONES), Profile(week, "Acak"), holidays=holidays)


def _windows(chance: random.Random) -> tuple[Window, ...]:
    edges = sorted(chance.sample(range(6 * 12, 22 * 12), 2 * chance.randint(1, 3)))
    walls = [time(edge // 12, edge % 12 * 5) for edge in edges]
    return tuple(Window(start, end) for start, end in zip(walls[::2], walls[1::2], strict=True))


def _rules(cal: Calendar) -> Rules:
    zone = pytz.timezone(cal.zone)
    days = defaultdict(list)
    for day, windows in cal.normal.days.items():
        for window in windows:
            days[window].append(day)
    work = [WorkDayRule(window.start, window.end, on, tz=zone) for window, on in days.items()]
    # It looks for a next holiday always: one that no case reaches.
    return Rules([*work, HolidayRule({*cal.holidays, LAST + timedelta(days=800)}, tz=zone)], tz=zone)


def compare() -> tuple[int, list[str]]:
    """How many cases, and what differed."""
    count, found = 0, []
    for case in cases():
        count += 1
        found += case.differences()
    return count, found


if __name__ == "__main__":
    compared, differing = compare()
    sys.stdout.write("\n".join([*differing[:20], f"{compared} cases compared, {len(differing)} differences\n"]))
    sys.exit(bool(differing))
