"""What is kept until the next event is what counting would find."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tickets.factories import Office
from tickets import kept, loads, polls
from tickets.models import Ticket
from tickets.workflow import Action, Status


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_kept", {})


def told(office: Office, minutes: int = 0) -> tuple[dict[str, Any], int]:
    """The supervisor's tally so many minutes later, and how many queries it took beside the glance."""
    seen = polls.glance(office.supervisor)
    at = polls.Glance(office.now + timedelta(minutes=minutes), seen.mark, seen.bell)
    with CaptureQueriesContext(connection) as asked:
        tally = kept.open_tally(at, office.supervisor)
    assert tally == {"together": 1} | Ticket.objects.all().tally(at.now)
    return tally, len(asked)


def test_the_tally_is_counted_once_while_nothing_happens(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    assert told(office)[1] == 1
    assert told(office, minutes=1)[1] == 0


def test_the_tally_is_counted_anew_after_an_event(office: Office) -> None:
    office.ticket_in(Status.ASSIGNED)
    told(office)
    office.do(Action.HOLD, office.ticket_in(Status.WORKING))
    assert told(office)[0]["held"] == 1


def test_a_step_that_becomes_late_is_in_the_tally_at_once(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    assert ticket.current_run is not None and ticket.current_run.due_at is not None
    assert told(office)[0]["overdue"] == 0
    left = int((ticket.current_run.due_at - office.now).total_seconds()) // 60
    assert told(office, minutes=left)[0]["overdue"] == 0
    assert told(office, minutes=left + 1)[0]["overdue"] == 1


def test_a_requester_is_told_of_their_own_tickets_alone(office: Office) -> None:
    office.ticket_in(Status.ASSIGNED)
    assert kept.open_tally(polls.glance(office.requester), office.requester)["open"] == 1
    assert kept.open_tally(polls.glance(office.colleague), office.colleague)["open"] == 0


# The queue


def queue(office: Office, minutes: int = 0) -> tuple[list[Any], int]:
    """The supervisor's queue so many minutes later, and how often it was read."""
    seen = polls.glance(office.supervisor)
    at = polls.Glance(office.now + timedelta(minutes=minutes), seen.mark, seen.bell)
    with CaptureQueriesContext(connection) as asked:
        found = [row.pk for row in kept.open_queue(at, office.supervisor)]
    assert found == [ticket.pk for ticket in Ticket.objects.open().in_queue_order(at.now)]
    return found, len([query for query in asked if "_queue" in query["sql"]])


def test_the_queue_is_read_once_while_nothing_happens(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    assert queue(office)[1] == 1
    assert queue(office, minutes=1)[1] == 0


def test_the_queue_follows_each_event(office: Office) -> None:
    first, second = office.ticket_in(Status.ASSIGNED), office.ticket_in(Status.ASSIGNED)
    assert queue(office)[0] == [first.pk, second.pk]
    office.do(Action.CHANGE_PRIORITY, second, priority=1)
    assert queue(office)[0] == [second.pk, first.pk]


def test_a_step_that_becomes_late_leads_the_queue_at_once(office: Office) -> None:
    slow, brisk = office.ticket_in(Status.WORKING), office.ticket_in(Status.ASSIGNED)
    office.do(Action.CHANGE_PRIORITY, slow, priority=1)
    assert queue(office)[0] == [slow.pk, brisk.pk]
    brisk.refresh_from_db()
    assert brisk.current_run is not None and brisk.current_run.due_at is not None
    left = int((brisk.current_run.due_at - office.now).total_seconds()) // 60
    assert queue(office, minutes=left)[0] == [slow.pk, brisk.pk]
    assert queue(office, minutes=left + 1)[0] == [brisk.pk, slow.pk]


# Technicians' loads


def loads_of(office: Office) -> dict[str, tuple[int, int, int]]:
    return {one.name: (one.open, one.held, one.minutes) for one in loads.technicians(office.now)}


def test_loads_are_counted_once_while_nothing_happens(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    loads_of(office)
    with CaptureQueriesContext(connection) as asked:
        loads_of(office)
    assert len(asked) == 2  # who is there, and whether anything has happened


def test_loads_follow_each_event(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    assert loads_of(office)["Teknisi"] == (1, 0, 80)
    ticket = office.do(Action.HOLD, ticket)
    assert loads_of(office)["Teknisi"] == (1, 1, 0)
    ticket = office.do(Action.REASSIGN, ticket)
    assert loads_of(office)["Teknisi"] == (0, 0, 0)
    assert loads_of(office)["Teknisi Lain"][0] == 1
    office.do(Action.CANCEL, ticket)
    assert loads_of(office)["Teknisi Lain"] == (0, 0, 0)


def test_loads_are_what_counting_for_each_technician_finds(office: Office) -> None:
    for status in (Status.ASSIGNED, Status.IDENTIFYING, Status.WORKING, Status.TESTING, Status.FINISHING, Status.DONE):
        office.ticket_in(status)
    office.ticket_in(Status.WORKING, on_hold=True)
    for person in (office.technician, office.other_technician):
        mine = list(Ticket.objects.open().filter(technician=person).select_related("current_run"))
        runs = [ticket.current_run for ticket in mine if ticket.current_run is not None]
        ahead = [
            step.maximum
            for ticket, run in zip(mine, runs, strict=True)
            for step in ticket.sop.steps.all()
            if run.due_at is not None and step.number >= run.step
        ]
        expected = (len(mine), len([run for run in runs if run.due_at is None]), sum(ahead))
        assert loads.loads().get(person.pk, (0, 0, 0)) == expected
