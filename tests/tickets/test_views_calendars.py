"""The page on which an admin moves open steps to the newest calendar."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.tickets.factories import Office, wib
from tests.tickets.test_reckoning import open_run, publish_holiday
from tickets.workflow import Notice, Status

pytestmark = pytest.mark.django_db

PAGE = "tickets:older-calendars"


@pytest.fixture
def as_admin(office: Office, client: Client) -> Client:
    client.force_login(office.admin)
    return client


def test_the_page_shows_each_open_step_with_its_due_time_before_and_after(office: Office, as_admin: Client) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    publish_holiday("2026-10-12")
    page = as_admin.get(reverse(PAGE)).content.decode()
    assert ticket.number in page
    assert "08.06" in page and "07.35" in page


def test_one_click_moves_them_and_names_the_admin(office: Office, as_admin: Client) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    newest = publish_holiday("2026-10-12")
    answer = as_admin.post(reverse(PAGE), {"revision": newest.pk})
    assert answer.status_code == 302
    assert open_run(ticket).due_at == wib("2026-10-13 07:35")
    event = ticket.events.get(kind=Notice.RECKONED_ANEW)
    assert (event.by, event.origin) == (office.admin, "127.0.0.1")


def test_a_screen_drawn_for_an_older_calendar_moves_nothing(office: Office, as_admin: Client) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    shown = publish_holiday("2026-10-12")
    publish_holiday("2026-10-13")
    assert as_admin.post(reverse(PAGE), {"revision": shown.pk}).status_code == 409
    assert not ticket.events.filter(kind=Notice.RECKONED_ANEW).exists()


def test_with_nothing_to_move_the_page_says_so(office: Office, as_admin: Client) -> None:
    office.ticket_in(Status.ASSIGNED)
    assert "Semua langkah memakai kalender terbaru" in as_admin.get(reverse(PAGE)).content.decode()


def test_the_calendars_fragment_counts_them(office: Office, as_admin: Client) -> None:
    office.ticket_in(Status.ASSIGNED)
    publish_holiday("2026-10-12")
    assert "1 langkah berjalan" in as_admin.get(reverse("tickets:calendar-effect")).content.decode()
