"""Figures are what the rules say, to the ticket, and what the history tells when it is read slowly."""

from __future__ import annotations

from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

from dashboard import metrics
from dashboard.metrics import Scope, Share, Times, percentile, steps
from dashboard.periods import Period, Unit
from tests.dashboard.recomputed import agrees, tell
from tests.tickets.factories import STANDARDS, Office, make_office, make_sop, wib
from tickets.models import Ticket
from tickets.workflow import Action, Status, WorkflowError, actions_from

OCTOBER = Period.around(date(2026, 10, 12), Unit.MONTH)


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def walk(office: Office, ticket: Ticket, *moves: tuple[str, float], **facts: Any) -> Ticket:
    """Makes the moves, each after so many minutes."""
    for action, minutes in moves:
        office.wait(minutes=minutes)
        ticket = office.do(action, ticket, **facts.get(action, {}))
    return ticket


def test_percentiles_are_values_that_were_seen() -> None:
    assert Times.of({60: 1}) == Times(1, 60, 60)
    assert Times.of({10: 1, 20: 1}) == Times(2, 10, 20)
    assert Times.of({5: 9, 100: 1}) == Times(10, 5, 5)
    assert Times.of({5: 8, 100: 2}) == Times(10, 5, 100)
    assert Times.of({}) == Times(0, None, None)
    assert percentile({1: 1, 2: 1, 3: 1}, 50) == 2


def test_a_share_of_few_is_marked() -> None:
    assert [Share(0, whole).is_small for whole in (0, 1, 19, 20)] == [False, True, True, False]


def test_a_step_counts_where_it_ended_and_as_it_was_decided(office: Office) -> None:
    office.at("2026-10-12 08:00")
    walk(office, office.submit(), ("approve", 10), ("accept", 6), ("identify", 9), ("complete_work", 5),
         ("fail_test", 6), ("complete_work", 5), ("pass_test", 11), ("finish", 6))  # fmt: skip
    office.at("2026-10-13 08:00")
    walk(office, office.submit(), ("approve", 11), ("decline", 1), ("approve", 1), ("reassign", 2), ("cancel", 3))
    one, two, three, four, five, six = metrics.of_steps(Scope(OCTOBER))
    assert one.on_time == Share(2, 3)
    assert one.again == Share(1, 3)
    assert one.net == Times(3, 600, 660)
    assert (two.on_time, two.cut_off, two.outcomes["decline"]) == (Share(1, 2), 2, 1)
    assert (one.too_fast, three.on_time, four.too_fast) == (None, Share(1, 1), Share(1, 2))  # a second attempt is not
    assert (five.on_time, five.first_tests, five.tests) == (Share(1, 2), Share(0, 1), Share(1, 2))
    assert [(s.minimum, s.maximum) for s in six.standards] == [(5, 10)]
    assert metrics.of_steps(Scope(OCTOBER.previous))[0].on_time == Share(0, 0)
    assert [step.earlier for step in metrics.of_steps(Scope(OCTOBER.following), compared=True)][0] == Share(2, 3)


def test_a_hold_stands_in_gross_and_not_in_net(office: Office) -> None:
    office.at("2026-10-12 08:00")
    walk(office, office.submit(), ("approve", 1), ("accept", 1), ("hold", 2), ("resume", 30), ("identify", 3))
    office.wait(minutes=1)
    three = metrics.of_steps(Scope(OCTOBER))[2]
    assert three.spent == metrics.Spent(n=1, net=300, held=1800, gross=2100)
    assert (three.spent.outside, three.spent.each(three.spent.held)) == (0, 1800)
    [reason] = metrics.of_reasons(Scope(OCTOBER))
    assert (reason.name, reason.n, reason.open, reason.elapsed) == (
        "Menunggu perangkat/material", 1, 0, Times(1, 1800, 1800),
    )  # fmt: skip


def test_runs_of_two_standards_stand_apart(office: Office) -> None:
    office.at("2026-10-12 08:00")
    walk(office, office.submit(), ("approve", 8))
    make_sop(date(2026, 10, 13), STANDARDS | {1: (2, 7)})
    office.at("2026-10-13 08:00")
    walk(office, office.submit(), ("approve", 8))
    one = metrics.of_steps(Scope(OCTOBER))[0]
    assert one.on_time == Share(1, 2)
    assert [(s.minimum, s.maximum, s.on_time, s.net.median) for s in one.standards] == [
        (2, 7, Share(0, 1), 480), (10, 10, Share(1, 1), 480),
    ]  # fmt: skip


def test_a_ticket_counts_once_where_it_was_last_done(office: Office) -> None:
    office.at("2026-10-30 08:00")
    ticket = office.ticket_in(Status.DONE)
    assert metrics.course(Scope(OCTOBER)).now.on_time == Share(1, 1)
    office.at("2026-11-02 08:00")
    ticket = office.do(Action.REOPEN, ticket)
    assert metrics.course(Scope(OCTOBER)).now.on_time == Share(0, 0)
    walk(office, ticket, ("complete_work", 130), ("pass_test", 1), ("finish", 1))
    november = metrics.course(Scope(OCTOBER.following))
    assert (november.now.on_time, november.now.reopened, november.earlier.on_time.whole) == (Share(0, 1), 1, 0)
    assert metrics.of_tickets(Scope(OCTOBER.following)).standards[0].maximum == 105


def test_midnight_of_the_office_divides_days(office: Office) -> None:
    for moment in ("2026-10-12 23:59:59", "2026-10-13 00:00:00"):
        office.at(moment)
        office.submit()
    monday = metrics.submitted(Scope(Period.around(date(2026, 10, 12), Unit.DAY)))
    assert (monday.n, monday.hours[1][23], monday.by_weekday[2]) == (1, 1, 0)
    assert metrics.submitted(Scope(Period.around(date(2026, 10, 13), Unit.DAY))).by_hour[0] == 1


def test_every_figure_takes_the_same_number_of_queries(office: Office, django_assert_num_queries: Any) -> None:
    for _round in range(2):
        with django_assert_num_queries(10):
            scope = Scope(OCTOBER, unit=office.unit, priority=3, category="new")
            metrics.of_steps(scope, compared=True)
            metrics.course(scope)
            metrics.of_tickets(scope)
            metrics.busiest(scope)
            metrics.submitted(scope)
            metrics.of_reasons(scope)
        office.ticket_in(Status.DONE)
        office.ticket_in(Status.WORKING, on_hold=True)


MOVES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([*Action] + [Action.RESUME, Action.FINISH, Action.REOPEN] * 3),
        st.sampled_from([1, 4, 9, 11, 61, 200, 1500, 12000]),
    ),
    min_size=30,
    max_size=30,
)


@given(moves=MOVES)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_figures_of_any_history_are_what_the_slow_way_gives(shared_office: Office, moves: Any) -> None:
    with transaction.atomic():
        shared_office.now = wib("2026-10-12 08:00")
        history(shared_office, moves)
        told = tell()
        for scope in scopes(shared_office):
            agrees(scope, told)
        transaction.set_rollback(True)


@pytest.fixture
def shared_office(db: None) -> Office:
    office = make_office()
    make_sop(date(2026, 10, 14), STANDARDS | {1: (3, 8), 4: (20, 45)})
    return office


def history(office: Office, moves: Any) -> None:
    """Tickets of two units; each try is a move that the table allows, the one named or the first."""
    for number, (which, action, minutes) in enumerate(moves):
        office.wait(minutes=minutes)
        tickets = list(Ticket.objects.order_by("pk"))
        if len(tickets) <= which:
            by, unit = (office.requester, office.unit) if number % 2 else (office.stranger, office.stranger.unit)
            office.submit(by=by, unit=unit, category="fault" if number % 3 else "new")
            continue
        ticket = tickets[which]
        possible = actions_from(Status(ticket.status), ticket.on_hold)
        named = action if action in possible and action != Action.SUBMIT else possible[0]
        try:
            with transaction.atomic():
                office.do(named, ticket, **doer(office, named, ticket))
        except (PermissionDenied, WorkflowError, ValidationError):
            continue


def doer(office: Office, action: Action, ticket: Ticket) -> dict[str, Any]:
    """Who is allocated makes the technician's moves, and a ticket is handed to the other one."""
    if action == Action.REASSIGN:
        other = office.other_technician if ticket.technician == office.technician else office.technician
        return {"technician": other}
    if ticket.technician == office.other_technician and action in (
        Action.ACCEPT, Action.DECLINE, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FAIL_TEST,
        Action.FINISH, Action.HOLD, Action.RESUME,
    ):  # fmt: skip
        return {"by": office.other_technician}
    return {}


def scopes(office: Office) -> list[Scope]:
    later = Period.around(office.now.date(), Unit.WEEK)
    return [
        Scope(OCTOBER),
        Scope(Period.around(date(2026, 10, 12), Unit.YEAR), unit=office.unit),
        Scope(Period(date(2026, 10, 13), date(2026, 11, 20)), technician=office.technician),
        Scope(later, category="fault", priority=3),
        Scope(later.previous, technician=office.other_technician, unit=office.unit),
    ]


@given(moves=MOVES)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_months_that_are_kept_add_up_to_what_the_database_counts(shared_office: Office, moves: Any) -> None:
    """Whichever of them are settled, asked for the first time and again, with the odd days beside them."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        shared_office.now = wib("2026-10-12 08:00")
        history(shared_office, moves)
        asked = [Scope(Period.around(date(2026, 11, 5), unit)) for unit in (Unit.YEAR, Unit.QUARTER, Unit.MONTH)]
        asked += [
            Scope(Period(date(2026, 10, 1), date(2026, 11, 20))),
            Scope(Period(date(2026, 10, 13), date(2027, 2, 3))),
        ]
        asked += scopes(shared_office)
        counted = [metrics.of_steps(scope, compared=True) for scope in asked]
        for end in ("2026-09-30 00:00", "2026-11-01 00:00", "2027-06-01 00:00"):
            patch.setattr(steps, "_kept", {})
            patch.setattr(steps, "SETTLED", timezone.now() - wib(end))
            for _ in range(2):
                assert [metrics.of_steps(scope, compared=True) for scope in asked] == counted
            assert bool(steps._kept) == (end > "2026-10")
        transaction.set_rollback(True)
