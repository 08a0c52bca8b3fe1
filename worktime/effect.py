"""What a draft of the calendar would change: days with their hours before and after, months, and a due time or two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from worktime import words
from worktime.clock import Calendar, Window, add_working, working_seconds
from worktime.month import next_month

SAMPLE = 3600  # working seconds of the work whose due time is shown
SAMPLES = 3  # due times shown at most
_DAY = timedelta(days=1)
_LISTED = 6  # more days than these are told as a number, the first and the last


@dataclass(frozen=True)
class DayState:
    windows: tuple[Window, ...]
    holiday: str
    profile: str  # the dated one's name

    @property
    def words(self) -> str:
        return words.windows(self.windows)


@dataclass(frozen=True)
class ChangedDays:
    """Days that change in the same way, in order."""

    before: DayState
    after: DayState
    days: tuple[date, ...]

    @property
    def listed(self) -> tuple[date, ...]:
        return self.days if len(self.days) <= _LISTED else ()

    @property
    def weekdays(self) -> str:
        """Senin, Selasa, Rabu: the weekdays among them."""
        return ", ".join(words.weekday(number) for number in sorted({day.weekday() for day in self.days}))


@dataclass(frozen=True)
class ChangedMonth:
    first: date
    before: int  # working seconds
    after: int

    @property
    def words(self) -> tuple[str, str, str]:
        return words.hours(self.before), words.hours(self.after), words.difference(self.after - self.before)


@dataclass(frozen=True)
class Sample:
    """An hour of work that begins at `start`, and when it is due."""

    start: datetime
    before: datetime
    after: datetime


def state(cal: Calendar, day: date) -> DayState:
    """A profile is named only where it sets hours: a Sunday in Ramadan is a Sunday."""
    profile, windows = cal.profile(day), cal.windows(day)
    return DayState(windows, cal.holidays.get(day, ""), profile.name if profile.first and windows else "")


class Effect:
    """Of replacing one calendar by another from `since` on, until the end of the last year that either speaks of."""

    def __init__(self, before: Calendar, after: Calendar, since: date) -> None:
        self.before, self.after, self.since = before, after, since
        named = [day.year for cal in (before, after) for day in cal.holidays]
        dated = [profile.last.year for cal in (before, after) for profile in cal.dated if profile.last]
        self.until = date(min(max(since.year + 1, *named, *dated), 2099), 12, 31)

    @cached_property
    def days(self) -> list[ChangedDays]:
        found: dict[tuple[DayState, DayState], list[date]] = defaultdict(list)
        for number in range((self.until - self.since).days + 1):
            day = self.since + _DAY * number
            change = state(self.before, day), state(self.after, day)
            if change[0] != change[1]:
                found[change].append(day)
        return [ChangedDays(before, after, tuple(days)) for (before, after), days in found.items()]

    @cached_property
    def months(self) -> list[ChangedMonth]:
        """Months whose working hours change, over their whole length."""
        firsts = sorted({day.replace(day=1) for change in self.days for day in change.days})
        months = (
            ChangedMonth(first, self._hours(self.before, first), self._hours(self.after, first)) for first in firsts
        )
        return [month for month in months if month.before != month.after]

    @property
    def total(self) -> str:
        return words.difference(sum(month.after - month.before for month in self.months))

    @cached_property
    def samples(self) -> list[Sample]:
        found: dict[datetime, Sample] = {}
        for change in self.days:
            sample = next(self._samples(change.days[0]), None)
            if sample and len(found) < SAMPLES:
                found.setdefault(sample.start, sample)
        return list(found.values())

    def _hours(self, cal: Calendar, first: date) -> int:
        start, end = (datetime.fromtimestamp(cal.midnight(day), UTC) for day in (first, next_month(first)))
        return working_seconds(cal, start, end)

    def _samples(self, day: date) -> Iterator[Sample]:
        """Begun half an hour before the last closing ahead of the day, or at an opening on it; where due differs."""
        eve = next((day - _DAY * back for back in range(1, 15) if self.before.spans(day - _DAY * back)), None)
        starts = [self.before.spans(eve)[-1][1] - 1800] if eve and eve >= self.since else []
        starts += sorted(span[0] for cal in (self.before, self.after) for span in cal.spans(day))
        for start in starts:
            at = datetime.fromtimestamp(start, UTC)
            dues = [add_working(cal, at, SAMPLE) for cal in (self.before, self.after)]
            if dues[0] != dues[1]:
                yield Sample(at, *dues)
