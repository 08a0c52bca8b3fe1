"""Who may do what, restated by hand and driven: status × on hold × action × person.

Every pair of person and action is really tried; the answer must be the one that the design's tables give, refusals
come in the order 403, 409, 422, a refused action changes nothing, and the buttons are exactly what would succeed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import roles
from accounts.models import User
from tests.tickets.factories import Office, make_user, wib
from tests.tickets.snapshot import snapshot, undone
from tests.tickets.test_workflow import ACTIONS, STATES, expected, state_id
from tickets import actions, permissions
from tickets.models import Ticket
from tickets.workflow import Action, WorkflowError

TECHNICIANS_OWN: Final = (
    "accept", "decline", "identify", "complete_work", "pass_test", "fail_test", "finish",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody before a ticket: who they are, and what the design calls them there."""

    user: User
    admin: bool = False
    technician: bool = False
    supervisor: bool = False
    requester: bool = False
    allocated: bool = False
    active: bool = True


def permitted(action: str, status: str, who: Person) -> bool:
    """The columns "who" of the design's table of actions and of its table of roles."""
    own_work = who.technician and who.allocated
    sees = who.requester or who.admin or who.technician or who.supervisor
    if action == "comment":
        allowed = sees
    elif action in TECHNICIANS_OWN:
        allowed = own_work
    elif action in ("hold", "resume"):
        allowed = own_work or who.admin
    elif action == "cancel":
        allowed = who.admin or (who.requester and status in ("submitted", "assigned"))
    elif action == "reopen":
        allowed = who.admin or who.requester
    else:
        assert action in ("approve", "reject", "reassign", "change_priority")
        allowed = who.admin
    return allowed and who.active


def tickets_and_people(office: Office, status: str, on_hold: bool) -> Iterator[tuple[Ticket, list[Person]]]:
    """The same state four times over, asked for by an employee, an admin, two technicians and a supervisor."""
    own = office.ticket_in(status, on_hold=on_hold)
    there = own.technician_id is not None
    yield (
        own,
        [
            Person(office.requester, requester=True),
            Person(office.stranger),
            Person(office.admin, admin=True),
            Person(office.supervisor, supervisor=True),
            Person(office.technician, technician=True, allocated=there),
            Person(office.other_technician, technician=True),
            Person(make_user(roles.ADMIN, roles.TECHNICIAN), admin=True, technician=True),
            Person(make_user(roles.ADMIN, is_active=False), admin=True, active=False),
            Person(_inactive(office.requester), requester=True, active=False),
            Person(_inactive(office.technician), technician=True, allocated=there, active=False),
        ],
    )
    for by, who in [
        (office.admin, Person(office.admin, admin=True, requester=True)),
        (office.technician, Person(office.technician, technician=True, requester=True, allocated=there)),
        (office.other_technician, Person(office.other_technician, technician=True, requester=True)),
        (office.supervisor, Person(office.supervisor, supervisor=True, requester=True)),
    ]:
        yield office.ticket_in(status, on_hold=on_hold, by=by), [who]


def _inactive(user: User) -> User:
    """The same person as they would come in after having been deactivated."""
    again = User.objects.get(pk=user.pk)
    again.is_active = False
    return again


@pytest.mark.parametrize("state", STATES, ids=state_id)
def test_every_person_can_do_exactly_what_the_design_says_and_the_buttons_show_exactly_that(
    office: Office, state: tuple[str, bool]
) -> None:
    status, on_hold = state
    for ticket, people in tickets_and_people(office, status, on_hold):
        before = snapshot()
        for who in people:
            accepted = [action for action in ACTIONS if _try(office, ticket, action, who, on_hold)]
            assert snapshot() == before
            buttons = permissions.available_actions(who.user, Ticket.objects.get(pk=ticket.pk))
            assert sorted(buttons) == sorted(accepted), who


def _try(office: Office, ticket: Ticket, action: str, who: Person, on_hold: bool) -> bool:
    place = f"{action} by {who}"
    may = permitted(action, ticket.status, who)
    assert permissions.may(who.user, Action(action), ticket) == may, place
    if not may:
        if not on_hold:  # rights do not depend on a hold; the rule itself was asked above
            with pytest.raises(PermissionDenied):
                office.do(action, ticket, by=who.user)
        return False
    if expected(ticket.status, on_hold, action) is None:
        with pytest.raises(WorkflowError):
            office.do(action, ticket, by=who.user)
        return False
    with undone():
        office.do(action, ticket, by=who.user)
    return True


@pytest.mark.parametrize("role", [roles.TECHNICIAN, roles.ADMIN])
def test_whoever_loses_a_role_loses_what_it_allowed(office: Office, role: str) -> None:
    ticket = office.ticket_in("assigned")
    former = office.technician if role == roles.TECHNICIAN else office.admin
    former.set_roles([])
    former = User.objects.get(pk=former.pk)
    with pytest.raises(PermissionDenied):
        office.do("accept" if role == roles.TECHNICIAN else "cancel", ticket, by=former)
    assert permissions.available_actions(former, ticket) == []


def test_roles_are_django_permissions_so_that_an_office_can_regroup_them(office: Office) -> None:
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.create(name="Koordinator")
    group.permissions.add(*Permission.objects.filter(codename__in=["manage_tickets", "view_all_tickets"]))
    office.colleague.groups.add(group)
    coordinator = User.objects.get(pk=office.colleague.pk)
    assert office.do("approve", office.ticket_in("submitted"), by=coordinator).status == "assigned"


# Who sees a ticket


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("requester", True),
        ("colleague", False),
        ("stranger", False),
        ("admin", True),
        ("technician", True),
        ("other_technician", True),
        ("supervisor", True),
    ],
)
def test_a_ticket_is_seen_by_its_requester_and_the_three_staff_roles(office: Office, name: str, sees: bool) -> None:
    ticket, user = office.ticket_in("assigned"), getattr(office, name)
    assert Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists() == sees
    assert permissions.can_see(user, ticket) == sees


# Internal notes


@pytest.mark.parametrize(
    ("writer", "requester", "may"),
    [
        ("admin", "requester", True),
        ("technician", "requester", True),
        ("other_technician", "requester", True),
        ("supervisor", "requester", True),
        ("requester", "requester", False),
        ("colleague", "requester", False),
        ("admin", "admin", True),
        ("technician", "technician", False),
        ("supervisor", "supervisor", False),
    ],
)
def test_internal_notes_are_for_staff_and_hidden_from_the_own_requester_unless_admin(
    office: Office, writer: str, requester: str, may: bool
) -> None:
    ticket, by = office.ticket_in("assigned", by=getattr(office, requester)), getattr(office, writer)
    assert permissions.sees_internal_notes(by, ticket) == may
    if may:
        office.do("comment", ticket, by=by, internal=True)
        assert ticket.events.get(kind="comment").internal
    else:
        before = snapshot()
        with pytest.raises(PermissionDenied):
            office.do("comment", ticket, by=by, internal=True)
        assert snapshot() == before


# Submitting


@pytest.mark.parametrize("name", ["requester", "admin", "technician", "supervisor"])
def test_everyone_is_an_employee_and_submits_for_themselves(office: Office, name: str) -> None:
    assert office.submit(by=getattr(office, name)).requester == getattr(office, name)


@pytest.mark.parametrize(
    ("name", "may"), [("admin", True), ("colleague", False), ("technician", False), ("supervisor", False)]
)
def test_only_an_admin_submits_on_behalf_of_somebody_else(office: Office, name: str, may: bool) -> None:
    by = getattr(office, name)
    if may:
        ticket = office.submit(by=by, requester=office.requester)
        assert (ticket.requester, ticket.events.get().by) == (office.requester, by)
    else:
        before = snapshot()
        with pytest.raises(PermissionDenied):
            office.submit(by=by, requester=office.requester)
        assert snapshot() == before


def test_a_deactivated_person_submits_nothing_not_even_for_themselves(office: Office) -> None:
    with pytest.raises(PermissionDenied):
        office.submit(by=_inactive(office.requester))


def test_nobody_submits_on_behalf_of_somebody_who_has_left(office: Office) -> None:
    gone = make_user(is_active=False)
    with pytest.raises(ValidationError) as refusal:
        office.submit(by=office.admin, requester=gone)
    assert refusal.value.message_dict.keys() == {"requester"}


def test_an_admin_may_approve_a_ticket_of_their_own_and_the_history_shows_it(office: Office) -> None:
    ticket = office.do("approve", office.ticket_in("submitted", by=office.admin))
    assert ticket.requester == ticket.events.get(kind="approve").by


# Reopening has an end


def test_the_requesters_button_to_reopen_goes_when_the_time_for_it_has_passed(office: Office) -> None:
    ticket = office.ticket_in("done")
    assert ticket.reopen_until is not None
    last, too_late = ticket.reopen_until, ticket.reopen_until + timedelta(seconds=1)
    assert "reopen" in permissions.available_actions(office.requester, ticket, now=last)
    assert "reopen" not in permissions.available_actions(office.requester, ticket, now=too_late)
    assert "reopen" in permissions.available_actions(office.admin, ticket, now=too_late)


# The order of refusals: 403 before 409 before 422

BAD_INPUT: Final[dict[str, dict[str, Any]]] = {
    "approve": {"priority": 99},
    "reject": {"reason": " "},
    "cancel": {"reason": ""},
    "decline": {"reason": "\t"},
    "reassign": {"reason": ""},
    "identify": {"needs": []},
    "complete_work": {"summary": ""},
    "pass_test": {"results": {}},
    "fail_test": {"results": {}},
    "finish": {"record": actions.NetworkRecord("not an address", "PC-1", None)},  # type: ignore[arg-type]
    "reopen": {"reason": ""},
    "hold": {"look_again_at": wib("2020-01-01 00:00")},
    "change_priority": {"priority": 0},
    "comment": {"text": " "},
}


def test_every_action_with_input_has_its_bad_input_here() -> None:
    assert {*BAD_INPUT, "accept", "resume"} == set(ACTIONS)


@pytest.mark.parametrize("action", BAD_INPUT)
def test_whoever_may_not_gets_403_whatever_the_input_and_the_state(office: Office, action: str) -> None:
    for status in ("submitted", "working", "done"):
        with pytest.raises(PermissionDenied):
            office.do(action, office.ticket_in(status), by=office.colleague, **BAD_INPUT[action])


@pytest.mark.parametrize("action", [action for action in BAD_INPUT if action != "comment"])
def test_what_is_not_possible_now_is_409_whatever_the_input(office: Office, action: str) -> None:
    status = "working" if action != "complete_work" else "finishing"
    ticket = office.ticket_in("cancelled" if action in ("cancel", "reassign", "hold", "change_priority") else status)
    with pytest.raises(WorkflowError):
        office.do(action, ticket, **BAD_INPUT[action])


@pytest.mark.parametrize("action", [action for action in BAD_INPUT if action != "comment"])
def test_a_stale_screen_is_409_before_its_input_is_looked_at(office: Office, action: str) -> None:
    status = next(status for status, on_hold in STATES if not on_hold and expected(status, False, action))
    with pytest.raises(WorkflowError):
        office.do(action, office.ticket_in(status), run=0, **BAD_INPUT[action])


@pytest.mark.parametrize("action", BAD_INPUT)
def test_bad_input_where_all_else_is_right_is_422_and_changes_nothing(office: Office, action: str) -> None:
    status = next(status for status, on_hold in STATES if not on_hold and expected(status, False, action))
    ticket = office.ticket_in(status)
    before = snapshot()
    with pytest.raises(ValidationError) as refusal:
        office.do(action, ticket, **BAD_INPUT[action])
    assert all(message.strip() for message in refusal.value.messages)
    assert snapshot() == before
