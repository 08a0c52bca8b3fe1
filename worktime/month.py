"""A month as people draw it: weeks from Monday, each day with its hours, its break, its name; and what adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from worktime import words
from worktime.clock import Calendar, Kind, Window
from worktime.models import CalendarRevision

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bar:
    """A window on the day's line, in minutes from the line's left end."""

    x: int
    width: int


@dataclass(frozen=True)
class Day:
    date: date
    inside: bool  # of the month that is shown
    kind: Kind  # WORK, WEEKEND or HOLIDAY
    windows: tuple[Window, ...]
    seconds: int
    bars: tuple[Bar, ...]
    name: str = ""  # the holiday's
    leave: bool = False  # cuti bersama
    confirmed: bool = True
    profile: str = ""  # the dated one in force

    @property
    def hours(self) -> str:
        return words.hours(self.seconds)

    @property
    def rows(self) -> list[tuple[str, bool]]:
        """The day in order, for reading: (07.30–12.00, True) works, (12.00–13.00, False) is the break between."""
        rows = [(words.span(window.start, window.end), True) for window in self.windows[:1]]
        for earlier, later in pairwise(self.windows):
            if earlier.end < later.start:
                rows.append((words.span(earlier.end, later.start), False))
            rows.append((words.span(later.start, later.end), True))
        return rows


@dataclass(frozen=True)
class Week:
    days: tuple[Day, ...]

    @property
    def hours(self) -> str:
        """Of all seven days, also those that lie in a neighbouring month."""
        return words.hours(sum(day.seconds for day in self.days))


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[Week, ...]
    line: int  # minutes that the day's line is long

    @property
    def days(self) -> list[Day]:
        return [day for week in self.weeks for day in week.days if day.inside]

    @property
    def working_days(self) -> int:
        return sum(day.seconds > 0 for day in self.days)

    @property
    def hours(self) -> str:
        return words.hours(sum(day.seconds for day in self.days))

    @property
    def holidays(self) -> list[Day]:
        return [day for day in self.days if day.kind == Kind.HOLIDAY]

    @property
    def profiles(self) -> list[str]:
        """Names of the dated profiles that are in force on some day of the month."""
        return list(dict.fromkeys(day.profile for day in self.days if day.profile))

    @property
    def previous(self) -> date:
        return (self.first - _DAY).replace(day=1)

    @property
    def next(self) -> date:
        return next_month(self.first)


def next_month(first: date) -> date:
    return (first + _DAY * 31).replace(day=1)


def month_of(revision: CalendarRevision, first: date) -> Month:
    """The month that begins on `first`, by this revision's hours and holidays."""
    cal = revision.calendar
    dates = list(_dates(first))
    opens = min((window.start.hour for day in dates for window in cal.windows(day)), default=7)
    closes = max((_minutes(window.end) for day in dates for window in cal.windows(day)), default=17 * 60)
    days = [_day(revision, cal, day, first, opens * 60) for day in dates]
    weeks = tuple(Week(tuple(days[start : start + 7])) for start in range(0, len(days), 7))
    return Month(first, weeks, closes - opens * 60)


def _dates(first: date) -> Iterator[date]:
    """Whole weeks, from the Monday on or before the first to the Sunday on or after the last."""
    day, end = first - _DAY * first.weekday(), next_month(first)
    while day < end or day.weekday():
        yield day
        day += _DAY


def _day(revision: CalendarRevision, cal: Calendar, day: date, first: date, left: int) -> Day:
    windows = cal.windows(day)
    holiday = revision.data["holidays"].get(day.isoformat())
    profile = cal.profile(day)
    return Day(
        date=day,
        inside=day.month == first.month,
        kind=Kind.HOLIDAY if holiday else Kind.WORK if windows else Kind.WEEKEND,
        windows=windows,
        seconds=sum(end - start for start, end in cal.spans(day)),
        bars=tuple(Bar(_minutes(w.start) - left, _minutes(w.end) - _minutes(w.start)) for w in windows),
        name=holiday["name"] if holiday else "",
        leave=bool(holiday) and holiday["kind"] == "leave",
        confirmed=not holiday or holiday["confirmed"],
        profile=profile.name if profile.first and windows else "",
    )


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def notes(revision: CalendarRevision, today: date) -> list[str]:
    """What is still open about the holidays of the rest of this year and of the next, in sentences."""
    said = []
    holidays = revision.data["holidays"]
    for year in (today.year, today.year + 1):
        ahead = {day: holiday for day, holiday in holidays.items() if day[:4] == str(year) and day >= today.isoformat()}
        estimates = sum(not holiday["confirmed"] for holiday in ahead.values())
        if year > today.year and not ahead:
            said.append(_("Hari libur %(year)d belum ada dalam kalender.") % {"year": year})
            continue
        if estimates:
            values = {"number": estimates, "year": year}
            said.append(_("%(number)d hari libur %(year)d masih perkiraan.") % values)
        if year > today.year and not any(holiday["kind"] == "leave" for holiday in ahead.values()):
            said.append(_("Cuti bersama %(year)d belum ada dalam kalender.") % {"year": year})
    return said
