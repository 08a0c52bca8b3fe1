"""Looks against looks, and against the people who act at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from tests import processes
from tests.tickets.factories import MONDAY, Office, make_office
from tests.tickets.racing import ROUNDS, THREADS, Racer, Track, a_control_that_fails, won
from tickets import actions
from tickets.integrity import violations
from tickets.models import Outbox, StepRun, Ticket, TicketEvent
from tickets.recount import differences
from tickets.workflow import Action, Notice, Status

pytestmark = pytest.mark.race

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    """Committed, for all connections to see. Whatever was raced for, the clocks must be sound afterwards."""
    office = make_office()
    yield office
    assert list(violations()) == []
    actions.flag_overdue(office.now)
    assert list(differences(office.now, grace=0)) == []


def notices(kind: Notice = Notice.OVERDUE) -> int:
    return TicketEvent.objects.filter(kind=kind).count()


def test_eight_looks_at_once_flag_each_run_once(office: Office, track: Track) -> None:
    for number in range(1, ROUNDS + 1):
        office.now = MONDAY
        for _ticket in range(3):
            office.ticket_in(Status.ASSIGNED)
        office.now = MONDAY + AN_HOUR
        track.run(partial(actions.flag_overdue, office.now))
        actions.flag_overdue(office.now)  # what was locked when all looked
        assert notices() == 3 * number
        assert Outbox.objects.filter(event__kind=Notice.ESCALATED).count() == 3 * number


def naive_look(office: Office) -> Racer:
    """Read, check, save."""

    def look() -> None:
        for run in StepRun.objects.filter(ended_at=None, overdue_at=None, due_at__lt=office.now):
            run.overdue_at = office.now
            run.save(update_fields=["overdue_at"])
            TicketEvent.objects.create(
                ticket_id=run.ticket_id, kind=Notice.OVERDUE, at=office.now, run=run, status_to=Status.ASSIGNED
            )

    return look


def test_naive_looks_flag_a_run_several_times(office: Office, track: Track) -> None:
    with a_control_that_fails() as note:
        for number in range(1, ROUNDS + 1):
            office.now = MONDAY
            office.ticket_in(Status.ASSIGNED)
            office.now = MONDAY + AN_HOUR
            track.run(naive_look(office))
            if note(notices() > number):
                break
    StepRun.objects.update(overdue_at=None)


@pytest.mark.parametrize("action", [Action.HOLD, Action.ACCEPT, Action.CANCEL, Action.REASSIGN])
def test_a_look_and_an_act_at_the_same_moment_agree_on_one_story(office: Office, track: Track, action: Action) -> None:
    for _round in range(ROUNDS):
        office.now = MONDAY
        ticket = office.ticket_in(Status.ASSIGNED)
        office.now = MONDAY + AN_HOUR
        outcomes = track.run(partial(actions.flag_overdue, office.now), partial(office.do, action, ticket))
        assert won(outcomes) == THREADS // 2 + 1  # every look, and one of the acts


def test_a_look_and_a_resume_at_the_same_moment_agree_on_one_story(office: Office, track: Track) -> None:
    for _round in range(ROUNDS):
        office.now = MONDAY
        ticket = office.ticket_in(Status.ASSIGNED, on_hold=True)
        office.now = MONDAY + AN_HOUR
        outcomes = track.run(partial(actions.flag_overdue, office.now), partial(office.do, Action.RESUME, ticket))
        assert won(outcomes) == THREADS // 2 + 1
        assert notices() == 0


def test_a_look_and_a_finish_at_the_same_moment_agree_on_one_story(office: Office, track: Track) -> None:
    for _round in range(ROUNDS):
        office.now = MONDAY
        ticket = office.ticket_in(Status.FINISHING)
        office.now += AN_HOUR
        outcomes = track.run(partial(actions.flag_overdue, office.now), partial(office.do, Action.FINISH, ticket))
        assert won(outcomes) == THREADS // 2 + 1
        assert StepRun.objects.get(ticket=ticket, step=6).overdue_at == office.now


def test_a_look_waits_for_nobody_and_the_next_one_finds_what_was_locked(office: Office, track: Track) -> None:
    first, second = (office.ticket_in(Status.ASSIGNED) for _ in range(2))
    office.wait(hours=1)
    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(pk=first.pk)
        assert track.pool.submit(actions.flag_overdue, office.now).result(timeout=5) == 1
    assert second.runs.filter(overdue_at=office.now).exists()
    assert actions.flag_overdue(office.now) == 1


def test_a_look_killed_before_its_end_has_flagged_nothing_and_the_next_flags_all_once(office: Office) -> None:
    for _number in range(5):
        office.ticket_in(Status.ASSIGNED)
    office.wait(hours=1)
    looking = processes.python(
        "import time; from datetime import datetime; from django.db import transaction; from tickets import actions\n"
        "with transaction.atomic():\n"
        f"    print(actions.flag_overdue(datetime.fromisoformat('{office.now.isoformat()}')), flush=True)\n"
        "    time.sleep(60)\n"
    )
    with looking:
        assert looking.stdout is not None
        assert looking.stdout.readline() == "5\n"
        looking.kill()
    processes.until(lambda: processes.connections_of_others() == 0)
    assert notices() == 0
    assert actions.flag_overdue(office.now) == 5
    assert notices() == 5
