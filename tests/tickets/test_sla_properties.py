"""Where a run's seconds went, on real rows that random acts have written, held against the slow clock.

The slow clock looks at every single second: does the wall show working time, and was the ticket on hold then? What it
counts is what the rows must hold, and no second may be missing or counted twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tickets.factories import Office, wib
from tests.worktime import model
from tickets import sla
from tickets.ledger_page import LedgerPage, load_run
from tickets.models import StepRun, Ticket
from tickets.workflow import Action, Status
from worktime.clock import Calendar

# Opening, lunch, closing, the weekend, and the eve of a holiday.
EDGES: Final = ("2026-10-12 07:25", "2026-10-12 11:50", "2026-10-12 15:50", "2026-10-16 16:20", "2026-12-23 15:55")
SECOND: Final = timedelta(seconds=1)

waits = st.lists(st.integers(0, 1500), min_size=1, max_size=7)


def slow(calendar: Calendar, run: StepRun) -> sla.Spent:
    """The run's seconds, one by one."""
    assert run.ended_at is not None
    holds = [(hold.started_at, hold.ended_at or run.ended_at) for hold in run.holds.all()]
    net = held = outside = 0
    at: datetime = run.started_at
    while at < run.ended_at:
        if not model.is_working(calendar, at):
            outside += 1
        elif any(start <= at < end for start, end in holds):
            held += 1
        else:
            net += 1
        at += SECOND
    return sla.Spent(net, held, outside)


def walk(office: Office, spans: list[int], last: Action) -> Ticket:
    """A ticket in step 4 that is put on hold and resumed by turns, with so many seconds between; then `last`."""
    ticket = office.ticket_in(Status.WORKING)
    for number, seconds in enumerate(spans):
        office.wait(seconds=seconds)
        ticket = office.do(Action.RESUME if number % 2 else Action.HOLD, ticket)
    if ticket.on_hold and last is Action.COMPLETE_WORK:
        ticket = office.do(Action.RESUME, ticket)
    office.wait(seconds=spans[-1])
    return office.do(last, ticket)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edge=st.sampled_from(EDGES),
    early=st.integers(0, 600),
    spans=waits,
    last=st.sampled_from([Action.COMPLETE_WORK, Action.CANCEL, Action.REASSIGN]),
)
def test_every_second_of_a_run_is_worked_held_or_outside(
    office: Office, edge: str, early: int, spans: list[int], last: Action
) -> None:
    with transaction.atomic():
        office.now = wib(edge) - SECOND * early
        ticket = walk(office, spans, last)
        run = load_run(ticket, ticket.runs.get(step=4).pk)
        found = slow(run.calendar.calendar, run)
        assert run.ended_at is not None
        assert (run.net_seconds, run.held_seconds) == (found.net, found.held)
        assert found.gross == (run.ended_at - run.started_at).total_seconds()
        assert LedgerPage(ticket, run, office.now).ledger.spent == found
        transaction.set_rollback(True)
