"""The clock of domain.md §3, sentence by sentence, on the office's own hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.worktime.model import office, wib
from worktime.clock import (
    Calendar,
    CalendarError,
    Entry,
    Kind,
    Profile,
    Window,
    add_working,
    closing_after,
    is_working,
    ledger,
    next_working,
    working_seconds,
)

OFFICE = office()
MINUTE = 60


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23 08:02", 10, "2026-11-23 08:12"),
        ("2026-11-23 11:52", 8, "2026-11-23 13:00"),  # used up at 12:00, due when lunch ends
        ("2026-11-23 11:52", 9, "2026-11-23 13:01"),
        ("2026-11-23 12:20", 10, "2026-11-23 13:10"),  # begun over lunch
        ("2026-11-23 15:50", 10, "2026-11-24 07:30"),  # used up at closing, due at opening
        ("2026-11-27 11:25", 10, "2026-11-27 13:05"),  # Friday's long lunch
        ("2026-11-27 16:20", 10, "2026-11-30 07:30"),  # Friday at closing, due on Monday
        ("2026-11-27 16:25", 10, "2026-11-30 07:35"),
        ("2026-11-28 10:00", 10, "2026-11-30 07:40"),  # begun on Saturday
        ("2026-11-23 05:00", 10, "2026-11-23 07:40"),  # begun before opening
        ("2026-11-23 20:00", 10, "2026-11-24 07:40"),  # begun at night
        ("2026-12-23 15:55", 10, "2026-12-28 07:35"),  # Christmas and its leave, then a weekend
        ("2026-03-18 14:55", 10, "2026-03-19 08:05"),  # Ramadan's hours
        ("2026-03-19 14:55", 10, "2026-03-20 07:35"),  # the last day of Ramadan's profile
        ("2026-11-23 12:00", 0, "2026-11-23 13:00"),
        ("2026-11-27 16:30", 0, "2026-11-30 07:30"),
        ("2026-11-23 09:00", 0, "2026-11-23 09:00"),
    ],
)
def test_due_is_the_last_instant_within_the_budget(start: str, minutes: int, due: str) -> None:
    assert add_working(OFFICE, wib(start), minutes * MINUTE) == wib(due)


def test_a_budget_is_exact_to_the_second() -> None:
    assert add_working(OFFICE, wib("2026-11-23 11:59:59"), 1) == wib("2026-11-23 13:00:00")
    assert add_working(OFFICE, wib("2026-11-23 11:59:58"), 1) == wib("2026-11-23 11:59:59")


def test_parts_of_a_second_are_cut_off() -> None:
    assert add_working(OFFICE, wib("2026-11-23 09:00:00.999999"), 1) == wib("2026-11-23 09:00:01")


def test_results_are_in_utc() -> None:
    assert add_working(OFFICE, wib("2026-11-23 09:00"), 60).tzinfo is UTC


def test_one_second_after_due_one_second_too_many_has_passed() -> None:
    start, due = wib("2026-11-27 16:20"), wib("2026-11-30 07:30")

    assert working_seconds(OFFICE, start, due) == 10 * MINUTE
    assert working_seconds(OFFICE, start, due + timedelta(seconds=1)) == 10 * MINUTE + 1


def test_a_normal_week_has_37_and_a_half_hours() -> None:
    assert working_seconds(OFFICE, wib("2026-11-23 00:00"), wib("2026-11-30 00:00")) == 37.5 * 3600


def test_a_week_of_ramadan_has_32_and_a_half_hours() -> None:
    assert working_seconds(OFFICE, wib("2026-02-23 00:00"), wib("2026-03-02 00:00")) == 32.5 * 3600


def test_counting_runs_across_the_end_of_years() -> None:
    years = [
        working_seconds(OFFICE, wib(f"{year}-01-01 00:00"), wib(f"{year + 1}-01-01 00:00")) for year in (2026, 2027)
    ]

    assert working_seconds(OFFICE, wib("2026-01-01 00:00"), wib("2028-01-01 00:00")) == sum(years)


def test_no_time_passes_backwards() -> None:
    assert working_seconds(OFFICE, wib("2026-11-23 10:00"), wib("2026-11-23 09:00")) == 0


def test_next_working_is_now_while_the_office_is_open() -> None:
    assert next_working(OFFICE, wib("2026-11-23 09:17:05")) == wib("2026-11-23 09:17:05")


def test_next_working_is_the_next_opening_while_it_is_closed() -> None:
    assert next_working(OFFICE, wib("2026-11-27 16:30")) == wib("2026-11-30 07:30")


@pytest.mark.parametrize(
    ("at", "working"),
    [
        ("2026-11-23 07:29:59", False),
        ("2026-11-23 07:30:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-28 09:00:00", False),
        ("2026-12-25 09:00:00", False),
    ],
)
def test_a_window_holds_its_first_instant_and_not_its_last(at: str, working: bool) -> None:
    assert is_working(OFFICE, wib(at)) is working


@pytest.mark.parametrize(
    ("done", "closing"),
    [
        ("2026-11-23 09:00", "2026-11-26 16:00"),  # Monday, until Thursday
        ("2026-11-24 09:00", "2026-11-27 16:30"),  # until Friday, whose closing is later
        ("2026-11-25 15:59:59", "2026-11-30 16:00"),  # over a weekend
        ("2026-11-28 12:00", "2026-12-02 16:00"),  # finished on a Saturday
        ("2026-12-22 09:00", "2026-12-29 16:00"),  # over two holidays and a weekend
    ],
)
def test_the_third_working_day_after_closes_when_people_would_say(done: str, closing: str) -> None:
    assert closing_after(OFFICE, wib(done), days=3) == wib(closing)


def _row(kind: Kind, start: str, end: str, name: str = "") -> Entry:
    return Entry(kind, wib(start).astimezone(UTC), wib(end).astimezone(UTC), name)


def test_the_ledger_explains_a_weekend() -> None:
    assert ledger(OFFICE, wib("2026-11-27 11:20"), wib("2026-11-30 07:45")) == (
        _row(Kind.WORK, "2026-11-27 11:20", "2026-11-27 11:30"),
        _row(Kind.LUNCH, "2026-11-27 11:30", "2026-11-27 13:00"),
        _row(Kind.WORK, "2026-11-27 13:00", "2026-11-27 16:30"),
        _row(Kind.NIGHT, "2026-11-27 16:30", "2026-11-28 00:00"),
        _row(Kind.WEEKEND, "2026-11-28 00:00", "2026-11-30 00:00"),
        _row(Kind.NIGHT, "2026-11-30 00:00", "2026-11-30 07:30"),
        _row(Kind.WORK, "2026-11-30 07:30", "2026-11-30 07:45"),
    )


def test_the_ledger_tells_one_night_as_one_row() -> None:
    assert ledger(OFFICE, wib("2026-11-23 15:59"), wib("2026-11-24 07:31")) == (
        _row(Kind.WORK, "2026-11-23 15:59", "2026-11-23 16:00"),
        _row(Kind.NIGHT, "2026-11-23 16:00", "2026-11-24 07:30"),
        _row(Kind.WORK, "2026-11-24 07:30", "2026-11-24 07:31"),
    )


def test_the_ledger_calls_holidays_by_name() -> None:
    rows = ledger(OFFICE, wib("2026-12-23 20:00"), wib("2026-12-26 08:00"))

    assert [(row.kind, row.name) for row in rows] == [
        (Kind.NIGHT, ""),
        (Kind.HOLIDAY, "Cuti Bersama Hari Raya Natal"),
        (Kind.HOLIDAY, "Hari Raya Natal"),
        (Kind.WEEKEND, ""),
    ]


def test_the_ledger_names_the_profile_that_set_the_hours() -> None:
    (row,) = ledger(OFFICE, wib("2026-03-02 08:10"), wib("2026-03-02 08:20"))

    assert (row.kind, row.name, row.seconds) == (Kind.WORK, "Ramadan", 600)


def test_the_ledger_of_no_time_is_empty() -> None:
    assert ledger(OFFICE, wib("2026-11-23 09:00"), wib("2026-11-23 09:00")) == ()


def night_shift(zone: str) -> Calendar:
    return Calendar(zone, Profile(dict.fromkeys(range(7), (Window(time(1), time(5)),)), "Malam"))


def test_a_window_through_the_skipped_hour_is_an_hour_shorter() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    midnight = datetime(2026, 3, 29, tzinfo=berlin)

    assert working_seconds(night_shift("Europe/Berlin"), midnight, datetime(2026, 3, 30, tzinfo=berlin)) == 3 * 3600


def test_a_window_through_the_doubled_hour_is_an_hour_longer() -> None:
    new_york = ZoneInfo("America/New_York")
    midnight = datetime(2026, 11, 1, tzinfo=new_york)
    cal = night_shift("America/New_York")

    assert working_seconds(cal, midnight, datetime(2026, 11, 2, tzinfo=new_york)) == 5 * 3600
    assert [row.kind for row in ledger(cal, midnight, midnight + timedelta(hours=5))] == [Kind.NIGHT, Kind.WORK]


def test_a_window_inside_the_skipped_hour_does_not_happen_that_day() -> None:
    cal = Calendar("Europe/Berlin", Profile(dict.fromkeys(range(7), (Window(time(2, 10), time(2, 50)),))))

    assert cal.spans(date(2026, 3, 29)) == []
    assert len(cal.spans(date(2026, 10, 25))) == 2


def test_a_day_that_a_zone_left_out_has_no_working_time() -> None:
    cal = night_shift("Pacific/Apia")  # went from 29 to 31 December 2011

    assert cal.spans(date(2011, 12, 30)) == []
    assert cal.spans(date(2011, 12, 31)) != []


NAIVE = datetime(2026, 11, 23, 9)  # noqa: DTZ001


@pytest.mark.parametrize(
    "act",
    [
        lambda: add_working(OFFICE, NAIVE, 60),
        lambda: working_seconds(OFFICE, NAIVE, NAIVE),
        lambda: next_working(OFFICE, NAIVE),
        lambda: is_working(OFFICE, NAIVE),
        lambda: ledger(OFFICE, NAIVE, NAIVE),
        lambda: closing_after(OFFICE, NAIVE, days=3),
    ],
)
def test_a_datetime_without_a_zone_is_refused(act: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="zone"):
        act()


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working(OFFICE, wib("2026-11-23 09:00"), -1)


def closed_in(*years: int) -> Calendar:
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Calendar(OFFICE.zone, OFFICE.normal, holidays=dict.fromkeys(days, "Tutup"))


def test_a_calendar_that_is_closed_for_a_whole_year_is_taken_for_a_mistake() -> None:
    with pytest.raises(CalendarError, match="2027"):
        add_working(closed_in(2027), wib("2026-12-31 15:59"), 120)


def test_closing_after_gives_up_on_a_calendar_without_working_days() -> None:
    with pytest.raises(CalendarError, match="400"):
        closing_after(closed_in(2026, 2027), wib("2026-01-05 09:00"), days=1)
