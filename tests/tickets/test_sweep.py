"""What the clock's look finds, and that it finds each thing once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.tickets.factories import Office, wib
from tickets import actions
from tickets.models import Outbox, Ticket, TicketEvent
from tickets.workflow import Action, Notice, Status

pytestmark = pytest.mark.django_db

# Step 2's standard is 5 minutes; a ticket is assigned at 08:01.
WARN, DUE, ESCALATE = wib("2026-10-12 08:05:00"), wib("2026-10-12 08:06:00"), wib("2026-10-12 08:11:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(office: Office) -> Ticket:
    ticket = office.ticket_in(Status.ASSIGNED)
    Outbox.objects.all().delete()
    return ticket


def noticed(ticket: Ticket) -> list[str]:
    kinds = ticket.events.filter(kind__in=Notice.values).order_by("seq").values_list("kind", flat=True)
    return list(kinds)


def told() -> list[str]:
    return list(Outbox.objects.order_by("pk").values_list("event__kind", flat=True))


@pytest.mark.parametrize(
    ("moment", "kind"), [(WARN, Notice.WARNED), (DUE, Notice.OVERDUE), (ESCALATE, Notice.ESCALATED)]
)
def test_a_threshold_is_not_passed_at_its_last_instant_and_is_a_second_later(
    ticket: Ticket, moment: datetime, kind: str
) -> None:
    actions.flag_overdue(moment)
    assert kind not in noticed(ticket)
    actions.flag_overdue(moment + SECOND)
    assert noticed(ticket)[-1] == kind


def test_looks_in_time_tell_each_threshold_once(ticket: Ticket) -> None:
    for moment in (WARN, DUE, ESCALATE):
        for _again in range(3):
            actions.flag_overdue(moment + SECOND)
    assert noticed(ticket) == ["warned", "overdue", "escalated"] == told()


def test_a_late_look_records_every_threshold_and_tells_the_highest(ticket: Ticket) -> None:
    assert actions.flag_overdue(ESCALATE + timedelta(hours=1)) == 1
    assert noticed(ticket) == ["warned", "overdue", "escalated"]
    assert told() == ["escalated"]


def test_the_run_keeps_the_moment_at_which_each_passing_was_noticed(ticket: Ticket) -> None:
    actions.flag_overdue(WARN + SECOND)
    actions.flag_overdue(ESCALATE + SECOND)
    run = ticket.runs.get(ended_at=None)
    assert (run.warned_at, run.overdue_at, run.escalated_at) == (WARN + SECOND, ESCALATE + SECOND, ESCALATE + SECOND)


def test_what_the_clock_finds_has_no_author_and_names_its_run(ticket: Ticket) -> None:
    actions.flag_overdue(DUE + SECOND)
    event = ticket.events.get(kind=Notice.OVERDUE)
    assert event.by is None
    assert event.run == ticket.runs.get(ended_at=None)
    assert event.status_from == event.status_to == Status.ASSIGNED


def test_nothing_due_is_nothing_done(ticket: Ticket) -> None:
    events = TicketEvent.objects.count()
    assert actions.flag_overdue(WARN) == 0
    assert TicketEvent.objects.count() == events


def test_a_run_on_hold_passes_no_threshold(office: Office, ticket: Ticket) -> None:
    office.do(Action.HOLD, ticket)
    assert actions.flag_overdue(ESCALATE + timedelta(days=1)) == 0


def test_a_resumed_run_is_flagged_by_the_seconds_that_were_left(office: Office, ticket: Ticket) -> None:
    held = office.do(Action.HOLD, ticket)  # at 08:01, all five minutes left
    office.at("2026-10-12 10:00")
    office.do(Action.RESUME, held)
    actions.flag_overdue(wib("2026-10-12 10:05:00"))
    assert noticed(ticket) == ["warned"]
    actions.flag_overdue(wib("2026-10-12 10:05:01"))
    assert noticed(ticket) == ["warned", "overdue"]


def test_an_ended_run_is_left_alone(office: Office, ticket: Ticket) -> None:
    office.wait(minutes=2)
    office.do(Action.CANCEL, ticket)
    assert actions.flag_overdue(ESCALATE + timedelta(days=1)) == 0


def test_an_action_past_the_due_time_sets_the_flag_itself_and_tells_nobody(office: Office, ticket: Ticket) -> None:
    office.wait(minutes=30)
    office.do(Action.ACCEPT, ticket)
    run = ticket.runs.get(step=2)
    assert run.overdue_at == office.now
    actions.flag_overdue(office.now)
    assert noticed(ticket) == []


def test_flags_are_written_in_batches_until_none_is_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.sweep, "BATCH", 2)
    for _number in range(5):
        office.ticket_in(Status.ASSIGNED)
    assert actions.flag_overdue(wib("2026-10-12 10:00")) == 5


def test_a_hold_is_remembered_once_when_its_time_to_look_again_comes(office: Office, ticket: Ticket) -> None:
    office.do(Action.HOLD, ticket)
    look_again = office.now + timedelta(days=1)
    assert actions.remind_of_holds(look_again - SECOND) == 0
    assert actions.remind_of_holds(look_again) == 1
    assert actions.remind_of_holds(look_again) == 0
    assert told() == ["hold", "look_again"]


def test_a_resumed_hold_is_not_remembered(office: Office, ticket: Ticket) -> None:
    held = office.do(Action.HOLD, ticket)
    office.wait(hours=1)
    office.do(Action.RESUME, held)
    assert actions.remind_of_holds(office.now + timedelta(days=2)) == 0
