"""`manage.py quick_clock`: what the clock does can be seen within minutes, at any hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.tickets.factories import Office, make_office
from tickets import actions
from worktime.models import CalendarRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def test_a_new_ticket_has_a_minute_for_its_step_at_any_hour(office: Office) -> None:
    call_command("quick_clock", verbosity=0)
    office.now = actions.database_now()
    run = office.submit().current_run
    assert run is not None
    assert run.maximum == 1
    assert run.due_at is not None and run.due_at - run.started_at <= timedelta(seconds=61)


def test_a_ticket_that_exists_already_keeps_its_standard_and_calendar(office: Office) -> None:
    ticket = office.submit()
    before = ticket.current_run
    call_command("quick_clock", verbosity=0)
    assert before is not None
    before.refresh_from_db()
    assert (before.maximum, before.calendar.number) == (10, 1)
    approved = office.do("approve", ticket)
    assert approved.current_run is not None
    assert approved.current_run.maximum == 5  # its SOP revision; the new run takes today's calendar


def test_production_settings_are_refused(office: Office, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("quick_clock")
    assert CalendarRevision.objects.count() == 1
