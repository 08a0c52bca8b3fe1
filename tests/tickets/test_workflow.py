"""The transition table of the SOP, restated by hand: once against the pure table, once by driving every action.

`MOVES` is written from the design's table, not from the code. A pair that is not in it must be refused.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from tests.tickets.factories import Office
from tests.tickets.snapshot import snapshot, undone
from tickets.actions import claim
from tickets.models import Ticket
from tickets.workflow import (
    CLOSED,
    OPEN,
    STATUS_OF,
    STEP_OF,
    TRANSITIONS,
    WITH_TECHNICIAN,
    Action,
    Status,
    Step,
    WorkflowError,
    actions_from,
    next_status,
)

# status: {action: status afterwards}; the second table is for tickets on hold.
MOVES: Final[dict[str, dict[str, str]]] = {
    "submitted": {
        "approve": "assigned",
        "reject": "rejected",
        "cancel": "cancelled",
        "change_priority": "submitted",
        "comment": "submitted",
    },
    "assigned": {
        "accept": "identifying",
        "decline": "submitted",
        "reassign": "assigned",
        "cancel": "cancelled",
        "hold": "assigned",
        "change_priority": "assigned",
        "comment": "assigned",
    },
    "identifying": {
        "identify": "working",
        "reassign": "assigned",
        "cancel": "cancelled",
        "hold": "identifying",
        "change_priority": "identifying",
        "comment": "identifying",
    },
    "working": {
        "complete_work": "testing",
        "reassign": "assigned",
        "cancel": "cancelled",
        "hold": "working",
        "change_priority": "working",
        "comment": "working",
    },
    "testing": {
        "pass_test": "finishing",
        "fail_test": "working",
        "reassign": "assigned",
        "cancel": "cancelled",
        "hold": "testing",
        "change_priority": "testing",
        "comment": "testing",
    },
    "finishing": {
        "finish": "done",
        "reassign": "assigned",
        "cancel": "cancelled",
        "hold": "finishing",
        "change_priority": "finishing",
        "comment": "finishing",
    },
    "done": {"reopen": "working", "comment": "done"},
    "rejected": {"comment": "rejected"},
    "cancelled": {"comment": "cancelled"},
}
ON_HOLD_MOVES: Final[dict[str, dict[str, str]]] = {
    "assigned": {
        "resume": "assigned",
        "reassign": "assigned",
        "decline": "submitted",
        "cancel": "cancelled",
        "change_priority": "assigned",
        "comment": "assigned",
    },
    **{
        status: {
            "resume": status,
            "reassign": "assigned",
            "cancel": "cancelled",
            "change_priority": status,
            "comment": status,
        }
        for status in ("identifying", "working", "testing", "finishing")
    },
}

STATES: Final = [*((status, False) for status in MOVES), *((status, True) for status in ON_HOLD_MOVES)]
ACTIONS: Final = [
    "approve", "reject", "cancel", "accept", "decline", "reassign", "identify", "complete_work", "pass_test",
    "fail_test", "finish", "reopen", "hold", "resume", "change_priority", "comment",
]  # fmt: skip


def expected(status: str, on_hold: bool, action: str) -> str | None:
    """Where the design's table leads; None where it refuses."""
    return (ON_HOLD_MOVES if on_hold else MOVES).get(status, {}).get(action)


def state_id(state: object) -> str:
    return f"{state[0]}{' on hold' if state[1] else ''}" if isinstance(state, tuple) else str(state)


def test_there_are_the_nine_statuses_and_seventeen_actions_of_the_design() -> None:
    assert [status.value for status in Status] == list(MOVES)
    assert {action.value for action in Action} == {*ACTIONS, "submit"}


def test_a_steps_number_follows_from_the_status() -> None:
    assert {status.value: int(step) for status, step in STEP_OF.items()} == {
        "submitted": 1, "assigned": 2, "identifying": 3, "working": 4, "testing": 5, "finishing": 6,
    }  # fmt: skip
    assert {step: status for status, step in STEP_OF.items()} == STATUS_OF
    assert set(STATUS_OF) == set(Step)


def test_every_status_is_either_open_or_closed() -> None:
    assert {*OPEN, *CLOSED} == set(Status)
    assert not {*OPEN} & {*CLOSED}
    assert set(WITH_TECHNICIAN) == {*OPEN} - {Status.SUBMITTED}


@pytest.mark.parametrize(("status", "on_hold"), list(product(Status, [False, True])))
def test_the_table_in_the_code_is_the_table_of_the_design(status: Status, on_hold: bool) -> None:
    for action in Action:
        to = expected(status.value, on_hold, action.value)
        if to is None:
            with pytest.raises(WorkflowError) as refusal:
                next_status(status, on_hold, action)
            assert refusal.value.message.strip()
        else:
            assert next_status(status, on_hold, action) == to
        assert ((status, on_hold, action) in TRANSITIONS) == (to is not None)
        assert (action in actions_from(status, on_hold)) == (to is not None)


@pytest.mark.parametrize("state", STATES, ids=state_id)
def test_every_action_really_leads_where_the_design_says_or_is_refused_and_changes_nothing(
    office: Office, state: tuple[str, bool]
) -> None:
    status, on_hold = state
    ticket = office.ticket_in(status, on_hold=on_hold)
    before = snapshot()
    for action in ACTIONS:
        to = expected(status, on_hold, action)
        if to is None:
            _is_refused(office, ticket, action)
        else:
            with undone():
                moved = office.do(action, ticket)
                stored = Ticket.objects.get(pk=ticket.pk)
                assert (moved.status, stored.status) == (to, to), action
                assert stored.events.get(seq=stored.event_seq).kind == action
                assert stored.on_hold == (action == "hold" or (on_hold and action in ("change_priority", "comment")))
        assert snapshot() == before, action


def _is_refused(office: Office, ticket: Ticket, action: str) -> None:
    """By 409; where nobody is allocated, nobody is permitted a technician's action either."""
    allocated = ticket.technician_id is not None
    technicians = ("accept", "decline", "identify", "complete_work", "pass_test", "fail_test", "finish")
    refused = WorkflowError if allocated or action not in (*technicians, "hold", "resume") else PermissionDenied
    with pytest.raises(refused) as refusal:
        office.do(action, ticket)
    if isinstance(refusal.value, WorkflowError):
        assert refusal.value.ticket is not None
        assert refusal.value.ticket.status == ticket.status


def test_what_is_refused_on_hold_says_to_resume_first(office: Office) -> None:
    ticket = office.ticket_in("working", on_hold=True)
    with pytest.raises(WorkflowError, match="Lanjutkan dulu"):
        office.do("complete_work", ticket)
    with pytest.raises(WorkflowError, match="Lanjutkan dulu"):
        office.do("hold", ticket)


def test_what_is_refused_on_a_closed_ticket_says_so(office: Office) -> None:
    ticket = office.ticket_in("rejected")
    with pytest.raises(WorkflowError, match="sudah ditolak"):
        office.do("approve", ticket)


def test_a_decision_is_final_once_taken(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    for action in ("approve", "reject"):
        with pytest.raises(WorkflowError):
            office.do(action, ticket)


def test_the_command_prints_every_line_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("transitions")
    printed = capsys.readouterr().out
    assert all(status in printed for status in MOVES)
    assert all(action in printed for action in ACTIONS)


# Stale screens


@pytest.mark.parametrize("action", [a for a in ACTIONS if a != "comment"])
def test_a_screen_drawn_for_an_earlier_run_is_refused_and_changes_nothing(office: Office, action: str) -> None:
    status, on_hold = next(state for state in STATES if expected(*state, action))
    ticket = office.ticket_in(status, on_hold=on_hold)
    stale = ticket.runs.order_by("pk").first()
    assert stale is not None
    run = stale.pk if ticket.runs.count() > 1 else stale.pk - 1
    before = snapshot()
    with pytest.raises(WorkflowError, match="sudah berubah"):
        office.do(action, ticket, run=run)
    assert snapshot() == before


@pytest.mark.parametrize("action", [a for a in ACTIONS if a != "comment"])
def test_a_screen_drawn_for_the_present_run_is_accepted(office: Office, action: str) -> None:
    status, on_hold = next(state for state in STATES if expected(*state, action))
    ticket = office.ticket_in(status, on_hold=on_hold)
    office.do(action, ticket, run=claim(Ticket.objects.get(pk=ticket.pk)))
    assert ticket.events.latest("seq").kind == action


def test_the_second_of_two_screens_for_one_run_does_not_act_on_the_next_run(office: Office) -> None:
    """Work failed its test: the screen of the first attempt must not complete the second one."""
    ticket = office.ticket_in("working")
    drawn_for = ticket.current_run_id
    office.do("complete_work", ticket)
    ticket = office.do("fail_test", ticket)
    with pytest.raises(WorkflowError):
        office.do("complete_work", ticket, run=drawn_for)
    assert Ticket.objects.get(pk=ticket.pk).status == "working"


def test_the_ticket_given_is_only_a_claim_and_is_looked_at_again(office: Office) -> None:
    stale = office.ticket_in("assigned")
    office.do("accept", stale)
    assert stale.status == "assigned"
    with pytest.raises(WorkflowError):
        office.do("accept", stale)
