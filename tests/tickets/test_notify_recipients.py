"""Who is told: the domain's table, restated, and what goes beyond a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import Absence, User
from tests.tickets.factories import Office
from tickets import actions, notify
from tickets.models import Role, Ticket, TicketEvent, Topic
from tickets.notify.recipients import TABLE
from tickets.notify.words import WORDS
from tickets.workflow import Action, Notice, Status

pytestmark = pytest.mark.django_db

R, T, F, H, A, S = Role.REQUESTER, Role.TECHNICIAN, Role.FORMER, Role.HOLDER, Role.ADMIN, Role.SUPERVISOR
BOTH_ADMINS: Final = {"admin": A, "other_admin": A}

# what happens, to a ticket in which status, by whom → who is told, as what. Whoever did it stands in no row.
EVENTS: Final[list[tuple[str, str, str, dict[str, Role]]]] = [
    ("submit", "", "requester", {"requester": R, **BOTH_ADMINS}),
    ("submit", "", "admin", {"requester": R, "other_admin": A}),
    ("approve", "submitted", "admin", {"requester": R, "technician": T}),
    ("reassign", "working", "admin", {"requester": R, "other_technician": T, "technician": F}),
    ("reject", "submitted", "admin", {"requester": R}),
    ("cancel", "submitted", "requester", BOTH_ADMINS),
    ("cancel", "working", "admin", {"requester": R, "technician": T, "other_admin": A}),
    ("accept", "assigned", "technician", {"requester": R}),
    ("decline", "assigned", "technician", BOTH_ADMINS),
    ("identify", "identifying", "technician", {}),
    ("complete_work", "working", "technician", {}),
    ("pass_test", "testing", "technician", {}),
    ("fail_test", "testing", "technician", {"requester": R}),
    ("finish", "finishing", "technician", {"requester": R}),
    ("reopen", "done", "requester", {"technician": T, **BOTH_ADMINS}),
    ("reopen", "done", "admin", {"technician": T, "other_admin": A}),
    ("hold", "working", "technician", {"requester": R}),
    ("resume", "working on hold", "technician", {"requester": R}),
    ("change_priority", "submitted", "admin", {}),
    ("change_priority", "working", "admin", {"technician": T}),
    ("comment", "submitted", "requester", {}),
    ("comment", "working", "requester", {"technician": T}),
    ("comment", "working", "technician", {"requester": R}),
    ("comment", "working", "supervisor", {"requester": R, "technician": T}),
    ("comment", "done", "requester", {"technician": T}),
]

# threshold, step → who is told.
THRESHOLDS: Final[list[tuple[str, str, dict[str, Role]]]] = [
    ("warned", "submitted", BOTH_ADMINS),
    ("warned", "working", {"technician": T}),
    ("overdue", "submitted", BOTH_ADMINS),
    ("overdue", "working", {"technician": T, **BOTH_ADMINS}),
    ("escalated", "submitted", {**BOTH_ADMINS, "supervisor": S}),
    ("escalated", "working", {**BOTH_ADMINS, "supervisor": S}),
]


def told(event: TicketEvent) -> dict[str, Role]:
    names = {"pemohon": "requester", "admin_tip": "admin", "admin_lain": "other_admin", "teknisi": "technician",
             "teknisi_lain": "other_technician", "pimpinan": "supervisor"}  # fmt: skip
    return {names.get(user.username, user.username): roles[0] for user, roles in notify.recipients(event).items()}


def event_of(office: Office, action: str, status: str, by: str, **facts: Any) -> TicketEvent:
    actor = getattr(office, by)
    if action == "submit":
        ticket = office.submit(by=actor, requester=office.requester)
    else:
        name, _, hold = status.partition(" ")
        ticket = office.do(action, office.ticket_in(name, on_hold=bool(hold)), by=actor, **facts)
    return ticket.events.latest("seq")


def threshold_of(office: Office, kind: str, status: str) -> TicketEvent:
    """The event as the look writes it; which rows it writes is the look's matter."""
    ticket = office.ticket_in(status)
    run = ticket.current_run
    assert run is not None and run.escalate_at is not None
    actions.flag_overdue(run.escalate_at + timedelta(seconds=1))
    return ticket.events.get(kind=kind)


@pytest.mark.parametrize(("action", "status", "by", "expected"), EVENTS)
def test_people_are_told_as_the_table_says(
    office: Office, action: str, status: str, by: str, expected: dict[str, Role]
) -> None:
    assert told(event_of(office, action, status, by)) == expected


@pytest.mark.parametrize(("kind", "status", "expected"), THRESHOLDS)
def test_thresholds_are_told_as_the_table_says(
    office: Office, kind: str, status: str, expected: dict[str, Role]
) -> None:
    assert told(threshold_of(office, kind, status)) == expected


def test_every_kind_of_event_is_in_the_table_here_or_tells_nobody() -> None:
    here = {action for action, *_ in EVENTS} | {kind for kind, *_ in THRESHOLDS} | {"look_again"}
    assert {*Action.values, *Notice.values} - here == {"reckoned_anew", "measured", "linked", "unlinked"}


def test_there_are_words_for_everybody_who_can_be_told() -> None:
    assert {(kind, role) for kind, roles in TABLE.items() for role in roles} == set(WORDS)


@pytest.mark.parametrize(
    ("by", "expected"), [("technician", {"technician": T}), ("admin", {"technician": T, "admin": H})]
)
def test_a_hold_to_look_at_again_is_told_to_the_technician_and_to_whoever_set_it(
    office: Office, by: str, expected: dict[str, Role]
) -> None:
    ticket = office.do(Action.HOLD, office.ticket_in(Status.WORKING), by=getattr(office, by))
    actions.remind_of_holds(office.now + timedelta(days=2))
    assert told(ticket.events.get(kind=Notice.LOOK_AGAIN)) == expected


def test_an_internal_note_is_told_to_nobody(office: Office) -> None:
    assert told(event_of(office, "comment", "working", "technician", internal=True)) == {}


def test_who_is_no_longer_active_is_not_told(office: Office) -> None:
    event = event_of(office, "submit", "", "requester")
    User.objects.filter(pk__in=[office.requester.pk, office.admin.pk]).update(is_active=False)
    assert told(event) == {"other_admin": A}


def test_who_may_no_longer_see_the_ticket_is_not_told(office: Office) -> None:
    event = event_of(office, "approve", "submitted", "admin")
    office.technician.groups.remove(Group.objects.get(name=roles.TECHNICIAN))
    assert told(event) == {"requester": R}


def test_an_admins_own_request_gives_the_receipt_alone(office: Office) -> None:
    ticket = office.submit(by=office.admin, requester=office.admin)
    assert told(ticket.events.get()) == {"admin": R, "other_admin": A}


def test_one_person_in_two_roles_is_told_once_and_by_both_topics(office: Office) -> None:
    office.technician.set_roles([roles.TECHNICIAN, roles.ADMIN])
    event = event_of(office, "reopen", "done", "requester")
    found = {user.username: roles for user, roles in notify.recipients(event).items()}
    assert found == {"teknisi": [T, A], "admin_tip": [A], "admin_lain": [A]}
    assert [notify.topic(event.kind, role) for role in found["teknisi"]] == [Topic.TASKS, Topic.APPROVALS]


def test_a_supervisor_who_is_an_admin_is_told_as_an_admin(office: Office) -> None:
    office.admin.set_roles([roles.ADMIN, roles.SUPERVISOR])
    assert told(threshold_of(office, "escalated", "working")) == {**BOTH_ADMINS, "supervisor": S}


def _away(user: User, ticket: Ticket) -> None:
    day = ticket.submitted_at.date()
    Absence.objects.create(user=user, first_on=day, last_on=day, reason="Cuti", recorded_by=user)


@pytest.mark.parametrize("kind", ["warned", "overdue"])
def test_step_1_alerts_the_admins_who_are_present(office: Office, kind: str) -> None:
    event = threshold_of(office, kind, "submitted")
    _away(office.admin, event.ticket)
    assert told(event) == {"other_admin": A}
    _away(office.other_admin, event.ticket)
    assert told(event) == BOTH_ADMINS  # nobody is there: all are told


def test_the_technician_of_the_time_is_told_also_when_another_has_the_ticket_now(office: Office) -> None:
    ticket = office.do(Action.CHANGE_PRIORITY, office.ticket_in(Status.WORKING))
    event = ticket.events.latest("seq")
    office.do(Action.REASSIGN, ticket)
    assert told(TicketEvent.objects.get(pk=event.pk)) == {"technician": T}
