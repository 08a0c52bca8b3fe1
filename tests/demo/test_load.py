"""A small demo office: it is repeatable, whole or not there at all, and breaks no invariant."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from dashboard.metrics import Scope
from dashboard.periods import Period, Unit
from demo import load
from demo.story import Story
from network.models import Device
from tests.dashboard.recomputed import agrees, tell
from tickets.models import Ticket, TicketEvent
from tickets.workflow import Status
from worktime.models import CalendarRevision

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # Friday 15.30 in Jakarta

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "TICKETS", 12)


def told() -> list[tuple[object, ...]]:
    """What happened, without the ids that the database counts on."""
    facts = "ticket__number", "seq", "kind", "at", "by__username", "status_from", "status_to", "text__body"
    return list(TicketEvent.objects.order_by("ticket__number", "seq").values_list(*facts))


def test_every_status_is_shown_no_invariant_is_broken_and_every_figure_agrees_with_the_history() -> None:
    load.load(NOW)
    assert set(Ticket.objects.values_list("status", flat=True)) == set(Status.values)
    call_command("verify_integrity")
    told = tell()
    for unit in (Unit.WEEK, Unit.MONTH, Unit.YEAR):
        agrees(Scope(Period.around(NOW.date(), unit)), told)


def test_the_same_moment_gives_the_same_office() -> None:
    tellings = []
    for _ in range(2):
        with pytest.raises(KeyError), load.one_transaction(NOW):
            load.fill(NOW)
            tellings.append(told())
            raise KeyError
    assert len(tellings[0]) > 100
    assert tellings[0] == tellings[1]


def test_an_office_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(story: Story, minutes: float) -> None:
        raise ArithmeticError

    monkeypatch.setattr(Story, "pass_test", fail)
    before = User.objects.count()
    with pytest.raises(ArithmeticError):
        load.load(NOW)
    assert not Ticket.objects.exists()
    assert not Device.objects.exists()
    assert User.objects.count() == before


def test_what_is_read_once_while_loading_is_read_again_afterwards() -> None:
    load.load(NOW)
    assert connection.features.uses_savepoints
    assert CalendarRevision.objects.current() is not CalendarRevision.objects.current()
