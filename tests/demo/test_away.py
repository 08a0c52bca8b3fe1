"""Who of the demo office is away: somebody next week, somebody in the past, nobody today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Absence, User
from demo import load
from tests.tickets.snapshot import undone
from tickets.models import StepRun, Ticket

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # Friday 15.30 in Jakarta

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def small(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all tests here, which only read."""
    with django_db_blocker.unblock(), undone(), patch.object(load, "TICKETS", 12):
        load.load(NOW)
        yield


def test_one_is_away_for_two_days_next_week_and_one_was_in_the_past() -> None:
    past, coming = Absence.objects.order_by("first_on")
    assert (coming.first_on, coming.last_on) == (date(2026, 11, 25), date(2026, 11, 26))
    assert past.last_on < timezone.localdate(NOW)
    assert (past.last_on - past.first_on).days == 1


def test_everybody_with_an_open_ticket_is_there_today() -> None:
    holding = Ticket.objects.open().exclude(technician=None).values("technician")
    assert not User.objects.absent(NOW).filter(pk__in=holding).exists()


def test_nobody_was_given_work_on_a_day_of_absence() -> None:
    for absence in Absence.objects.all():
        days = (absence.first_on, absence.last_on)
        assert not StepRun.objects.filter(technician=absence.user, started_at__date__range=days).exists()
