"""What was done is told on the next page, once, to the browser that did it, and no session is written for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.toasts import NAME
from tests.tickets.factories import Office, make_office
from tickets.forms import FORMS
from tickets.workflow import Action, Status

TOLD = str(FORMS[Action.ACCEPT].said).encode()


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def technician(office: Office) -> Client:
    client = Client()
    client.force_login(office.technician)
    return client


def accept(client: Client, office: Office) -> Any:
    ticket = office.ticket_in(Status.ASSIGNED)
    address = reverse("tickets:accept", args=[ticket.number])
    return client.post(address, {"run": ticket.current_run_id})


def test_a_toast_is_shown_on_the_next_page_and_not_again(technician: Client, office: Office) -> None:
    answer = accept(technician, office)
    page = technician.get(answer.url)
    assert TOLD in page.content
    assert not technician.cookies[NAME].value
    assert TOLD not in technician.get(answer.url).content


def test_the_cookie_goes_where_the_sessions_goes_and_no_script_reads_it(technician: Client, office: Office) -> None:
    cookie = accept(technician, office).cookies[NAME]
    assert (cookie["path"], cookie["samesite"]) == (settings.SESSION_COOKIE_PATH, "Lax")
    assert cookie["httponly"]
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE


def test_a_toast_that_somebody_wrote_themselves_is_not_shown(technician: Client, office: Office) -> None:
    answer = accept(technician, office)
    technician.cookies[NAME] = technician.cookies[NAME].value.replace(":", "x:", 1)
    assert TOLD not in technician.get(answer.url).content


def test_no_session_is_written_for_it(technician: Client, office: Office) -> None:
    technician.get(reverse("dashboard:home"))
    before = Session.objects.get().session_data
    with CaptureQueriesContext(connection) as captured:
        accept(technician, office)
    assert not [
        query["sql"]
        for query in captured
        if query["sql"].startswith(('UPDATE "django_session"', 'INSERT INTO "django_s'))
    ]
    assert Session.objects.get().session_data == before
