"""What the database itself holds, whoever writes: each CHECK and UNIQUE of the core, broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from network.models import IPAssignment, NameAssignment
from tests.tickets.factories import Office, new_key, revised_sop, wib
from tests.tickets.snapshot import execute
from tickets.models import Hold, MaterialUse, Need, StepRun, Ticket, TicketAddress, TicketEvent

YEAR_1, YEAR_2100 = "0001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


def refused(constraint: str, change: Callable[[], Any]) -> None:
    """The change must fail by exactly this constraint."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        change()
    found = refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]  # psycopg2's error
    assert found == constraint


@pytest.mark.parametrize(
    ("status", "constraint", "change"),
    [
        ("submitted", "ticket_category_known", {"category": "toaster"}),
        ("submitted", "ticket_priority_known", {"priority": 9}),
        ("assigned", "ticket_allocated_from_step_2", {"technician": None}),
        ("assigned", "ticket_allocated_from_step_2", {"priority": None}),
        ("finishing", "ticket_allocated_from_step_2", {"technician": None}),
        ("done", "ticket_allocated_from_step_2", {"technician": None}),
        ("submitted", "ticket_closed_has_no_run", {"closed_at": wib("2026-10-12 09:00")}),
        ("done", "ticket_closed_has_no_run", {"closed_at": None}),
        ("done", "ticket_done_is_measured", {"net_seconds": None}),
        ("done", "ticket_done_is_measured", {"reopen_until": None}),
        ("done", "ticket_done_is_measured", {"device": None, "device_text": "PC"}),
        ("submitted", "ticket_device_is_told", {"device_text": ""}),
        ("submitted", "ticket_submitted_range", {"submitted_at": YEAR_1}),
        ("submitted", "ticket_submitted_range", {"submitted_at": YEAR_2100}),
        ("done", "ticket_closed_range", {"closed_at": YEAR_2100}),
    ],
)
def test_an_impossible_ticket_cannot_be_stored(
    office: Office, status: str, constraint: str, change: dict[str, Any]
) -> None:
    ticket = office.ticket_in(status)
    refused(constraint, lambda: Ticket.objects.filter(pk=ticket.pk).update(**change))


@pytest.mark.parametrize("status", ["lost", "", "DONE"])
def test_an_unknown_status_cannot_be_stored(office: Office, status: str) -> None:
    ticket = office.submit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(status=status)


def test_a_closed_ticket_has_no_current_run(office: Office) -> None:
    ticket = office.ticket_in("done")
    run = ticket.runs.latest("pk")
    refused("ticket_closed_has_no_run", lambda: Ticket.objects.filter(pk=ticket.pk).update(current_run=run))


@pytest.mark.parametrize(
    ("constraint", "ended", "change"),
    [
        ("run_step_number", False, {"step": 0}),
        ("run_step_number", False, {"step": 7}),
        ("run_has_technician", False, {"technician": None}),
        ("run_standard", False, {"minimum": 99}),
        ("run_standard", False, {"minimum": 0}),
        ("run_forward", True, {"ended_at": wib("2026-10-01 00:00")}),
        ("run_ended_is_measured", True, {"verdict": ""}),
        ("run_ended_is_measured", True, {"outcome": ""}),
        ("run_ended_is_measured", True, {"net_seconds": None}),
        ("run_ended_is_measured", False, {"verdict": "late"}),
        ("run_started_range", False, {"started_at": YEAR_1}),
        ("run_due_range", False, {"due_at": YEAR_2100}),
    ],
)
def test_an_impossible_run_cannot_be_stored(
    office: Office, constraint: str, ended: bool, change: dict[str, Any]
) -> None:
    ticket = office.ticket_in("identifying")
    runs = StepRun.objects.filter(ticket=ticket, ended_at__isnull=not ended, step__gte=2)
    refused(constraint, lambda: runs.update(**change))


def copied(run: StepRun, **changes: Any) -> StepRun:
    run.pk, run._state.adding = None, True
    for name, value in changes.items():
        setattr(run, name, value)
    return run


def test_a_ticket_has_one_open_run(office: Office) -> None:
    run = StepRun.objects.get(ticket=office.ticket_in("working"), ended_at=None)
    refused("run_one_open_per_ticket", copied(run, attempt=2).save)


def test_an_attempt_is_made_once(office: Office) -> None:
    run = StepRun.objects.get(ticket=office.ticket_in("working"), step=3)
    refused("run_attempt_once", copied(run).save)


def test_a_run_has_one_open_hold(office: Office) -> None:
    hold = Hold.objects.get(run__ticket=office.ticket_in("working", on_hold=True))
    hold.pk, hold._state.adding = None, True
    refused("hold_one_open_per_run", hold.save)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("hold_forward", {"ended_at": wib("2026-10-01 00:00")}),
        ("hold_looks_ahead", {"look_again_at": wib("2026-10-01 00:00")}),
        ("hold_look_again_range", {"look_again_at": YEAR_2100}),
    ],
)
def test_an_impossible_hold_cannot_be_stored(office: Office, constraint: str, change: dict[str, Any]) -> None:
    office.ticket_in("working", on_hold=True)
    refused(constraint, lambda: Hold.objects.update(**change))


def event(office: Office, ticket: Ticket, **changes: Any) -> TicketEvent:
    return TicketEvent(
        **{
            "ticket": ticket, "kind": "comment", "at": office.now, "by": office.requester,
            "status_from": ticket.status, "status_to": ticket.status, **changes,
        }
    )  # fmt: skip


def test_only_a_comment_can_be_internal(office: Office) -> None:
    ticket = office.submit()
    refused("event_internal_comment", event(office, ticket, kind="approve", internal=True).save)
    event(office, ticket, internal=True).save()


def test_a_key_is_used_once_by_a_person(office: Office) -> None:
    ticket, key = office.submit(), new_key()
    event(office, ticket, key=key).save()
    event(office, ticket, key=key, by=office.colleague).save()
    refused("event_key_once", event(office, ticket, key=key).save)


@pytest.mark.parametrize("at", [YEAR_1, YEAR_2100])
def test_an_event_in_an_impossible_year_cannot_be_stored(office: Office, at: str) -> None:
    refused("event_at_range", event(office, office.submit(), at=at).save)


def test_a_live_address_and_a_live_name_belong_to_one_device(office: Office) -> None:
    office.ticket_in("working")
    other = office.device()
    address, name = IPAssignment.objects.get(), NameAssignment.objects.get()
    for row in (address, name):
        row.pk, row._state.adding, row.device = None, True, other
    name.name = name.name.lower()
    refused("ipassignment_address_live_unique", address.save)
    refused("nameassignment_live_unique", name.save)


def test_a_stage_is_linked_once_in_a_run(office: Office) -> None:
    link = TicketAddress.objects.get(ticket=office.ticket_in("working"))
    link.pk, link._state.adding = None, True
    refused("ticket_address_once_per_run", link.save)


@pytest.mark.parametrize("quantity", [0, 1001])
def test_quantities_are_sound(office: Office, quantity: int) -> None:
    office.ticket_in("testing")
    refused("need_quantity", lambda: Need.objects.update(quantity=quantity))
    refused("material_quantity", lambda: MaterialUse.objects.update(quantity=quantity))


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("sop_step_number", {"number": 7}),
        ("sop_step_standard", {"minimum": 0}),
        ("sop_step_standard", {"minimum": 20, "maximum": 10}),
        ("sop_step_goes_back", {"fails_to": 6}),
    ],
)
def test_an_impossible_step_of_the_sop_cannot_be_stored(
    office: Office, constraint: str, change: dict[str, Any]
) -> None:
    refused(constraint, lambda: revised_sop({1: change}))


@pytest.mark.parametrize("field", ["created_on", "revised_on", "effective_on"])
def test_a_revision_of_the_sop_lies_in_a_possible_year(office: Office, field: str) -> None:
    name = f"sop_{field.removesuffix('_on')}_range"
    refused(name, lambda: revised_sop(None, **{field: "0001-01-01"}))


@pytest.mark.parametrize("table", ["tickets_ticket", "tickets_steprun", "accounts_user", "network_device"])
def test_nothing_that_the_history_speaks_of_can_be_deleted(office: Office, table: str) -> None:
    office.ticket_in("done")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(f"DELETE FROM {table}")
