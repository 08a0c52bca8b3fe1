"""When a ticket is likely to be finished: what the estimate is made of, and where none is given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Absence, User
from tests.tickets.factories import Office, wib
from tickets import actions, loads
from tickets.expectation import Expectation, expected_finish, expected_for_new
from tickets.models import Priority, Ticket
from tickets.page import load
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db

MINUTE = 60
WHOLE = 105  # working minutes of all six steps


def expected(office: Office, ticket: Ticket) -> Expectation:
    found = expected_finish(load(office.admin, ticket.number), office.now)
    assert found is not None
    return found


def away(person: User, first: date, last: date) -> None:
    Absence.objects.create(user=person, first_on=first, last_on=last, reason="Cuti", recorded_by=person)


def busy(office: Office, **facts: Any) -> Ticket:
    """A ticket in step 4 of the office's technician, begun now: 60 + 10 + 10 minutes are before it."""
    at = office.now
    ticket = office.ticket_in(Status.WORKING, **facts)
    office.now = at
    return ticket


def test_a_new_ticket_takes_the_whole_standard_where_somebody_is_free(office: Office) -> None:
    found = expected_for_new(wib("2026-10-12 09:00"))
    assert (found.own, found.queue, found.ahead) == (WHOLE * MINUTE, 0, 0)
    assert (found.finish, found.starts) == (wib("2026-10-12 10:45"), None)


def test_out_of_hours_it_begins_at_opening(office: Office) -> None:
    found = expected_for_new(wib("2026-10-17 20:00"))
    assert (found.starts, found.finish) == (wib("2026-10-19 07:30"), wib("2026-10-19 09:15"))


def test_what_is_left_of_today_counts_first(office: Office) -> None:
    assert expected_for_new(wib("2026-10-12 15:00")).finish == wib("2026-10-13 08:15")


def test_work_that_ends_with_the_day_ends_at_closing_not_at_the_next_opening(office: Office) -> None:
    assert expected_for_new(wib("2026-10-12 14:15")).finish == wib("2026-10-12 16:00")


def test_where_everybody_has_work_the_shortest_queue_comes_first(office: Office) -> None:
    busy(office)
    busy(office)
    other = busy(office)
    actions.reassign(other, technician=office.other_technician, reason="x", by=office.admin, now=office.now)
    found = expected_for_new(office.now)
    assert (found.queue, found.ahead) == (WHOLE * MINUTE - 10 * MINUTE, 1)  # steps 2 to 6 of the one


def test_who_is_away_takes_nothing_however_free(office: Office) -> None:
    busy(office)
    away(office.other_technician, office.now.date(), office.now.date())
    assert expected_for_new(office.now).queue == 80 * MINUTE


def test_where_everybody_is_away_it_begins_when_the_first_is_back(office: Office) -> None:
    away(office.technician, date(2026, 10, 12), date(2026, 10, 14))
    away(office.other_technician, date(2026, 10, 12), date(2026, 10, 13))
    found = expected_for_new(wib("2026-10-12 09:00"))
    assert found.away_until == date(2026, 10, 13)
    assert (found.starts, found.finish) == (wib("2026-10-14 07:30"), wib("2026-10-14 09:15"))


def test_an_office_without_technicians_still_gets_an_answer(office: Office) -> None:
    for person in (office.technician, office.other_technician):
        person.set_roles([])
    assert expected_for_new(wib("2026-10-12 09:00")).finish == wib("2026-10-12 10:45")


def test_before_approval_what_step_1_has_used_is_gone(office: Office) -> None:
    ticket = office.submit()
    office.wait(minutes=4)
    found = expected(office, ticket)
    assert found.own == (WHOLE - 4) * MINUTE
    assert found.finish == wib("2026-10-12 09:45")


def test_after_approval_the_current_steps_rest_and_the_steps_ahead_count(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.wait(minutes=20)
    assert expected(office, ticket).own == (40 + 10 + 10) * MINUTE


def test_tickets_ahead_in_the_technicians_queue_come_first(office: Office) -> None:
    urgent, ticket = busy(office), busy(office)
    actions.change_priority(urgent, priority=Priority.URGENT, by=office.admin, now=office.now)
    found = expected(office, ticket)
    assert (found.queue, found.ahead) == (80 * MINUTE, 1)
    assert expected(office, urgent).queue == 0


def test_tickets_on_hold_and_those_of_colleagues_are_not_waited_for(office: Office) -> None:
    held, ticket = busy(office), busy(office)
    actions.change_priority(held, priority=Priority.URGENT, by=office.admin, now=office.now)
    office.wait(minutes=10)
    office.do(Action.HOLD, held)
    assert expected(office, ticket).queue == 0


def test_a_technician_who_is_away_begins_on_the_day_after(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    away(office.technician, date(2026, 10, 12), date(2026, 10, 12))
    found = expected(office, ticket)
    assert (found.away_until, found.starts) == (date(2026, 10, 12), wib("2026-10-13 07:30"))


def test_on_hold_no_finish_is_told(office: Office) -> None:
    found = expected(office, office.ticket_in(Status.WORKING, on_hold=True))
    assert (found.on_hold, found.finish) == (True, None)


def test_a_late_step_is_told_and_takes_nothing_more(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.wait(minutes=70)
    found = expected(office, ticket)
    assert (found.is_late, found.own) == (True, 20 * MINUTE)


def test_when_the_last_step_is_late_no_finish_is_told(office: Office) -> None:
    ticket = office.ticket_in(Status.FINISHING)
    office.wait(minutes=11)
    found = expected(office, ticket)
    assert (found.is_late, found.finish) == (True, None)


def test_a_closed_ticket_expects_nothing(office: Office) -> None:
    assert expected_finish(office.ticket_in(Status.DONE), office.now) is None


@pytest.mark.parametrize(("status", "number"), [(Status.SUBMITTED, 4), (Status.WORKING, 2)])
def test_the_estimate_costs_few_queries_beside_what_the_page_has(office: Office, status: Status, number: int) -> None:
    """The calendar, and the technician's queue; before there is one, who is present, and what each of them has if
    anything has happened since that was counted."""
    for _ in range(3):
        busy(office)
    ticket = load(office.admin, office.ticket_in(status).number)
    _ = ticket.sop.standards, ticket.current_run and ticket.current_run.calendar.calendar
    with CaptureQueriesContext(connection) as queries:
        expected_finish(ticket, office.now)
    assert len(queries) == number


# On the pages


def get(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    text: str = client.get(address).content.decode()
    return text


@pytest.fixture
def at_present(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    def read(user: User, number: str) -> Ticket:
        ticket = load(user, number)
        ticket.read_at = office.now  # type: ignore[attr-defined]
        return ticket

    monkeypatch.setattr(actions, "database_now", lambda: office.now)
    monkeypatch.setattr("tickets.views.ticket.load", read)


@pytest.mark.usefixtures("at_present")
def test_the_requester_reads_the_estimate_and_how_it_was_made(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    text = get(office.requester, ticket.get_absolute_url())
    assert "Perkiraan selesai <b>Sen, 12 Okt 2026 09.23 WIB</b>, bila semua langkah sesuai standar" in text
    assert "Sisa waktu standar semua langkah: 1 jam 20 menit kerja." in text


@pytest.mark.usefixtures("at_present")
def test_the_requester_of_a_ticket_on_hold_reads_that_no_finish_is_known(office: Office) -> None:
    text = get(office.requester, office.ticket_in(Status.WORKING, on_hold=True).get_absolute_url())
    assert "Selama ditunda, waktu selesai belum dapat diperkirakan." in text
    assert "Perkiraan selesai" not in text


@pytest.mark.usefixtures("at_present")
def test_before_submitting_it_is_told_as_well(office: Office) -> None:
    office.at("2026-10-16 20:00")
    text = get(office.requester, reverse("tickets:create"))
    assert "Perkiraan selesai <b>Sen, 19 Okt 2026 09.15 WIB</b>" in text
    assert "Waktu kerja dihitung mulai Sen, 19 Okt 2026 07.30 WIB." in text


# Loads


def rows(now: datetime) -> list[tuple[str, int, int, int]]:
    return [(one.name, one.open, one.held, one.minutes) for one in loads.technicians(now)]


def test_loads_count_tickets_holds_and_the_minutes_of_those_that_run(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    office.ticket_in(Status.ASSIGNED, on_hold=True)
    office.ticket_in(Status.DONE)
    assert rows(office.now) == [("Teknisi Lain", 0, 0, 0), ("Teknisi", 2, 1, 80)]


def test_who_is_away_stands_last_with_until_when_and_why(office: Office) -> None:
    busy(office)
    away(office.other_technician, date(2026, 10, 12), date(2026, 10, 13))
    assert [(one.name, one.away_until, one.away_reason) for one in loads.technicians(office.now)] == [
        ("Teknisi", None, ""),
        ("Teknisi Lain", date(2026, 10, 13), "Cuti"),
    ]
