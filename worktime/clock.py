"""Working time, exact to the second: how much has passed, when a budget is used up, and why.

Everything rests on one definition. An instant is working time when the wall clock of the calendar's zone then shows
a time inside a window of that day, and the day is no holiday. A window that runs through the hour which summer time
skips is therefore an hour shorter, and one through the hour which comes twice is an hour longer.

Let W(t) be the working seconds up to the instant t. W never falls, it climbs by one each second inside a window and
stands still outside, and the whole of this file is W, its inverse, and an account of it in words:

    working_seconds(a, b)  =  W(b) - W(a)
    add_working(a, s)      =  the last t with W(t) ≤ W(a) + s
    ledger(a, b)           =  the climbs and the rests between a and b, each with its reason

The *last* such t is what "due" means: eight minutes begun at 11:52 are used up at 12:00, but as nothing counts over
lunch they are due at 13:00, and on Friday at closing time they are due on Monday at opening.

W is kept per local year, as the starts of the working spans beside their running sums, so that each question is a
binary search or two. Instants come in as aware datetimes of any zone (microseconds are cut off) and go out in UTC.
Nothing here knows Django, a database or a language: messages are marked for translation and carry their values.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate, islice, pairwise
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_FAR = 400  # days within which the next working days must come


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


class CalendarError(ValueError):
    """A calendar that cannot be meant: `message % values` says why, `message` alone can be translated."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class Window:
    """Working time of one day from `start` until just before `end`, in whole seconds of local wall time."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if any(edge.tzinfo or edge.microsecond for edge in (self.start, self.end)):
            raise CalendarError(gettext_noop("Jam kerja ditulis dalam waktu setempat, sampai detik."))
        if self.start >= self.end:
            raise CalendarError(
                gettext_noop("Jam kerja %(start)s–%(end)s tidak mungkin: jam mulai harus sebelum jam selesai."),
                start=f"{self.start:%H:%M}",
                end=f"{self.end:%H:%M}",
            )


@dataclass(frozen=True)
class Profile:
    """A week of windows, `days[0]` being Monday; with dates, it replaces the normal one from `first` to `last`."""

    days: Mapping[int, tuple[Window, ...]]
    name: str = ""
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if not self.days.keys() <= set(range(7)):
            raise CalendarError(gettext_noop("Hari kerja bernomor 0 (Senin) sampai 6 (Minggu)."))
        week = {day: tuple(sorted(self.days.get(day, ()), key=lambda window: window.start)) for day in range(7)}
        for day, windows in week.items():
            for earlier, later in pairwise(windows):
                if later.start < earlier.end:
                    raise CalendarError(
                        gettext_noop(
                            "Profil %(profile)s, hari ke-%(day)d (1 = Senin): jam kerja bertumpuk pukul %(at)s."
                        ),
                        profile=self.name,
                        day=day + 1,
                        at=f"{later.start:%H:%M}",
                    )
        if not any(week.values()):
            raise CalendarError(gettext_noop("Profil %(profile)s tidak memuat jam kerja."), profile=self.name)
        if (self.first is None) != (self.last is None) or (self.first and self.last and self.first > self.last):
            raise CalendarError(
                gettext_noop("Profil %(profile)s memerlukan tanggal pertama dan terakhir yang berurutan."),
                profile=self.name,
            )
        object.__setattr__(self, "days", MappingProxyType(week))

    def covers(self, day: date) -> bool:
        """Whether the day lies within the profile's dates; never, for a profile without dates."""
        return self.first is not None and self.last is not None and self.first <= day <= self.last


class _Year(NamedTuple):
    """W over one local year: when its working spans start (epoch seconds) and their running sums, from 0 to all."""

    starts: list[int]
    sums: list[int]

    def worked(self, at: int) -> int:
        """Working seconds of this year that lie before the instant."""
        begun = bisect_right(self.starts, at)
        if not begun:
            return 0
        return min(self.sums[begun], self.sums[begun - 1] + at - self.starts[begun - 1])

    def instant(self, worked: int) -> int:
        """The last instant with no more than that many working seconds before it; they must be fewer than all."""
        span = bisect_right(self.sums, worked) - 1
        return self.starts[span] + worked - self.sums[span]


@dataclass(frozen=True)
class Calendar:
    """All that decides whether an instant is working time. Never changes, so it remembers what it has worked out."""

    zone: str
    normal: Profile
    dated: tuple[Profile, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    _tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise CalendarError(gettext_noop("Zona waktu %(zone)s tidak dikenal."), zone=self.zone) from error
        if self.normal.first or not all(profile.first for profile in self.dated):
            raise CalendarError(gettext_noop("Profil biasa tidak bertanggal; setiap profil khusus bertanggal."))
        dated = tuple(sorted(self.dated, key=lambda profile: profile.first or date.min))
        for earlier, later in pairwise(dated):
            if later.first and earlier.covers(later.first):
                raise CalendarError(
                    gettext_noop("Profil %(one)s dan %(other)s berlaku pada tanggal yang sama: %(day)s."),
                    one=earlier.name,
                    other=later.name,
                    day=later.first.isoformat(),
                )
        object.__setattr__(self, "dated", dated)
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))

    def __hash__(self) -> int:
        return hash((self.zone, self.normal.name, len(self.dated), len(self.holidays)))

    def profile(self, day: date) -> Profile:
        """The profile in force on a day."""
        return next((profile for profile in self.dated if profile.covers(day)), self.normal)

    def windows(self, day: date) -> tuple[Window, ...]:
        """The day's windows in wall time; none on a holiday."""
        return () if day in self.holidays else self.profile(day).days[day.weekday()]

    def midnight(self, day: date) -> int:
        """The first instant of a local day."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self._tz).timestamp())

    def local_date(self, at: datetime) -> date:
        return _aware(at).astimezone(self._tz).date()

    def spans(self, day: date) -> list[tuple[int, int]]:
        """The day's working time as instants, ascending: its windows, cut where the zone changes its offset."""
        windows = self.windows(day)
        if not windows:
            return []
        wall = (day.toordinal() - _EPOCH.toordinal()) * 86_400
        spans = []
        for begins, ends, offset in self._stretches(day):
            for window in windows:
                start = max(begins, wall + _seconds(window.start) - offset)
                end = min(ends, wall + _seconds(window.end) - offset)
                if start < end:
                    spans.append((start, end))
        return spans

    def _stretches(self, day: date) -> list[tuple[int, int, int]]:
        """The day in stretches of one UTC offset: a single one, except when clocks are changed."""
        begins, ends = self.midnight(day), self.midnight(day + _DAY)
        before, after = self._offset(begins), self._offset(ends - 1)
        if before == after:
            return [(begins, ends, before)]
        change = begins + bisect_left(range(begins, ends), True, key=lambda at: self._offset(at) == after)
        return [(begins, change, before), (change, ends, after)]

    def _offset(self, at: int) -> int:
        offset = datetime.fromtimestamp(at, self._tz).utcoffset()
        return 0 if offset is None else offset // _SECOND

    def year(self, year: int) -> _Year:
        """W over a local year, worked out at its first use (about 2 ms) and kept."""
        if year not in self._years:
            first = date(year, 1, 1)
            days = (first + _DAY * number for number in range((date(year + 1, 1, 1) - first).days))
            spans = [span for day in days for span in self.spans(day)]
            lengths = (end - start for start, end in spans)
            self._years[year] = _Year([start for start, _ in spans], list(accumulate(lengths, initial=0)))
        return self._years[year]


class Kind(StrEnum):
    """Why the clock counts or stands."""

    WORK = "work"
    LUNCH = "lunch"  # a break inside a working day
    NIGHT = "night"  # before opening or after closing of a working day
    WEEKEND = "weekend"  # a day without windows in its profile
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger. `name` is the holiday's, or for work that of the dated profile in force."""

    kind: Kind
    start: datetime
    end: datetime
    name: str = ""

    @property
    def seconds(self) -> int:
        """The row's length on the wall; only rows of kind `work` count as working time."""
        return (self.end - self.start) // _SECOND


def working_seconds(cal: Calendar, start: datetime, end: datetime) -> int:
    """Working seconds in [start, end); 0 when end does not lie after start."""
    begins, ends = _epoch(start), _epoch(end)
    if ends <= begins:
        return 0
    first, last = cal.local_date(start).year, cal.local_date(end).year
    whole_years = sum(cal.year(year).sums[-1] for year in range(first, last))
    return whole_years + cal.year(last).worked(ends) - cal.year(first).worked(begins)


def add_working(cal: Calendar, start: datetime, seconds: int) -> datetime:
    """The last instant at which no more than so many working seconds have passed since `start`.

    Raises CalendarError where a whole year without working time lies on the way there.
    """
    if seconds < 0:
        raise ValueError("A budget of working time is not negative.")
    begins = _epoch(start)
    year = cal.local_date(start).year
    left = cal.year(year).worked(begins) + seconds
    while left >= (whole := cal.year(year).sums[-1]):
        left -= whole
        year += 1
        if not cal.year(year).starts:
            raise CalendarError(gettext_noop("Sepanjang tahun %(year)d tidak ada jam kerja."), year=year)
    return _moment(cal.year(year).instant(left))


def next_working(cal: Calendar, at: datetime) -> datetime:
    """The first instant of working time at or after `at`."""
    return add_working(cal, at, 0)


def is_working(cal: Calendar, at: datetime) -> bool:
    return _epoch(next_working(cal, at)) == _epoch(at)


def closing_after(cal: Calendar, at: datetime, days: int) -> datetime:
    """Closing time of the `days`-th working day after the local day of `at` (that day itself does not count)."""
    today = cal.local_date(at)
    ahead = (cal.spans(today + _DAY * number) for number in range(1, _FAR + 1))
    for spans in islice(filter(None, ahead), days - 1, None):
        return _moment(spans[-1][1])
    raise CalendarError(gettext_noop("Dalam %(far)d hari tidak ada cukup hari kerja."), far=_FAR)


def ledger(cal: Calendar, start: datetime, end: datetime) -> tuple[Entry, ...]:
    """[start, end) without a gap, as rows that explain what counted and what did not; neighbours always differ."""
    begins, ends = _epoch(start), _epoch(end)
    rows: list[tuple[Kind, str, int, int]] = []
    day = cal.local_date(start)
    while cal.midnight(day) < ends:
        for kind, name, opens, closes in _account(cal, day):
            opens, closes = max(opens, begins), min(closes, ends)
            if opens >= closes:
                continue
            if rows and rows[-1][:2] == (kind, name):
                opens = rows.pop()[2]
            rows.append((kind, name, opens, closes))
        day += _DAY
    return tuple(Entry(kind, _moment(opens), _moment(closes), name) for kind, name, opens, closes in rows)


def _account(cal: Calendar, day: date) -> Iterator[tuple[Kind, str, int, int]]:
    """One local day from midnight to midnight, as (kind, name, from, to); rows may be empty."""
    at, midnight = cal.midnight(day), cal.midnight(day + _DAY)
    spans = cal.spans(day)
    if day in cal.holidays:
        yield Kind.HOLIDAY, cal.holidays[day], at, midnight
    elif not spans:
        yield Kind.WEEKEND, "", at, midnight
    else:
        profile = cal.profile(day)
        for number, (opens, closes) in enumerate(spans):
            yield Kind.LUNCH if number else Kind.NIGHT, "", at, opens
            yield Kind.WORK, profile.name if profile.first else "", opens, closes
            at = closes
        yield Kind.NIGHT, "", at, midnight


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("Working time needs datetimes that know their zone.")
    return at


def _epoch(at: datetime) -> int:
    return (_aware(at) - _EPOCH) // _SECOND


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(wall: time) -> int:
    return (wall.hour * 60 + wall.minute) * 60 + wall.second
