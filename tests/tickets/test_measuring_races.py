"""Measurements at once: none lost, none doubled, and none behind a decision's back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.tickets.factories import ALL_OK, Office, make_office
from tests.tickets.measuring import link_of, read
from tests.tickets.racing import ROUNDS, THREADS, Racer, Track, won
from tickets import actions
from tickets.integrity import violations
from tickets.measuring import Figures
from tickets.models import ConnectionTest, Measurement, Ticket
from tickets.workflow import Status

pytestmark = pytest.mark.race


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    yield make_office(now=actions.database_now())
    assert list(violations()) == []


def test_two_measurements_at_once_are_both_kept_and_a_replay_once(office: Office, track: Track) -> None:
    for _ in range(ROUNDS):
        ticket = office.ticket_in(Status.TESTING)
        track.run(measuring(ticket), measuring(ticket, read()))
        assert Measurement.objects.filter(run=ticket.current_run_id).count() == THREADS // 2 + 1


def test_a_test_is_decided_on_its_newest_measurement(office: Office, track: Track) -> None:
    """Seven measure while one decides, a little later each round: one decision, no measurement after it. The
    invariants say the rest."""
    for number in range(1, ROUNDS + 1):
        ticket = office.ticket_in(Status.TESTING)
        decide = partial(later, number * 0.01, actions.pass_test, ticket, results=ALL_OK, by=office.technician)
        found = track.run(*[measuring(ticket)] * (THREADS - 1), decide)
        assert ConnectionTest.objects.count() == number
        assert won(found) == 1 + Measurement.objects.filter(run=ticket.current_run_id).count()
    assert Measurement.objects.exists()


def later(seconds: float, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """So that in some rounds the others are first, whatever the machine."""
    time.sleep(seconds)
    return act(*args, **kwargs)


def measuring(ticket: Ticket, same: Figures | None = None) -> Racer:
    """A PC that sends figures of its own each time, or always the `same`."""
    link = link_of(ticket)
    return lambda: actions.keep_measurement(link, same or read(), origin=None)
