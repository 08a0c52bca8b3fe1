"""The fast clock against the slow one, over calendars and instants that hypothesis makes up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.worktime import model
from worktime.clock import Calendar, Kind, add_working, is_working, ledger, next_working, working_seconds

MINUTES = 5 * 1440
QUARTER = 900  # seconds; every offset from UTC in model.ZONES is a multiple of it
YEAR = 366 * 96  # quarters
few = settings(max_examples=30, deadline=None)
many = settings(max_examples=60, deadline=None)


@st.composite
def scenes(draw: st.DrawFn, unit: int = 60) -> tuple[Calendar, datetime]:
    near = draw(model.days())
    return draw(model.calendars(near, unit)), draw(model.instants(near, unit))


@st.composite
def stretches(draw: st.DrawFn) -> tuple[Calendar, datetime, datetime]:
    cal, start = draw(scenes(unit=1))
    return cal, start, start + timedelta(seconds=draw(st.integers(0, 40 * 86_400)))


@few
@given(scenes(), st.integers(0, MINUTES))
def test_working_seconds_are_those_that_the_slow_clock_counts(scene: tuple[Calendar, datetime], minutes: int) -> None:
    cal, start = scene
    counted = model.count(cal, start, minutes, tick=60)

    assert working_seconds(cal, start, start + timedelta(minutes=minutes)) == 60 * sum(counted)


@few
@given(scenes(), st.floats(0, 1, exclude_max=True))
def test_a_budget_is_used_up_where_the_slow_clock_says(scene: tuple[Calendar, datetime], share: float) -> None:
    cal, start = scene
    counted = model.count(cal, start, MINUTES, tick=60)
    assume(any(counted))
    budget = int(60 * sum(counted) * share)

    assert add_working(cal, start, budget) == model.last_instant(counted, start, budget, tick=60)


@settings(max_examples=20, deadline=None)
@given(scenes(unit=QUARTER), st.floats(0, 1, exclude_max=True))
def test_over_a_whole_year_every_quarter_of_an_hour_is_right(scene: tuple[Calendar, datetime], share: float) -> None:
    """With its end, its changes of clocks there and back, and its leap day, if it has one."""
    cal, start = scene
    counted = model.count(cal, start, YEAR, tick=QUARTER)
    budget = int(QUARTER * sum(counted) * share)

    assert working_seconds(cal, start, start + timedelta(seconds=YEAR * QUARTER)) == QUARTER * sum(counted)
    assert add_working(cal, start, budget) == model.last_instant(counted, start, budget, tick=QUARTER)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_around_a_change_of_clocks_every_single_second_is_right(data: st.DataObject) -> None:
    near = data.draw(st.sampled_from(model.INTERESTING))
    cal = data.draw(model.calendars(near, unit=1))
    start = data.draw(model.instants(near, unit=1))
    seconds = data.draw(st.integers(1, 8 * 3600))
    counted = model.count(cal, start, seconds, tick=1)

    assert working_seconds(cal, start, start + timedelta(seconds=seconds)) == sum(counted)
    if any(counted):
        budget = data.draw(st.integers(0, sum(counted) - 1))
        assert add_working(cal, start, budget) == model.last_instant(counted, start, budget, tick=1)


@many
@given(scenes(unit=1))
def test_is_working_is_the_definition(scene: tuple[Calendar, datetime]) -> None:
    cal, at = scene

    assert is_working(cal, at) == model.is_working(cal, at)


@many
@given(scenes(unit=1), st.integers(0, 200_000))
def test_adding_and_counting_are_inverse(scene: tuple[Calendar, datetime], seconds: int) -> None:
    cal, start = scene
    due = add_working(cal, start, seconds)

    assert working_seconds(cal, start, due) == seconds
    assert working_seconds(cal, start, due + timedelta(seconds=1)) == seconds + 1


@many
@given(scenes(unit=1), st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_budget_can_be_spent_in_two_parts(scene: tuple[Calendar, datetime], first: int, second: int) -> None:
    cal, start = scene

    assert add_working(cal, add_working(cal, start, first), second) == add_working(cal, start, first + second)


@many
@given(stretches(), st.floats(0, 1))
def test_counting_is_additive(stretch: tuple[Calendar, datetime, datetime], share: float) -> None:
    cal, start, end = stretch
    middle = start + timedelta(seconds=int((end - start).total_seconds() * share))

    assert working_seconds(cal, start, end) == working_seconds(cal, start, middle) + working_seconds(cal, middle, end)


@many
@given(scenes(unit=1))
def test_the_next_working_instant_works_and_none_before_it_does(scene: tuple[Calendar, datetime]) -> None:
    cal, at = scene
    opening = next_working(cal, at)

    assert opening >= at
    assert is_working(cal, opening)
    assert working_seconds(cal, at, opening) == 0


@many
@given(stretches())
def test_the_ledger_covers_the_time_without_a_gap(stretch: tuple[Calendar, datetime, datetime]) -> None:
    cal, start, end = stretch
    rows = ledger(cal, start, end)

    assert sum(row.seconds for row in rows) == (end - start).total_seconds()
    assert all(row.seconds > 0 for row in rows)
    assert all(earlier.end == later.start for earlier, later in pairwise(rows))
    if rows:
        assert (rows[0].start, rows[-1].end) == (start, end)


@many
@given(stretches())
def test_the_ledgers_work_is_the_working_time(stretch: tuple[Calendar, datetime, datetime]) -> None:
    cal, start, end = stretch
    work = [row.seconds for row in ledger(cal, start, end) if row.kind is Kind.WORK]

    assert sum(work) == working_seconds(cal, start, end)


@many
@given(stretches())
def test_neighbours_in_the_ledger_differ(stretch: tuple[Calendar, datetime, datetime]) -> None:
    rows = ledger(*stretch)

    assert all((earlier.kind, earlier.name) != (later.kind, later.name) for earlier, later in pairwise(rows))


@many
@given(stretches())
def test_each_row_of_the_ledger_has_the_reason_of_its_day(stretch: tuple[Calendar, datetime, datetime]) -> None:
    cal, start, end = stretch
    for row in ledger(cal, start, end):
        today = row.start.astimezone(ZoneInfo(cal.zone)).date()
        assert (row.kind is Kind.HOLIDAY) == (today in cal.holidays)
        if row.kind is Kind.HOLIDAY:
            assert row.name == cal.holidays[today]
        if row.kind is Kind.WORK:
            assert row.name == ("Khusus" if cal.profile(today).first else "")
        if row.kind is Kind.WEEKEND:
            assert not cal.spans(today)


@many
@given(scenes(unit=1), st.integers(0, 200_000), st.sampled_from(model.ZONES))
def test_the_zone_in_which_the_start_is_written_does_not_matter(
    scene: tuple[Calendar, datetime], seconds: int, zone: str
) -> None:
    cal, start = scene
    due = add_working(cal, start, seconds)

    assert add_working(cal, start.astimezone(ZoneInfo(zone)), seconds) == due
    assert due.tzinfo is UTC


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(0, 105 * 60))
@many
def test_no_ticket_of_the_shipped_office_waits_longer_than_a_week_of_holidays(start: date, seconds: int) -> None:
    at = datetime(start.year, start.month, start.day, 5, tzinfo=UTC)

    assert add_working(model.office(), at, seconds) - at < timedelta(days=7)
