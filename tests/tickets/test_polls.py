"""What an open page asks: one cheap question while nothing has changed, and nothing that happened is missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import absences
from accounts.models import User
from accounts.prepared import spelt_out
from tests.tickets.factories import Office
from tickets import actions, notify, polls
from tickets.bell import bell_of
from tickets.models import Ticket, TicketEvent
from tickets.page import TicketPage, load
from tickets.workflow import Status

pytestmark = pytest.mark.django_db

ROLES = ("requester", "technician", "admin", "supervisor")


class Page:
    """A page that a person has open."""

    def __init__(self, user: User, name: str, *args: Any) -> None:
        self.client = Client()
        self.client.force_login(user)
        html = self.client.get(reverse(name, args=args)).content.decode()
        region = html[max(html.find('id="main"'), 0) :]
        self.address, self.version = _attribute(region, "data-live"), _attribute(region, "data-version")
        self.bell = bell_of(user).version

    def poll(self) -> Any:
        return self.client.get(self.address, {"v": self.version, "b": self.bell}, headers={"HX-Request": "true"})


def _attribute(html: str, name: str) -> str:
    return html.split(f'{name}="', 1)[1].partition('"')[0]


@pytest.fixture
def office(office: Office) -> Office:
    """The office an hour ago: what is done through the web happens at the database's own time."""
    office.now = actions.database_now() - timedelta(hours=1)
    return office


@pytest.fixture
def ticket(office: Office) -> Ticket:
    found = office.ticket_in(Status.WORKING, device=office.device(), device_text="")
    notify.fan_out()
    return found


def pages(user: User, ticket: Ticket) -> dict[str, Page]:
    return {
        "ticket": Page(user, "tickets:detail", ticket.number),
        "list": Page(user, "tickets:list"),
        "home": Page(user, "dashboard:home"),
        "device": Page(user, "tickets:of-device", ticket.device_id),
    }


# Cost


@pytest.mark.parametrize("role", ROLES)
def test_a_poll_without_news_reads_three_times_and_writes_nothing(office: Office, ticket: Ticket, role: str) -> None:
    """The session, the person, and one question; a device's tickets ask for the device first."""
    for name, page in pages(getattr(office, role), ticket).items():
        with CaptureQueriesContext(connection) as captured:
            answer = page.poll()
        asked = [spelt_out(query["sql"]) for query in captured.captured_queries]
        assert (answer.status_code, answer.content, len(answer.cookies)) == (204, b"", 0), name
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert len(asked) == (4 if name == "device" else 3), (name, asked)
        assert all(sql.startswith("SELECT") for sql in asked)


def test_each_poll_tells_the_databases_time(office: Office, ticket: Ticket) -> None:
    page = Page(office.requester, "tickets:detail", ticket.number)
    for _ in range(2):
        told = int(page.poll().headers["X-Now"])
        assert abs(told - actions.database_now().timestamp()) <= 5
        office.do("comment", ticket)


# News


@pytest.mark.parametrize("role", ROLES)
def test_what_happens_to_a_ticket_reaches_every_open_page(office: Office, ticket: Ticket, role: str) -> None:
    opened = pages(getattr(office, role), ticket)
    office.do("comment", ticket, by=office.technician, text="Kabelnya putus.")
    for name, page in opened.items():
        assert page.poll().status_code == 200, name


def test_news_in_the_bell_alone_brings_the_bell_alone(office: Office, ticket: Ticket) -> None:
    page = Page(office.requester, "tickets:detail", ticket.number)
    page.bell = "0-0"
    answer = page.poll().content.decode()
    assert 'id="bell"' in answer
    assert 'id="ticket"' not in answer
    page.bell = bell_of(office.requester).version
    office.do("comment", ticket)
    answer = page.poll().content.decode()
    assert 'id="bell"' not in answer
    assert 'id="ticket"' in answer


def test_a_poll_that_knows_no_bell_gets_none(office: Office, ticket: Ticket) -> None:
    page = Page(office.requester, "tickets:detail", ticket.number)
    page.bell = ""
    assert page.poll().status_code == 204


def test_an_event_that_appears_after_one_with_a_higher_id_is_news(office: Office, ticket: Ticket) -> None:
    """Ids are given before the transactions are through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tickets_ticketevent', 'id'))")
        (early,) = cursor.fetchone()
    office.submit(by=office.colleague)
    page = Page(office.technician, "tickets:list")
    assert page.poll().status_code == 204
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('tickets_ticketevent', 'id'), %s, false)", [early])
    office.do("comment", ticket)
    assert TicketEvent.objects.latest("at", "pk").pk != early
    assert TicketEvent.objects.filter(pk=early).exists()
    assert page.poll().status_code == 200


def test_what_happens_while_a_ticket_is_drawn_is_news_to_its_page(office: Office, ticket: Ticket) -> None:
    """The ticket is read first, its history last."""
    read = load(office.requester, ticket.number)
    office.do("comment", ticket)
    version = TicketPage(office.requester, read).version
    seen = polls.glance_at(ticket.number, office.requester)
    assert version != polls.ticket_version(seen.mark, seen.clock, seen.now)
    again = TicketPage(office.requester, load(office.requester, ticket.number)).version
    assert again == polls.ticket_version(seen.mark, seen.clock, seen.now)


def test_an_absence_reaches_the_home_of_admins_alone(office: Office, ticket: Ticket) -> None:
    admins, requesters = Page(office.admin, "dashboard:home"), Page(office.requester, "dashboard:home")
    today = timezone.localdate()
    absence = absences.enter(
        office.technician, first_on=today, last_on=today + timedelta(days=1), reason="Sakit", by=office.technician
    )
    assert admins.poll().status_code == 200
    assert requesters.poll().status_code == 204
    admins = Page(office.admin, "dashboard:home")
    assert admins.poll().status_code == 204
    absences.end(absence, by=office.technician)
    assert admins.poll().status_code == 200


# Nobody peeks


def test_another_persons_ticket_stirs_no_page_of_an_employee(office: Office, ticket: Ticket) -> None:
    other = office.submit(by=office.colleague)
    opened = pages(office.requester, ticket)
    office.do("comment", other, by=office.colleague)
    office.do("comment", ticket, by=office.technician, text="Hanya untuk kita.", internal=True)
    for name, page in opened.items():
        assert page.poll().status_code == 204, name
    stranger = Client()
    stranger.force_login(office.colleague)
    for number in (ticket.number, "HC-2020-999999"):
        assert stranger.get(reverse("tickets:fragment", args=[number]), {"v": "1-runs-1"}).status_code == 404


def test_who_loses_a_role_sees_no_more_of_it_at_the_next_poll(office: Office, ticket: Ticket) -> None:
    page = Page(office.supervisor, "tickets:detail", ticket.number)
    assert page.poll().status_code == 204
    office.supervisor.set_roles([])
    assert page.poll().status_code == 404
