"""A slow clock to hold the fast one against: it looks at the wall clock instant after instant and knows nothing else.

Also the calendars and instants that are worth trying: odd windows, summer time, leap days, year ends.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from worktime.clock import Calendar, Profile, Window

JAKARTA = ZoneInfo("Asia/Jakarta")

# A whole hour, half an hour (Lord Howe), changes at local midnight (Cairo, Havana), and none at all.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Jakarta",
    "Asia/Kathmandu",
]
INTERESTING = [
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2024, 12, 31),
    date(2025, 3, 9),
    date(2025, 4, 6),
    date(2025, 4, 25),
    date(2025, 10, 5),
    date(2025, 10, 30),
    date(2025, 11, 2),
    date(2025, 12, 31),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2028, 2, 28),
]


def is_working(cal: Calendar, at: datetime) -> bool:
    """The definition, spelled out: the wall clock shows a time inside a window of a day that is no holiday."""
    wall = at.astimezone(ZoneInfo(cal.zone))
    today = wall.date()
    if today in cal.holidays:
        return False
    profile = cal.normal
    for dated in cal.dated:
        assert dated.first
        assert dated.last
        if dated.first <= today <= dated.last:
            profile = dated
    return any(window.start <= wall.time() < window.end for window in profile.days[today.weekday()])


def count(cal: Calendar, start: datetime, ticks: int, tick: int) -> list[bool]:
    """Whether each of so many ticks (of `tick` seconds, from `start` on) is working time."""
    step = timedelta(seconds=tick)
    return [is_working(cal, start + step * number) for number in range(ticks)]


def last_instant(working: list[bool], start: datetime, seconds: int, tick: int) -> datetime:
    """The last instant with at most so many working seconds before it; the ticks must reach beyond it."""
    left = seconds
    for number, counts in enumerate(working):
        if counts and left < tick:
            return start + timedelta(seconds=number * tick + left)
        left -= tick if counts else 0
    raise AssertionError("looked at too few ticks")


@st.composite
def windows(draw: st.DrawFn, unit: int) -> tuple[Window, ...]:
    """Up to three windows of a day whose edges are multiples of `unit` seconds; neighbours may touch."""
    edges = sorted(draw(st.lists(st.integers(0, 86_399 // unit), unique=True, max_size=6)))
    if len(edges) % 2:
        edges.pop()
    if len(edges) >= 4 and draw(st.booleans()):
        edges[2] = edges[1]
    return tuple(Window(_wall(edges[i] * unit), _wall(edges[i + 1] * unit)) for i in range(0, len(edges), 2))


@st.composite
def profiles(draw: st.DrawFn, unit: int, first: date | None = None, last: date | None = None) -> Profile:
    week = {day: draw(windows(unit)) for day in range(7)}
    if not any(week.values()):
        week[draw(st.integers(0, 6))] = (Window(time(1, 30), time(3, 30)),)
    return Profile(days=week, name="Khusus" if first else "Biasa", first=first, last=last)


@st.composite
def calendars(draw: st.DrawFn, near: date, unit: int = 60) -> Calendar:
    """A calendar with something going on around one day."""
    days = st.integers(-6, 12).map(lambda offset: near + timedelta(days=offset))
    dated: tuple[Profile, ...] = ()
    if draw(st.booleans()):
        first, last = sorted((draw(days), draw(days)))
        dated = (draw(profiles(unit, first, last)),)
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        normal=draw(profiles(unit)),
        dated=dated,
        holidays=dict.fromkeys(draw(st.lists(days, max_size=3)), "Hari libur"),
    )


def days() -> st.SearchStrategy[date]:
    return st.sampled_from(INTERESTING) | st.dates(date(2023, 12, 1), date(2028, 3, 31))


@st.composite
def instants(draw: st.DrawFn, near: date, unit: int = 60) -> datetime:
    """An instant within a day and a half of the day's start in UTC."""
    midnight = datetime(near.year, near.month, near.day, tzinfo=UTC)
    return midnight + timedelta(seconds=draw(st.integers(-129_600 // unit, 129_600 // unit)) * unit)


def office() -> Calendar:
    """The hours that HaloCIK ships (domain.md §3), with two holidays of 2026."""
    monday_to_thursday = (Window(time(7, 30), time(12)), Window(time(13), time(16)))
    friday = (Window(time(7, 30), time(11, 30)), Window(time(13), time(16, 30)))
    ramadan = (Window(time(8), time(12)), Window(time(12, 30), time(15)))
    ramadan_friday = (Window(time(8), time(11, 30)), Window(time(12, 30), time(15, 30)))
    return Calendar(
        zone="Asia/Jakarta",
        normal=Profile({**dict.fromkeys(range(4), monday_to_thursday), 4: friday}, "Normal"),
        dated=(
            Profile(
                {**dict.fromkeys(range(4), ramadan), 4: ramadan_friday},
                "Ramadan",
                date(2026, 2, 18),
                date(2026, 3, 19),
            ),
        ),
        holidays={date(2026, 12, 24): "Cuti Bersama Hari Raya Natal", date(2026, 12, 25): "Hari Raya Natal"},
    )


def wib(text: str) -> datetime:
    """An instant in office time: "2026-11-23 07:30" or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def _wall(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
