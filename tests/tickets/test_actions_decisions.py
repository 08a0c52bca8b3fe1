"""What an admin decides: what each decision writes, beside each way in which its gate fails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts import roles
from accounts.models import Absence, User
from tests.tickets.factories import Office, make_user
from tests.tickets.snapshot import snapshot
from tickets.models import Outbox, StepRun, Ticket, TicketEvent


def last_event(ticket: Ticket) -> TicketEvent:
    return ticket.events.latest("seq")


def refused(office: Office, action: str, ticket: Ticket, **changes: Any) -> set[str]:
    """The fields at which the move is refused; nothing may have changed."""
    before = snapshot()
    with pytest.raises(ValidationError) as refusal:
        office.do(action, ticket, **changes)
    assert snapshot() == before
    return set(refusal.value.message_dict)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("approve", "submitted"), ("reject", "submitted"), ("cancel", "working"), ("accept", "assigned"),
        ("decline", "assigned"), ("reassign", "testing"), ("identify", "identifying"), ("complete_work", "working"),
        ("pass_test", "testing"), ("fail_test", "testing"), ("finish", "finishing"), ("reopen", "done"),
        ("hold", "working"), ("change_priority", "working"), ("comment", "working"),
    ],
)  # fmt: skip
def test_every_action_leaves_one_event_with_who_when_from_where_and_its_outbox_row(
    office: Office, action: str, status: str
) -> None:
    ticket = office.ticket_in(status)
    earlier, run = ticket.events.count(), ticket.current_run
    office.wait(minutes=1)
    moved = office.do(action, ticket, origin="2001:db8::17")
    event = last_event(ticket)
    assert (event.seq, ticket.events.count()) == (earlier + 1, earlier + 1)
    assert (event.kind, event.at, event.origin) == (action, office.now, "2001:db8::17")
    assert (event.status_from, event.status_to) == (status, moved.status)
    assert event.run == (run or moved.current_run)
    assert event.by is not None
    assert Outbox.objects.filter(event=event).exists()
    assert Outbox.objects.count() == TicketEvent.objects.count()


def test_approval_sets_priority_and_technician_together_and_opens_step_2(office: Office) -> None:
    ticket = office.ticket_in("submitted")
    office.wait(minutes=2)
    office.do("approve", ticket, priority=1)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.status, stored.priority, stored.technician) == ("assigned", 1, office.technician)
    first, second = stored.runs.order_by("pk")
    assert (first.ended_at, first.ended_by, first.outcome) == (office.now, office.admin, "approve")
    assert (first.net_seconds, first.held_seconds, first.verdict) == (120, 0, "on_time")
    assert (second.step, second.technician, second.started_at) == (2, office.technician, office.now)
    assert stored.current_run == second
    assert last_event(ticket).data == {"priority": 1, "technician": office.technician.pk}


@pytest.mark.parametrize("priority", [0, 5, -1, None, "3", "tinggi", 99999999999])
def test_an_unknown_priority_is_refused_at_its_field(office: Office, priority: Any) -> None:
    assert refused(office, "approve", office.ticket_in("submitted"), priority=priority) == {"priority"}
    assert refused(office, "change_priority", office.ticket_in("working"), priority=priority) == {"priority"}


@pytest.mark.parametrize("action", ["approve", "reassign"])
def test_only_an_active_technician_can_be_allocated(office: Office, action: str) -> None:
    ticket = office.ticket_in("submitted" if action == "approve" else "working")
    inactive = make_user(roles.TECHNICIAN, is_active=False)
    for nobody in (office.colleague, office.admin, office.supervisor, inactive):
        assert refused(office, action, ticket, technician=nobody) == {"technician"}


def test_an_admin_who_is_a_technician_too_may_allocate_to_themselves(office: Office) -> None:
    both = make_user(roles.ADMIN, roles.TECHNICIAN)
    ticket = office.do("approve", office.ticket_in("submitted"), by=both, technician=both)
    assert office.do("accept", ticket, by=both).status == "identifying"


def test_a_rejected_ticket_is_closed_with_the_reason_that_the_employee_reads(office: Office) -> None:
    ticket = office.ticket_in("submitted")
    office.wait(minutes=3)
    office.do("reject", ticket, reason="  Sudah ada tiket lain. ")
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.status, stored.closed_at, stored.current_run, stored.technician) == (
        "rejected", office.now, None, None,
    )  # fmt: skip
    event = last_event(ticket)
    assert event.text is not None
    assert (event.text.body, event.internal) == ("Sudah ada tiket lain.", False)
    assert not StepRun.objects.filter(ticket=ticket, ended_at=None).exists()


@pytest.mark.parametrize(
    ("action", "status"), [("reject", "submitted"), ("cancel", "working"), ("reassign", "working"), ("reopen", "done")]
)
@pytest.mark.parametrize("reason", ["", "  \t\n"])
def test_a_reason_is_asked_for(office: Office, action: str, status: str, reason: str) -> None:
    assert refused(office, action, office.ticket_in(status), reason=reason) == {"reason"}


@pytest.mark.parametrize(
    "status", ["submitted", "assigned", "identifying", "working", "testing", "finishing"]
)  # fmt: skip
def test_a_cancelled_ticket_is_closed_and_its_technician_still_known(office: Office, status: str) -> None:
    ticket = office.ticket_in(status)
    office.do("cancel", ticket)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.status, stored.closed_at, stored.current_run) == ("cancelled", office.now, None)
    assert stored.technician == (None if status == "submitted" else office.technician)


@pytest.mark.parametrize("status", ["submitted", "assigned"])
def test_the_requester_cancels_early_on(office: Office, status: str) -> None:
    ticket = office.do("cancel", office.ticket_in(status), by=office.requester)
    assert (ticket.status, last_event(ticket).by) == ("cancelled", office.requester)


@pytest.mark.parametrize("action", ["cancel", "reassign"])
def test_an_end_on_hold_closes_the_hold_in_the_same_transaction(office: Office, action: str) -> None:
    ticket = office.ticket_in("working", on_hold=True)
    run = ticket.current_run
    assert run is not None
    office.wait(hours=1)
    office.do(action, ticket)
    hold = run.holds.get()
    assert (hold.ended_at, hold.ended_by) == (office.now, office.admin)
    assert not Ticket.objects.get(pk=ticket.pk).on_hold


def test_reassigning_starts_step_2_for_the_new_technician(office: Office) -> None:
    ticket = office.ticket_in("testing")
    office.do("reassign", ticket, reason="Sakit.")
    stored = Ticket.objects.get(pk=ticket.pk)
    run = stored.current_run
    assert run is not None
    assert (stored.status, stored.technician, stored.priority) == ("assigned", office.other_technician, 3)
    assert (run.step, run.attempt, run.technician) == (2, 2, office.other_technician)
    assert last_event(ticket).data == {
        "technician": office.other_technician.pk,
        "technician_before": office.technician.pk,
    }
    assert set(stored.runs.exclude(pk=run.pk).exclude(step=1).values_list("technician", flat=True)) == {
        office.technician.pk
    }


def test_reassigning_to_the_same_technician_is_refused(office: Office) -> None:
    ticket = office.ticket_in("working")
    assert refused(office, "reassign", ticket, technician=office.technician) == {"technician"}


def test_a_ticket_goes_from_a_technician_who_left_to_one_who_is_there(office: Office) -> None:
    ticket = office.ticket_in("working")
    User.objects.filter(pk=office.technician.pk).update(is_active=False)
    moved = office.do("reassign", ticket)
    assert (moved.status, moved.technician) == ("assigned", office.other_technician)


@pytest.mark.parametrize("status", ["submitted", "assigned", "working", "finishing"])
def test_a_new_priority_is_set_and_the_one_before_kept_in_the_history(office: Office, status: str) -> None:
    ticket = office.ticket_in(status)
    before = ticket.priority
    office.do("change_priority", ticket, priority=1)
    assert Ticket.objects.get(pk=ticket.pk).priority == 1
    assert last_event(ticket).data == {"priority": 1, "priority_before": before}


def test_the_same_priority_again_is_refused(office: Office) -> None:
    assert refused(office, "change_priority", office.ticket_in("working"), priority=3) == {"priority"}


def test_priority_can_be_changed_on_hold_and_the_hold_goes_on(office: Office) -> None:
    ticket = office.do("change_priority", office.ticket_in("working", on_hold=True), priority=1)
    assert Ticket.objects.get(pk=ticket.pk).on_hold


# Who is away


def away(person: User, first: str, last: str) -> None:
    days = {"first_on": date.fromisoformat(first), "last_on": date.fromisoformat(last)}
    Absence.objects.create(user=person, reason="Cuti", recorded_by=person, **days)


@pytest.mark.parametrize(("action", "status"), [("approve", "submitted"), ("reassign", "working")])
def test_nobody_who_is_away_gets_a_ticket(office: Office, action: str, status: str) -> None:
    ticket = office.ticket_in(status)
    away(office.other_technician, "2026-10-12", "2026-10-13")
    assert refused(office, action, ticket, technician=office.other_technician) == {"technician"}


@pytest.mark.parametrize(("action", "status"), [("approve", "submitted"), ("reassign", "working")])
def test_the_day_before_and_the_day_after_an_absence_are_ordinary_days(
    office: Office, action: str, status: str
) -> None:
    ticket = office.ticket_in(status)
    away(office.other_technician, "2026-10-10", "2026-10-11")
    away(office.other_technician, "2026-10-13", "2026-10-13")
    assert office.do(action, ticket, technician=office.other_technician).technician == office.other_technician


def test_the_refusal_says_until_when(office: Office) -> None:
    away(office.technician, "2026-10-12", "2026-10-13")
    with pytest.raises(ValidationError, match=r"Teknisi tidak hadir sampai Sel, 13 Okt 2026\. Pilih teknisi lain."):
        office.do("approve", office.submit())


def test_a_technician_who_is_away_keeps_what_they_have_and_may_work_on_it(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    away(office.technician, "2026-10-12", "2026-10-13")
    assert office.do("accept", ticket).status == "identifying"
