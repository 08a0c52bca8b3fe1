"""The month as the page draws it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from worktime.clock import Kind
from worktime.models import CalendarRevision
from worktime.month import Day, Month, month_of, notes

pytestmark = pytest.mark.django_db


def month(first: str, data: dict[str, Any] | None = None) -> Month:
    revision = CalendarRevision.objects.get(number=1)
    if data is not None:
        revision = CalendarRevision(number=2, name="Draf", data=data)
    return month_of(revision, date.fromisoformat(first))


def day(shown: Month, number: int) -> Day:
    return next(day for day in shown.days if day.date.day == number)


@pytest.mark.parametrize(
    ("first", "monday", "weeks"),
    [("2026-11-01", "2026-10-26", 6), ("2027-02-01", "2027-02-01", 4), ("2028-02-01", "2028-01-31", 5)],
)
def test_a_month_is_whole_weeks_from_monday(first: str, monday: str, weeks: int) -> None:
    shown = month(first)

    assert (shown.weeks[0].days[0].date.isoformat(), len(shown.weeks)) == (monday, weeks)
    assert all(len(week.days) == 7 and week.days[0].date.weekday() == 0 for week in shown.weeks)


@pytest.mark.parametrize(("first", "length"), [("2026-11-01", 30), ("2028-02-01", 29), ("2026-12-01", 31)])
def test_only_its_own_days_are_inside(first: str, length: int) -> None:
    assert [day.date.day for day in month(first).days] == list(range(1, length + 1))


def test_neighbours_are_a_month_away_over_the_end_of_the_year() -> None:
    assert month("2026-12-01").next == date(2027, 1, 1)
    assert month("2027-01-01").previous == date(2026, 12, 1)


def test_hours_of_days_weeks_and_months_add_up() -> None:
    with translation.override("id"):
        shown = month("2026-11-01")
        assert (day(shown, 23).hours, shown.weeks[1].hours, shown.hours) == ("7,5 jam", "37,5 jam", "157,5 jam")
    assert shown.working_days == 21


def test_a_day_is_read_with_its_break() -> None:
    with translation.override("id"):
        assert day(month("2026-11-01"), 27).rows == [
            ("07.30–11.30", True),
            ("11.30–13.00", False),
            ("13.00–16.30", True),
        ]


def test_a_day_is_drawn_on_a_line_that_all_days_share() -> None:
    shown = month("2026-11-01")

    assert shown.line == 9 * 60 + 30  # from 7 to 16.30
    assert [(bar.x, bar.width) for bar in day(shown, 23).bars] == [(30, 270), (360, 180)]


def test_holidays_weekends_and_estimates_are_told_apart() -> None:
    shown = month("2027-05-01")

    assert [(day(shown, number).kind, day(shown, number).leave) for number in (17, 18, 22)] == [
        (Kind.HOLIDAY, False),
        (Kind.HOLIDAY, True),
        (Kind.WEEKEND, False),
    ]
    assert (day(shown, 17).name, day(shown, 17).confirmed) == ("Hari Raya Idul Adha", False)
    assert [day.date.day for day in shown.holidays] == [1, 6, 17, 18, 19, 20]


def test_a_dated_profile_is_named_on_the_days_whose_hours_it_sets(data: dict[str, Any]) -> None:
    data["dated"][0] |= {"first": "2027-02-08", "last": "2027-03-09"}
    shown = month("2027-02-01", data)

    assert [day(shown, number).profile for number in (5, 8, 13)] == ["", "Ramadan", ""]
    assert shown.profiles == ["Ramadan"]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-11-22", ["3 hari libur 2027 masih perkiraan."]),
        ("2027-06-01", ["Hari libur 2028 belum ada dalam kalender."]),
        ("2027-05-17", ["1 hari libur 2027 masih perkiraan.", "Hari libur 2028 belum ada dalam kalender."]),
        ("2025-06-01", []),
    ],
)
def test_notes_say_what_is_open_about_coming_holidays(today: str, said: list[str]) -> None:
    with translation.override("id"):
        assert notes(CalendarRevision.objects.current(), date.fromisoformat(today)) == said


def test_a_note_says_that_collective_leave_is_missing() -> None:
    data = {"holidays": {"2028-01-01": {"name": "Tahun Baru", "kind": "public", "confirmed": True}}}
    revision = CalendarRevision(number=2, name="Draf", data=data)

    with translation.override("id"):
        assert notes(revision, date(2027, 6, 1)) == ["Cuti bersama 2028 belum ada dalam kalender."]
