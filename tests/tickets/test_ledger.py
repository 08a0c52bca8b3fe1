"""Every second of a run in rows: they tell why it is due when it is, and add up to what the clock measured."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.worktime import model
from tests.worktime.model import office, wib
from tickets import sla
from tickets.ledger import HOLD, REST, SHOWN_AFTER_DUE, Ledger, Phase, reckon
from worktime.clock import Calendar, CalendarError

MINUTE = 60


def account(start: str, end: str, *pauses: tuple[str, str], maximum: int = 10, **facts: Any) -> Ledger:
    held_since = wib(since) if (since := facts.pop("held_since", "")) else None
    closed = [(wib(a), wib(b)) for a, b in pauses]
    return reckon(office(), wib(start), closed, wib(end), maximum=maximum, held_since=held_since, **facts)


def lines(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    """kind, from, to, working minutes counted."""
    return [(row.kind, wall(row.start), wall(row.end), row.net // MINUTE) for row in ledger.rows]


def wall(at: datetime) -> str:
    return f"{at.astimezone(model.JAKARTA):%d %H:%M}"


def test_a_run_over_lunch_counts_before_it_and_after_it() -> None:
    ledger = account("2026-10-12 11:55", "2026-10-12 11:58", goes_on=True)
    assert lines(ledger) == [
        ("work", "12 11:55", "12 11:58", 3),
        ("work", "12 11:58", "12 12:00", 2),
        ("lunch", "12 12:00", "12 13:00", 0),
        ("work", "12 13:00", "12 13:05", 5),
    ]
    assert [row.phase for row in ledger.rows] == [Phase.USED, Phase.LEFT, Phase.LEFT, Phase.LEFT]
    assert [row.total // MINUTE for row in ledger.rows] == [3, 5, 5, 10]
    assert ledger.due == wib("2026-10-12 13:05")


def test_night_weekend_and_holiday_by_name_stand_between() -> None:
    night = account("2026-10-12 15:55", "2026-10-13 07:35")
    assert lines(night)[1] == ("night", "12 16:00", "13 07:30", 0)
    weekend = account("2026-10-09 16:25", "2026-10-12 07:35")
    assert [row.kind for row in weekend.rows] == ["work", "night", "weekend", "night", "work"]
    christmas = account("2026-12-23 15:55", "2026-12-28 07:35")
    assert [row.name for row in christmas.rows if row.kind == "holiday"] == [
        "Cuti Bersama Hari Raya Natal",
        "Hari Raya Natal",
    ]


def test_what_lies_before_opening_does_not_count() -> None:
    ledger = account("2026-10-11 20:11", "2026-10-11 20:12", goes_on=True)
    assert ledger.counts_from == wib("2026-10-12 07:30")
    assert [row.kind for row in ledger.rows] == ["weekend", "weekend", "night", "work"]
    assert ledger.due == wib("2026-10-12 07:40")


def test_a_budget_used_up_at_noon_is_due_after_lunch() -> None:
    ledger = account("2026-10-12 11:52", "2026-10-12 11:53", maximum=8, goes_on=True)
    assert (ledger.due, ledger.used_up_at) == (wib("2026-10-12 13:00"), wib("2026-10-12 12:00"))


def test_a_budget_used_up_in_the_middle_of_the_morning_is_due_at_once() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 09:01", goes_on=True)
    assert (ledger.due, ledger.used_up_at) == (wib("2026-10-12 09:10"), None)


def test_a_hold_is_one_row_that_counts_nothing() -> None:
    ledger = account("2026-10-12 15:55", "2026-10-13 09:05", ("2026-10-12 15:58", "2026-10-13 09:00"))
    hold = ledger.rows[1]
    assert (hold.kind, hold.pause, hold.net) == (HOLD, 0, 0)
    assert (hold.held, hold.outside) == ((2 + 90) * MINUTE, int(15.5 * 60 * MINUTE))
    assert ledger.due == wib("2026-10-13 09:07")


def test_while_a_hold_stands_there_is_no_due_time_and_nothing_ahead() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 10:00", held_since="2026-10-12 09:04", goes_on=True)
    assert lines(ledger) == [("work", "12 09:00", "12 09:04", 4), (HOLD, "12 09:04", "12 10:00", 0)]
    assert (ledger.due, ledger.left) == (None, 6 * MINUTE)


def test_a_hold_does_not_take_away_a_due_time_that_had_passed() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 10:00", held_since="2026-10-12 09:15", goes_on=True)
    assert (ledger.due, ledger.left) == (wib("2026-10-12 09:10"), -5 * MINUTE)
    assert [row.phase for row in ledger.rows] == [Phase.USED, Phase.LATE, Phase.LATE]


def test_what_was_worked_after_the_due_time_is_told_apart() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 09:25")
    assert [(row.phase, row.net // MINUTE, row.total // MINUTE) for row in ledger.rows] == [
        (Phase.USED, 10, 10),
        (Phase.LATE, 15, 25),
    ]


def test_a_run_that_ended_in_time_is_not_led_on_to_its_due_time() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 09:04")
    assert lines(ledger) == [("work", "12 09:00", "12 09:04", 4)]
    assert (ledger.due, ledger.left) == (wib("2026-10-12 09:10"), 6 * MINUTE)


def test_a_run_that_took_months_shows_its_rest_as_one_row() -> None:
    ledger = account("2026-07-01 09:00", "2026-10-12 09:00")
    assert ledger.rows[-1].kind == REST
    assert len(ledger.rows) == 1 + SHOWN_AFTER_DUE + 1
    assert sum(row.net for row in ledger.rows) == ledger.spent.net == ledger.rows[-1].total


def test_a_run_that_ended_at_once_has_no_rows() -> None:
    ledger = account("2026-10-12 09:00", "2026-10-12 09:00")
    assert (ledger.rows, ledger.left) == ((), 10 * MINUTE)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Calendar, datetime, list[sla.Pause], datetime, datetime | None]:
    """A calendar, a run's start and end to the second, the holds between, and perhaps one that still stands."""
    near = draw(model.days())
    calendar, start = draw(model.calendars(near, 1)), draw(model.instants(near, 1))
    longest = draw(st.sampled_from([3_600, 86_400, 20 * 86_400]))
    cuts = sorted(draw(st.lists(st.integers(0, longest), min_size=1, max_size=7)))
    moments = [start + timedelta(seconds=cut) for cut in cuts]
    end, edges = moments[-1], moments[:-1]
    held_since = edges.pop() if len(edges) % 2 and draw(st.booleans()) else None
    return calendar, start, list(zip(edges[::2], edges[1::2], strict=False)), end, held_since


@given(scenes(), st.integers(1, 400), st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_rows_add_up_to_what_the_clock_measured(
    scene: tuple[Calendar, datetime, list[sla.Pause], datetime, datetime | None], maximum: int, goes_on: bool
) -> None:
    calendar, start, pauses, end, held_since = scene
    try:
        ledger = reckon(calendar, start, pauses, end, maximum=maximum, held_since=held_since, goes_on=goes_on)
    except CalendarError:  # a calendar whose work ends for a year
        assume(False)
        raise
    passed = [row for row in ledger.rows if row.phase is not Phase.LEFT]
    net, held, outside = (sum(getattr(row, kind) for row in passed) for kind in ("net", "held", "outside"))
    standing = [] if held_since is None else [(held_since, end)]
    assert sla.Spent(net, held, outside) == sla.spent(calendar, start, [*pauses, *standing], end) == ledger.spent
    assert net + held + outside == ledger.spent.gross == (end - start).total_seconds()
    assert all(row.seconds == (row.end - row.start).total_seconds() > 0 for row in ledger.rows)
    assert all(earlier.end == later.start for earlier, later in pairwise(ledger.rows))
    if ledger.rows:
        assert ledger.rows[0].start == start
        assert ledger.rows[-1].total == sum(row.net for row in ledger.rows)
    ahead = sum(row.net for row in ledger.rows if row.phase is Phase.LEFT)
    assert ahead == (max(ledger.left, 0) if goes_on and held_since is None else 0)
