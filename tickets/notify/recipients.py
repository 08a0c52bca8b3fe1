"""Who is told of an event, and as what: the table of the domain's "Who is told"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from accounts.models import User
from tickets import permissions
from tickets.models import Hold, Role, TicketEvent, Topic
from tickets.workflow import Action, Notice, Step

Finder = Callable[[TicketEvent], Iterable[User | int | None]]


def present_admins(at: datetime) -> list[User]:
    """The admins who are there; all of them where nobody is: somebody has to see it."""
    return list(User.objects.present(at).filter(pk__in=_admin_ids())) or _all_admins()


def _admin_ids() -> list[int]:
    return [user.pk for user in _all_admins()]


def _all_admins() -> list[User]:
    return list(User.objects.holding("tickets.manage_tickets"))


def _requester(event: TicketEvent) -> list[User | int | None]:
    return [event.ticket.requester]


def _technician(event: TicketEvent) -> list[User | int | None]:
    """Whoever held the ticket when it happened, also if it has been given to another since."""
    return [event.run.technician_id if event.run else event.ticket.technician_id]


def _chosen(event: TicketEvent) -> list[User | int | None]:
    return [event.data["technician"]]


def _former(event: TicketEvent) -> list[User | int | None]:
    return [event.data["technician_before"]]


def _admins(event: TicketEvent) -> list[User]:
    return _all_admins()


def _watchers(event: TicketEvent) -> list[User]:
    """A ticket that waits for an admin waits for those who are there; any other is all admins' business."""
    return present_admins(event.at) if _in_step_1(event) else _all_admins()


def _watchers_of_step_1(event: TicketEvent) -> list[User]:
    return present_admins(event.at) if _in_step_1(event) else []


def _supervisors(event: TicketEvent) -> list[User]:
    """Who sees the office's figures without being an admin."""
    return list(User.objects.holding("tickets.view_figures").exclude(pk__in=_admin_ids()))


def _holder(event: TicketEvent) -> list[User | int | None]:
    holds = Hold.objects.filter(run_id=event.run_id, reminded_at__isnull=False, reminded_at__lte=event.at)
    return [holds.order_by("-reminded_at").values_list("started_by", flat=True).first()]


def _in_step_1(event: TicketEvent) -> bool:
    return event.run is not None and event.run.step == Step.SUBMISSION


#: kind → as what, who. A comment's row is for public ones. What stands in no row tells nobody.
TABLE: Final[Mapping[str, Mapping[Role, Finder]]] = {
    Action.SUBMIT: {Role.REQUESTER: _requester, Role.ADMIN: _admins},
    Action.APPROVE: {Role.REQUESTER: _requester, Role.TECHNICIAN: _chosen},
    Action.REASSIGN: {Role.REQUESTER: _requester, Role.TECHNICIAN: _chosen, Role.FORMER: _former},
    Action.REJECT: {Role.REQUESTER: _requester, Role.TECHNICIAN: _technician},
    Action.CANCEL: {Role.REQUESTER: _requester, Role.TECHNICIAN: _technician, Role.ADMIN: _admins},
    Action.ACCEPT: {Role.REQUESTER: _requester},
    Action.HOLD: {Role.REQUESTER: _requester},
    Action.RESUME: {Role.REQUESTER: _requester},
    Action.DECLINE: {Role.ADMIN: _admins},
    Action.CHANGE_PRIORITY: {Role.TECHNICIAN: _technician},
    Action.FAIL_TEST: {Role.REQUESTER: _requester},
    Action.FINISH: {Role.REQUESTER: _requester},
    Action.REOPEN: {Role.TECHNICIAN: _technician, Role.ADMIN: _admins},
    Action.COMMENT: {Role.REQUESTER: _requester, Role.TECHNICIAN: _technician},
    Notice.WARNED: {Role.TECHNICIAN: _technician, Role.ADMIN: _watchers_of_step_1},
    Notice.OVERDUE: {Role.TECHNICIAN: _technician, Role.ADMIN: _watchers},
    Notice.ESCALATED: {Role.ADMIN: _admins, Role.SUPERVISOR: _supervisors},
    Notice.LOOK_AGAIN: {Role.TECHNICIAN: _technician, Role.HOLDER: _holder},
}

DEADLINES: Final = (Notice.WARNED, Notice.OVERDUE, Notice.ESCALATED, Notice.LOOK_AGAIN)
_TOPIC_OF_ROLE: Final = {
    Role.REQUESTER: Topic.OWN, Role.TECHNICIAN: Topic.TASKS, Role.FORMER: Topic.TASKS, Role.ADMIN: Topic.APPROVALS,
}  # fmt: skip


def topic(kind: str, role: Role) -> Topic:
    """The group under which a person switches this message."""
    if kind in DEADLINES:
        return Topic.DEADLINES
    return Topic.COMMENTS if kind == Action.COMMENT else _TOPIC_OF_ROLE[role]


def recipients(event: TicketEvent) -> dict[User, list[Role]]:
    """Whom to tell, each with every role they are told in, the first of which gives the words.

    Nobody is told of what they did themselves, except the receipt of one's own request; nobody who is not active or
    may not see the ticket.
    """
    if event.internal:
        return {}
    told: dict[int, list[Role]] = {}
    for role, finder in TABLE.get(event.kind, {}).items():
        for person in finder(event):
            pk = person.pk if isinstance(person, User) else person
            if pk is not None and (pk != event.by_id or _is_receipt(event, role)):
                told.setdefault(pk, []).append(role)
    people = User.objects.in_bulk(told)
    return {
        people[pk]: roles
        for pk, roles in told.items()
        if people[pk].is_active and permissions.can_see(people[pk], event.ticket)
    }


def _is_receipt(event: TicketEvent, role: Role) -> bool:
    return event.kind == Action.SUBMIT and role == Role.REQUESTER
