"""Open runs moved to the newest calendar: explicit, recorded, and nobody told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.tickets.factories import Office, wib
from tickets import actions
from tickets.models import Outbox, StepRun, Ticket
from tickets.workflow import Action, Notice, Status
from worktime.models import CalendarRevision

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def publish_holiday(day: str) -> CalendarRevision:
    """A newer calendar in which this day is a holiday."""
    current = CalendarRevision.objects.current()
    data: dict[str, Any] = {**current.data, "holidays": dict(current.data["holidays"])}
    data["holidays"][day] = {"name": "Hari libur daerah", "kind": "public", "confirmed": True}
    return CalendarRevision.objects.create(number=current.number + 1, name="Libur daerah", zone=current.zone, data=data)


@pytest.fixture
def ticket(office: Office) -> Ticket:
    return office.ticket_in(Status.ASSIGNED)


def open_run(ticket: Ticket) -> StepRun:
    return ticket.runs.get(ended_at=None)


def test_a_new_calendar_alone_moves_no_open_run(ticket: Ticket) -> None:
    due = open_run(ticket).due_at
    publish_holiday("2026-10-12")
    assert open_run(ticket).due_at == due


def test_an_open_run_gets_the_due_time_of_the_new_calendar(office: Office, ticket: Ticket) -> None:
    newest = publish_holiday("2026-10-12")
    assert actions.reckon_anew(ticket, by=office.admin, now=office.now) is True
    assert open_run(ticket).calendar == newest
    assert open_run(ticket).due_at == wib("2026-10-13 07:35")


def test_the_move_is_recorded_with_both_calendars_and_due_times(office: Office, ticket: Ticket) -> None:
    before = open_run(ticket)
    newest = publish_holiday("2026-10-12")
    actions.reckon_anew(ticket, by=office.admin, origin="10.17.0.9", now=office.now)
    event = ticket.events.get(kind=Notice.RECKONED_ANEW)
    assert (event.by, event.origin) == (office.admin, "10.17.0.9")
    assert event.data == {
        "calendar_before": before.calendar_id,
        "due_before": before.due_at and before.due_at.isoformat(),
        "calendar": newest.pk,
        "due_at": "2026-10-13T00:35:00+00:00",
    }


def test_a_second_move_to_the_same_calendar_does_nothing(office: Office, ticket: Ticket) -> None:
    publish_holiday("2026-10-12")
    actions.reckon_anew(ticket, by=office.admin, now=office.now)
    assert actions.reckon_anew(ticket, by=office.admin, now=office.now) is False
    assert ticket.events.filter(kind=Notice.RECKONED_ANEW).count() == 1


def test_a_flag_whose_due_time_now_lies_ahead_is_taken_back(office: Office, ticket: Ticket) -> None:
    actions.flag_overdue(wib("2026-10-12 09:00"))
    publish_holiday("2026-10-12")
    actions.reckon_anew(ticket, by=office.admin, now=wib("2026-10-12 09:01"))
    run = open_run(ticket)
    assert (run.warned_at, run.overdue_at, run.escalated_at) == (None, None, None)


def test_a_flag_that_is_still_due_stays(office: Office, ticket: Ticket) -> None:
    actions.flag_overdue(wib("2026-10-12 09:00"))
    publish_holiday("2026-10-20")
    actions.reckon_anew(ticket, by=office.admin, now=wib("2026-10-12 09:01"))
    assert open_run(ticket).overdue_at == wib("2026-10-12 09:00")


def test_a_threshold_passed_again_is_recorded_and_told_to_nobody_twice(office: Office, ticket: Ticket) -> None:
    actions.flag_overdue(wib("2026-10-12 08:06:01"))
    publish_holiday("2026-10-12")
    actions.reckon_anew(ticket, by=office.admin, now=wib("2026-10-12 08:07"))
    actions.flag_overdue(wib("2026-10-13 07:35:01"))
    assert ticket.events.filter(kind=Notice.OVERDUE).count() == 2
    assert Outbox.objects.filter(event__kind=Notice.OVERDUE).count() == 1


def test_a_run_on_hold_changes_its_calendar_and_its_clock_still_stands(office: Office, ticket: Ticket) -> None:
    held = office.do(Action.HOLD, ticket)
    newest = publish_holiday("2026-10-12")
    actions.reckon_anew(held, by=office.admin, now=office.now)
    assert (open_run(ticket).calendar, open_run(ticket).due_at) == (newest, None)


def test_a_closed_ticket_keeps_its_calendar(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    publish_holiday("2026-10-12")
    assert actions.reckon_anew(ticket, by=office.admin, now=office.now) is False


def test_only_who_manages_tickets_may_reckon_anew(office: Office, ticket: Ticket) -> None:
    publish_holiday("2026-10-12")
    with pytest.raises(PermissionDenied):
        actions.reckon_anew(ticket, by=office.technician, now=office.now)
