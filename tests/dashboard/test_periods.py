"""Periods are whole days of the office, and each knows its neighbours."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from dashboard.periods import Period, Unit
from tests.tickets.factories import wib

DAY = date(2026, 11, 19)  # a Thursday


@pytest.mark.parametrize(
    ("unit", "first", "last", "before", "words"),
    [
        ("day", date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 18), "19 November 2026"),
        ("week", date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 9), "16 Nov 2026 – 22 Nov 2026"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1), "November 2026"),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), date(2026, 7, 1), "triwulan IV 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1), "tahun 2026"),
    ],
)
def test_calendar_units(unit: str, first: date, last: date, before: date, words: str) -> None:
    period = Period.around(DAY, Unit(unit))
    assert (period.first, period.last, period.words) == (first, last, words)
    assert period.previous.first == before
    assert period.previous.following == period
    assert period.following.previous == period


def test_other_days_are_compared_with_as_many_before() -> None:
    period = Period(date(2026, 11, 10), date(2026, 11, 19))
    assert period.previous == Period(date(2026, 10, 31), date(2026, 11, 9))
    assert period.previous.following == period


def test_days_begin_at_midnight_of_the_office() -> None:
    period = Period.around(DAY, Unit.DAY)
    assert (period.start, period.end) == (wib("2026-11-19 00:00"), wib("2026-11-20 00:00"))


@pytest.mark.parametrize(
    ("unit", "bucket"), [("week", "day"), ("month", "week"), ("quarter", "week"), ("year", "month")]
)
def test_the_course_covers_each_day_once(unit: str, bucket: str) -> None:
    period = Period.around(DAY, Unit(unit))
    buckets = period.buckets
    assert period.bucket == bucket
    assert (buckets[0].first, buckets[-1].last) == (period.first, period.last)
    assert sum(one.days for one in buckets) == period.days
    assert all(one.end == other.start for one, other in pairwise(buckets))


@pytest.mark.parametrize(
    ("period", "whole"),
    [
        (Period(date(2026, 2, 10), date(2026, 2, 10)), Period.around(date(2026, 2, 1), Unit.MONTH)),
        (Period(date(2025, 12, 31), date(2026, 1, 1)), Period(date(2025, 12, 1), date(2026, 1, 31))),
        (Period.around(date(2026, 2, 10), Unit.WEEK), Period.around(date(2026, 2, 1), Unit.MONTH)),
        (Period.around(date(2026, 2, 10), Unit.QUARTER), Period.around(date(2026, 1, 1), Unit.QUARTER)),
        (Period.around(date(2026, 2, 10), Unit.YEAR), Period.around(date(2026, 1, 1), Unit.YEAR)),
    ],
)
def test_whole_months_hold_every_day_of_a_period_and_no_month_more(period: Period, whole: Period) -> None:
    assert period.in_whole_months == whole
    assert whole.first <= period.first <= period.last <= whole.last
