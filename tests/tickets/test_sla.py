"""The clock, sentence by sentence of the design's chapter 3, by driving tickets through simulated time.

All moments are reckoned by hand on the shipped calendar: Monday to Thursday 07:30–12:00 and 13:00–16:00, Friday
07:30–11:30 and 13:00–16:30. 12 October 2026 is a Monday in a week without holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest

from tests.tickets.factories import STANDARDS, Office, make_sop, wib
from tickets import sla
from tickets.models import StepRun, Ticket
from worktime.models import CalendarRevision


def run_of(ticket: Ticket) -> StepRun:
    return StepRun.objects.get(ticket=ticket, ended_at=None)


def last_run(ticket: Ticket) -> StepRun:
    return StepRun.objects.filter(ticket=ticket).exclude(ended_at=None).latest("ended_at", "pk")


def due(ticket: Ticket) -> str:
    at = run_of(ticket).due_at
    return f"{at.astimezone(wib('2026-01-01').tzinfo):%Y-%m-%d %H:%M:%S}" if at else "on hold"


# Due times


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        pytest.param("2026-10-12 08:00", "2026-10-12 08:10:00", id="within a window"),
        pytest.param("2026-10-12 11:52", "2026-10-12 13:02:00", id="over lunch"),
        pytest.param("2026-10-12 11:50", "2026-10-12 13:00:00", id="used up exactly at lunch: due when lunch ends"),
        pytest.param("2026-10-12 12:30", "2026-10-12 13:10:00", id="begun in the lunch break"),
        pytest.param("2026-10-12 15:55", "2026-10-13 07:35:00", id="over night"),
        pytest.param("2026-10-12 15:50", "2026-10-13 07:30:00", id="used up at closing time: due at opening"),
        pytest.param("2026-10-12 22:00", "2026-10-13 07:40:00", id="begun at night"),
        pytest.param("2026-10-16 11:25", "2026-10-16 13:05:00", id="Friday's longer lunch"),
        pytest.param("2026-10-16 16:25", "2026-10-19 07:35:00", id="over the weekend"),
        pytest.param("2026-10-17 10:00", "2026-10-19 07:40:00", id="begun on a Saturday"),
        pytest.param("2026-08-14 16:25", "2026-08-18 07:35:00", id="over weekend and Independence Day"),
        pytest.param("2026-12-23 15:55", "2026-12-28 07:35:00", id="over cuti bersama, Christmas and weekend"),
    ],
)
def test_step_1_is_due_ten_working_minutes_after_submission(office: Office, submitted: str, expected: str) -> None:
    office.at(submitted)
    assert due(office.submit()) == expected


@pytest.mark.parametrize(
    ("status", "step"),
    [("submitted", 1), ("assigned", 2), ("identifying", 3), ("working", 4), ("testing", 5), ("finishing", 6)],
)
def test_every_step_has_the_sops_standard_and_is_due_at_its_maximum(office: Office, status: str, step: int) -> None:
    run = run_of(office.ticket_in(status))
    minimum, maximum = STANDARDS[step]
    assert (run.step, run.minimum, run.maximum) == (step, minimum, maximum)
    assert run.due_at == run.started_at + timedelta(minutes=maximum)
    assert run.warn_at == run.started_at + timedelta(minutes=maximum * 80 / 100)
    assert run.escalate_at == run.started_at + timedelta(minutes=maximum * 2)


def test_the_thresholds_are_working_time_too(office: Office) -> None:
    office.at("2026-10-12 11:50")
    run = run_of(office.submit())
    assert run.warn_at == wib("2026-10-12 11:58")
    assert run.due_at == wib("2026-10-12 13:00")
    assert run.escalate_at == wib("2026-10-12 13:10")


# Verdicts of a run


@pytest.mark.parametrize(
    ("ended", "verdict", "flagged"),
    [
        ("2026-10-12 08:09:59", "on_time", False),
        ("2026-10-12 08:10:00", "on_time", False),
        ("2026-10-12 08:10:01", "late", True),
    ],
)
def test_on_time_if_and_only_if_ended_by_the_due_time(office: Office, ended: str, verdict: str, flagged: bool) -> None:
    ticket = office.submit()
    office.at(ended)
    run = last_run(office.do("approve", ticket))
    assert run.verdict == verdict
    assert (run.overdue_at == office.now) == flagged
    assert (run.overdue_at is not None) == flagged


def test_in_the_lunch_break_after_a_used_up_budget_it_is_still_on_time(office: Office) -> None:
    office.at("2026-10-12 11:50")
    ticket = office.submit()
    office.at("2026-10-12 13:00")
    run = last_run(office.do("approve", ticket))
    assert (run.verdict, run.net_seconds, run.overdue_at) == ("on_time", 600, None)


def test_one_second_after_lunch_it_is_late(office: Office) -> None:
    office.at("2026-10-12 11:50")
    ticket = office.submit()
    office.at("2026-10-12 13:00:01")
    run = last_run(office.do("approve", ticket))
    assert (run.verdict, run.net_seconds) == ("late", 601)


def test_a_run_flagged_earlier_keeps_the_moment_of_its_flag(office: Office) -> None:
    ticket = office.submit()
    flagged = wib("2026-10-12 08:10:01")
    StepRun.objects.filter(ticket=ticket).update(overdue_at=flagged)
    office.at("2026-10-12 09:00")
    assert last_run(office.do("approve", ticket)).overdue_at == flagged


@pytest.mark.parametrize(("action", "status"), [("cancel", "working"), ("reassign", "working"), ("cancel", "assigned")])
def test_a_run_cut_off_by_cancel_or_reassign_counts_in_no_figure(office: Office, action: str, status: str) -> None:
    run = last_run(office.do(action, office.ticket_in(status)))
    assert (run.verdict, run.too_fast, run.outcome) == ("cut_off", False, action)


def test_a_run_cut_off_after_its_due_time_is_flagged_all_the_same(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    office.wait(minutes=6)
    run = last_run(office.do("reassign", ticket))
    assert (run.verdict, run.overdue_at) == ("cut_off", office.now)


@pytest.mark.parametrize(
    ("action", "status"), [("reject", "submitted"), ("decline", "assigned"), ("fail_test", "testing")]
)
@pytest.mark.parametrize(("minutes", "verdict"), [(1, "on_time"), (30, "late")])
def test_a_run_ended_backwards_by_its_own_actor_is_judged(
    office: Office, action: str, status: str, minutes: int, verdict: str
) -> None:
    ticket = office.ticket_in(status)
    office.wait(minutes=minutes)
    run = last_run(office.do(action, ticket))
    assert (run.verdict, run.too_fast) == (verdict, False)


# Too fast


@pytest.mark.parametrize(
    ("status", "action", "minutes", "too_fast"),
    [
        ("submitted", "approve", 1, False),
        ("assigned", "accept", 1, False),
        ("identifying", "identify", 1, False),
        ("working", "complete_work", 9.9, True),
        ("working", "complete_work", 10, False),
        ("testing", "pass_test", 4.9, True),
        ("testing", "pass_test", 5, False),
        ("testing", "fail_test", 1, False),
        ("finishing", "finish", 4.9, True),
        ("finishing", "finish", 5, False),
    ],
)
def test_too_fast_is_below_the_minimum_of_a_step_with_a_range_on_a_forward_move(
    office: Office, status: str, action: str, minutes: float, too_fast: bool
) -> None:
    ticket = office.ticket_in(status)
    office.wait(minutes=minutes)
    assert last_run(office.do(action, ticket)).too_fast == too_fast


def test_a_second_attempt_is_never_too_fast(office: Office) -> None:
    ticket = office.do("fail_test", office.ticket_in("testing"))
    office.wait(minutes=1)
    run = last_run(office.do("complete_work", ticket))
    assert (run.attempt, run.too_fast) == (2, False)


def test_a_run_that_lay_partly_outside_working_time_is_never_too_fast(office: Office) -> None:
    ticket = office.ticket_in("identifying")
    office.at("2026-10-12 11:59")
    ticket = office.do("identify", ticket)
    office.at("2026-10-12 13:01")
    run = last_run(office.do("complete_work", ticket))
    assert (run.net_seconds, run.too_fast) == (120, False)


# Holds


def test_on_hold_there_is_no_due_time_and_no_threshold(office: Office) -> None:
    run = run_of(office.ticket_in("working", on_hold=True))
    assert (run.warn_at, run.due_at, run.escalate_at) == (None, None, None)
    assert run.on_hold


def test_resuming_gives_back_exactly_the_working_seconds_that_were_left(office: Office) -> None:
    office.at("2026-10-12 08:00")
    ticket = office.ticket_in("working")  # since 08:03, due 09:03
    office.at("2026-10-12 08:20:07")
    ticket = office.do("hold", ticket)
    office.at("2026-10-13 10:00")
    ticket = office.do("resume", ticket)  # 1,027 of 3,600 seconds are gone
    assert due(ticket) == "2026-10-13 10:42:53"


def test_a_hold_over_lunch_night_and_weekend_takes_nothing_away(office: Office) -> None:
    office.at("2026-10-16 11:20")
    ticket = office.ticket_in("assigned")  # since 11:21, due 11:26
    office.at("2026-10-16 11:23")
    ticket = office.do("hold", ticket)
    office.at("2026-10-18 20:00")
    assert due(office.do("resume", ticket)) == "2026-10-19 07:33:00"


def test_several_holds_add_up(office: Office) -> None:
    ticket = office.ticket_in("working")  # since 08:03
    for held, resumed in [("08:10", "08:30"), ("08:40", "09:00"), ("09:00", "09:30")]:
        office.at(f"2026-10-12 {held}")
        ticket = office.do("hold", ticket)
        office.at(f"2026-10-12 {resumed}")
        ticket = office.do("resume", ticket)
    assert due(ticket) == "2026-10-12 10:13:00"


def test_a_hold_begun_exactly_when_the_budget_is_used_up_leaves_it_in_time(office: Office) -> None:
    ticket = office.ticket_in("assigned")  # since 08:01, due 08:06
    office.at("2026-10-12 08:06")
    ticket = office.do("hold", ticket)
    office.at("2026-10-12 09:00")
    ticket = office.do("resume", ticket)
    assert due(ticket) == "2026-10-12 09:00:00"
    assert last_run(office.do("accept", ticket)).verdict == "on_time"


def test_a_run_that_was_late_before_its_hold_stays_late_after_it(office: Office) -> None:
    ticket = office.ticket_in("assigned")  # due 08:06
    office.at("2026-10-12 08:07")
    ticket = office.do("hold", ticket)
    office.at("2026-10-12 10:00")
    ticket = office.do("resume", ticket)
    assert due(ticket) == "2026-10-12 08:06:00"
    assert run_of(ticket).is_overdue(office.now)
    run = last_run(office.do("accept", ticket))
    assert (run.verdict, run.net_seconds, run.overdue_at) == ("late", 360, office.now)


@pytest.mark.parametrize(("worked", "verdict"), [("08:05", "on_time"), ("08:06:01", "late")])
def test_a_run_declined_on_hold_is_judged_by_the_time_worked_before_it(
    office: Office, worked: str, verdict: str
) -> None:
    ticket = office.ticket_in("assigned")  # due 08:06
    office.at(f"2026-10-12 {worked}")
    ticket = office.do("hold", ticket)
    office.at("2026-10-13 15:00")
    run = last_run(office.do("decline", ticket))
    assert run.verdict == verdict
    assert (run.overdue_at is not None) == (verdict == "late")
    hold = run.holds.get()
    assert (hold.ended_at, hold.ended_by) == (office.now, office.technician)


def test_gross_time_is_net_time_and_held_time_and_time_outside(office: Office) -> None:
    ticket = office.ticket_in("working")  # since 08:03
    office.at("2026-10-12 11:00")
    ticket = office.do("hold", ticket)
    office.at("2026-10-12 14:00")
    ticket = office.do("resume", ticket)
    office.at("2026-10-13 08:00")
    run = last_run(office.do("complete_work", ticket))
    net = 2 * 3600 + 57 * 60 + 2 * 3600 + 30 * 60  # 08:03–11:00, 14:00–16:00, 07:30–08:00
    assert (run.net_seconds, run.held_seconds) == (net, 2 * 3600)
    assert run.ended_at
    calendar = run.calendar.calendar
    assert run.started_at
    spent = sla.spent(
        calendar, run.started_at, [(h.started_at, h.ended_at or office.now) for h in run.holds.all()], run.ended_at
    )
    assert spent == sla.Spent(net=net, held=7200, outside=3600 + 15 * 3600 + 1800)
    assert spent.gross == (run.ended_at - run.started_at).total_seconds()


# Full standard again


def test_a_declined_ticket_gets_step_1s_full_standard_again(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    office.at("2026-10-12 09:00")
    ticket = office.do("decline", ticket)
    run = run_of(ticket)
    assert (run.step, run.attempt, due(ticket)) == (1, 2, "2026-10-12 09:10:00")


def test_a_reassigned_ticket_gets_step_2s_full_standard_again(office: Office) -> None:
    ticket = office.ticket_in("finishing")
    office.at("2026-10-12 09:00")
    ticket = office.do("reassign", ticket)
    run = run_of(ticket)
    assert (run.step, run.attempt, due(ticket)) == (2, 2, "2026-10-12 09:05:00")


@pytest.mark.parametrize(("status", "action"), [("testing", "fail_test"), ("done", "reopen")])
def test_work_that_begins_again_gets_step_4s_full_standard(office: Office, status: str, action: str) -> None:
    ticket = office.ticket_in(status)
    office.at("2026-10-12 09:00")
    ticket = office.do(action, ticket)
    run = run_of(ticket)
    assert (run.step, run.attempt, due(ticket)) == (4, 2, "2026-10-12 10:00:00")


def test_priority_moves_no_due_time(office: Office) -> None:
    ticket = office.ticket_in("working")
    before = StepRun.objects.filter(ticket=ticket).values()
    kept = list(before.all())
    office.do("change_priority", ticket, priority=1)
    office.do("change_priority", ticket, priority=4)
    assert list(before.all()) == kept


# The ticket as a whole


def walk(office: Office, *moves: tuple[str, float]) -> Ticket:
    """A ticket submitted now, then each move after so many minutes."""
    ticket = office.submit()
    for action, minutes in moves:
        office.wait(minutes=minutes)
        ticket = office.do(action, ticket)
    return Ticket.objects.get(pk=ticket.pk)


ONCE = ("approve", "accept", "identify", "complete_work", "pass_test", "finish")


def test_a_ticket_of_exactly_105_working_minutes_is_on_time(office: Office) -> None:
    ticket = walk(office, *zip(ONCE, (10, 5, 10, 60, 10, 10), strict=True))
    assert (ticket.net_seconds, ticket.verdict) == (105 * 60, "on_time")


def test_a_ticket_of_one_second_more_is_late_though_its_steps_were_not(office: Office) -> None:
    ticket = walk(
        office, ("approve", 10), ("decline", 1 / 60), *zip(ONCE, (10, 5, 10, 60, 10, 10), strict=True)
    )  # fmt: skip
    assert (ticket.net_seconds, ticket.verdict) == (115 * 60 + 1, "late")
    assert set(ticket.runs.values_list("verdict", flat=True)) == {"on_time"}


def test_steps_that_were_late_make_no_late_ticket_as_long_as_the_whole_is_in_time(office: Office) -> None:
    ticket = walk(office, *zip(ONCE, (30, 1, 1, 10, 5, 5), strict=True))
    assert (ticket.net_seconds, ticket.verdict) == (52 * 60, "on_time")
    assert ticket.runs.get(step=1).verdict == "late"


def test_runs_cut_off_count_in_the_tickets_whole_time(office: Office) -> None:
    ticket = office.ticket_in("working")  # 3 minutes so far
    office.wait(minutes=50)
    ticket = office.do("reassign", ticket)
    for action in ONCE[1:]:
        office.wait(minutes=1)
        ticket = office.do(action, ticket, by=office.other_technician)
    assert ticket.net_seconds == (3 + 50 + 5) * 60


def test_holds_and_the_gap_from_done_to_reopen_do_not_count(office: Office) -> None:
    ticket = walk(office, ("approve", 1), ("accept", 1), ("hold", 1), ("resume", 90), ("identify", 1))
    for action in ONCE[3:]:
        office.wait(minutes=10)
        ticket = office.do(action, ticket)
    assert (ticket.net_seconds, ticket.verdict) == (34 * 60, "on_time")
    office.wait(minutes=45)
    ticket = office.do("reopen", ticket)
    for action in ONCE[3:]:
        office.wait(minutes=10)
        ticket = office.do(action, ticket)
    assert (ticket.net_seconds, ticket.verdict) == (64 * 60, "on_time")


def test_the_verdict_is_decided_anew_at_each_end_and_the_earlier_one_stays_in_the_history(office: Office) -> None:
    ticket = office.ticket_in("done")
    assert ticket.verdict == "on_time"
    office.wait(minutes=1)
    ticket = office.do("reopen", ticket)
    office.at("2026-10-12 11:00")
    ticket = office.do("complete_work", ticket)
    for action in ONCE[4:]:
        ticket = office.do(action, ticket)
    assert Ticket.objects.get(pk=ticket.pk).verdict == "late"
    assert [event.data["verdict"] for event in ticket.events.filter(kind="finish")] == ["on_time", "late"]


# Reopening


@pytest.mark.parametrize(
    ("done", "until"),
    [
        pytest.param("2026-10-12 10:00", "2026-10-15 16:00", id="Monday: until Thursday's closing"),
        pytest.param("2026-10-13 10:00", "2026-10-16 16:30", id="Tuesday: until Friday's later closing"),
        pytest.param("2026-10-15 10:00", "2026-10-20 16:00", id="Thursday: over the weekend"),
        pytest.param("2026-10-12 22:00", "2026-10-15 16:00", id="the evening belongs to its day"),
        pytest.param("2026-10-17 10:00", "2026-10-21 16:00", id="Saturday: Monday is the first working day"),
        pytest.param("2026-08-13 10:00", "2026-08-19 16:00", id="over weekend and Independence Day"),
    ],
)
def test_the_requester_may_reopen_until_closing_time_of_the_third_working_day(
    office: Office, done: str, until: str
) -> None:
    office.at(done)
    ticket = office.ticket_in("finishing")
    office.at(done)
    ticket = office.do("finish", ticket, now=wib(done))
    assert ticket.reopen_until == wib(until)


# Frozen standards and calendars


def other_calendar() -> CalendarRevision:
    """A further revision: work from 06:00 to 07:00 only, every weekday."""
    first = CalendarRevision.objects.get(number=1)
    day = [["06:00", "07:00"]]
    normal: dict[str, Any] = {**first.data["normal"], "days": [day, day, day, day, day, [], []]}
    return CalendarRevision.objects.create(number=2, name="Percobaan", data={**first.data, "normal": normal})


def test_a_new_calendar_touches_only_runs_that_start_afterwards(office: Office) -> None:
    ticket = office.ticket_in("working")
    office.at("2026-10-12 08:13")
    ticket = office.do("hold", ticket)
    other_calendar()
    office.at("2026-10-12 09:00")
    ticket = office.do("resume", ticket)
    assert due(ticket) == "2026-10-12 09:50:00"
    office.at("2026-10-12 09:30")
    ticket = office.do("complete_work", ticket)
    assert last_run(ticket).net_seconds == 40 * 60
    assert (run_of(ticket).calendar.number, due(ticket)) == (2, "2026-10-13 06:10:00")


def test_a_new_sop_touches_only_tickets_submitted_afterwards(office: Office) -> None:
    old = office.submit()
    twice = {step: (low * 2, high * 2) for step, (low, high) in STANDARDS.items()}
    make_sop(effective=date(2026, 10, 12), standards=twice)
    assert run_of(office.do("approve", old)).maximum == 5
    new = office.submit()
    assert run_of(new).maximum == 20
    assert run_of(office.do("approve", new)).maximum == 10


def test_a_revision_of_the_sop_is_in_force_from_its_date_on(office: Office) -> None:
    coming = make_sop(effective=date(2026, 10, 13))
    office.at("2026-10-12 23:59")
    assert office.submit().sop_id != coming.pk
    office.at("2026-10-13 00:00")
    assert office.submit().sop_id == coming.pk


def test_a_run_keeps_its_standard_though_the_row_of_the_sop_is_changed(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    with pgtrigger.ignore("tickets.SopStep:append_only"):
        ticket.sop.steps.filter(number=2).update(minimum=1, maximum=999)
    office.wait(minutes=6)
    assert last_run(office.do("accept", ticket)).verdict == "late"


# Times are whole seconds, read from the database, and never run backwards


def test_all_times_are_whole_seconds(office: Office) -> None:
    office.now = office.now.replace(microsecond=900_000)
    ticket = office.submit()
    office.wait(seconds=1, microseconds=200_000)
    run = last_run(office.do("approve", ticket))
    assert run.ended_at
    assert (run.started_at.microsecond, run.ended_at.microsecond) == (0, 0)
    assert (run.net_seconds or 0) + (run.held_seconds or 0) == (run.ended_at - run.started_at).total_seconds()


def test_without_a_simulated_now_the_databases_clock_is_taken(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: wib("2001-01-01 00:00"))
    ticket = office.submit(now=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    assert timedelta(0) <= now - ticket.submitted_at < timedelta(minutes=1)
    assert ticket.submitted_at.microsecond == 0


def test_a_clock_that_jumps_back_after_a_hold_counts_no_second_twice(office: Office) -> None:
    ticket = office.ticket_in("working")
    office.wait(minutes=10)
    ticket = office.do("hold", ticket)
    resumed = office.wait(minutes=30)
    ticket = office.do("resume", ticket)
    office.wait(minutes=-20)
    run = last_run(office.do("complete_work", ticket))
    assert (run.ended_at, run.net_seconds, run.held_seconds) == (resumed, 600, 1800)


def test_a_clock_that_jumps_back_reopens_no_ticket_before_its_end(office: Office) -> None:
    ticket = office.ticket_in("done")
    office.wait(days=-1)
    assert run_of(office.do("reopen", ticket)).started_at == ticket.closed_at
