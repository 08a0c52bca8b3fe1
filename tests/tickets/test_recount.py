"""`manage.py check_sla`: what is stored is what the history tells, and any difference is reported."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.factories import MONDAY, Office, wib
from tickets import actions
from tickets.models import StepRun, Ticket
from tickets.recount import differences
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(office: Office) -> Ticket:
    """A ticket that went every way: declined, held, overdue, failed, reassigned while held."""
    way = [
        Action.APPROVE, Action.DECLINE, Action.APPROVE, Action.ACCEPT, Action.HOLD, Action.RESUME, Action.IDENTIFY,
        Action.COMPLETE_WORK, Action.FAIL_TEST, Action.HOLD, Action.REASSIGN,
    ]  # fmt: skip
    ticket = office.submit()
    for action in way:
        office.wait(minutes=7)
        ticket = office.do(action, ticket)
    office.technician, office.other_technician = office.other_technician, office.technician
    for action in (Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        office.wait(minutes=7)
        ticket = office.do(action, ticket)
    return ticket


def found(office: Office) -> list[str]:
    return list(differences(office.now))


def test_a_ticket_that_went_every_way_agrees_with_its_history(office: Office, finished: Ticket) -> None:
    assert finished.runs.count() == 13
    assert found(office) == []


def test_a_reopened_and_finished_ticket_agrees(office: Office, finished: Ticket) -> None:
    ticket = finished
    for action in (Action.REOPEN, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        office.wait(minutes=3)
        ticket = office.do(action, ticket)
    assert found(office) == []


def test_an_open_ticket_agrees_once_the_clock_has_looked(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    office.wait(days=1)
    assert len(found(office)) == 3  # 80, 100 and 200 %
    actions.flag_overdue(office.now)
    assert found(office) == []


def test_a_threshold_that_the_next_look_will_find_is_no_difference(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    due = ticket.runs.get(ended_at=None).warn_at
    assert due is not None
    office.now = due + timedelta(seconds=30)
    assert found(office) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"started_at": MONDAY},
        {"ended_at": wib("2026-10-12 12:00")},
        {"warn_at": wib("2026-10-12 12:00")},
        {"due_at": wib("2026-10-12 12:00")},
        {"escalate_at": wib("2026-10-13 12:00")},
        {"net_seconds": 1},
        {"held_seconds": 1},
        {"verdict": "cut_off"},
        {"too_fast": True},
        {"overdue_at": wib("2026-10-12 12:00")},
        {"warned_at": wib("2026-10-12 12:00")},
        {"outcome": "pass_test"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_run_that_was_changed_past_the_history_is_reported(
    office: Office, finished: Ticket, changed: dict[str, Any]
) -> None:
    run = finished.runs.get(step=3, attempt=1)
    StepRun.objects.filter(pk=run.pk).update(**changed)
    assert any("step 3, attempt 1" in line for line in found(office))


def test_a_changed_total_is_reported(office: Office, finished: Ticket) -> None:
    Ticket.objects.filter(pk=finished.pk).update(net_seconds=1)
    assert "in total" in found(office)[0]


def test_a_run_that_ended_outside_the_history_is_reported(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    run = ticket.runs.get(ended_at=None)
    StepRun.objects.filter(pk=run.pk).update(ended_at=office.now, net_seconds=0, held_seconds=0, verdict="cut_off",
                                             outcome="cancel")  # fmt: skip
    assert any("ended_at" in line for line in found(office))


def test_the_command_says_how_many_runs_agree(office: Office) -> None:
    office.at("2099-10-12 08:00")  # nothing is due before the real now
    office.submit()
    out = StringIO()
    call_command("check_sla", stdout=out)
    assert "1 runs agree" in out.getvalue()


def test_the_command_lists_differences_and_fails(office: Office, finished: Ticket) -> None:
    finished.runs.filter(step=3, attempt=1).update(net_seconds=1)
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("check_sla", stderr=err)
    assert "net_seconds is 1" in err.getvalue()
