"""Who may do what to which ticket. The buttons and the guards have this one source.

Whether the move is possible now is the workflow's question, not this one's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from tickets.models import Ticket
from tickets.workflow import Action, Status, actions_from

if TYPE_CHECKING:
    from accounts.models import User

Rule = Callable[["User", Ticket], bool]


def is_manager(user: User) -> bool:
    """Whether `user` holds the admin's permission over tickets."""
    return user.has_perm("tickets.manage_tickets")


def _manager(user: User, ticket: Ticket) -> bool:
    return is_manager(user)


def _technician(user: User, ticket: Ticket) -> bool:
    return ticket.technician_id == user.pk and user.has_perm("tickets.work_ticket")


def _technician_or_manager(user: User, ticket: Ticket) -> bool:
    return _technician(user, ticket) or is_manager(user)


def _may_cancel(user: User, ticket: Ticket) -> bool:
    early = ticket.status in (Status.SUBMITTED, Status.ASSIGNED)
    return is_manager(user) or (early and ticket.requester_id == user.pk)


def _may_reopen(user: User, ticket: Ticket) -> bool:
    return is_manager(user) or ticket.requester_id == user.pk


def can_see(user: User, ticket: Ticket) -> bool:
    """Whether `user` may know that this ticket exists; the single row's counterpart of `visible_to`."""
    return ticket.requester_id == user.pk or user.has_perm("tickets.view_all_tickets")


RULES: Final[dict[Action, Rule]] = {
    Action.APPROVE: _manager,
    Action.REJECT: _manager,
    Action.CANCEL: _may_cancel,
    Action.ACCEPT: _technician,
    Action.DECLINE: _technician,
    Action.REASSIGN: _manager,
    Action.IDENTIFY: _technician,
    Action.COMPLETE_WORK: _technician,
    Action.PASS_TEST: _technician,
    Action.FAIL_TEST: _technician,
    Action.FINISH: _technician,
    Action.REOPEN: _may_reopen,
    Action.HOLD: _technician_or_manager,
    Action.RESUME: _technician_or_manager,
    Action.CHANGE_PRIORITY: _manager,
    Action.COMMENT: can_see,
}


def may(user: User, action: Action, ticket: Ticket) -> bool:
    """Whether `user` may make this move on this ticket at all."""
    return user.is_active and can_see(user, ticket) and RULES[action](user, ticket)


def require(user: User, action: Action, ticket: Ticket) -> None:
    """Raises PermissionDenied with a sentence for the user."""
    if not may(user, action, ticket):
        raise PermissionDenied(_("Anda tidak berwenang melakukan “%s” pada tiket ini.") % action.label)


def in_time_to_reopen(user: User, ticket: Ticket, at: datetime) -> bool:
    """The requester's time for opening a ticket again runs out; the admins' does not."""
    return ticket.reopen_until is None or at <= ticket.reopen_until or is_manager(user)


def available_actions(user: User, ticket: Ticket, now: datetime | None = None) -> list[Action]:
    """What `user` can do to `ticket`: permitted, possible, and, where `now` is given, in time."""
    possible = [action for action in actions_from(Status(ticket.status), ticket.on_hold) if may(user, action, ticket)]
    if now is not None and Action.REOPEN in possible and not in_time_to_reopen(user, ticket, now):
        possible.remove(Action.REOPEN)
    return possible


# After the end, the requester may rate the service, and correct the rating, for this long.
RATING_TIME: Final = timedelta(days=30)


def may_rate(user: User, ticket: Ticket) -> bool:
    """The service is rated by whoever asked for it, and by nobody else."""
    return user.is_active and ticket.requester_id == user.pk


def require_rating(user: User, ticket: Ticket) -> None:
    """Raises PermissionDenied with a sentence for the user."""
    if not may_rate(user, ticket):
        raise PermissionDenied(_("Hanya pemohon yang dapat menilai layanan tiket ini."))


def in_time_to_rate(ticket: Ticket, at: datetime) -> bool:
    """Whether the ticket is done, and not for longer than `RATING_TIME`."""
    return ticket.status == Status.DONE and ticket.closed_at is not None and at <= ticket.closed_at + RATING_TIME


def sees_rating(user: User, ticket: Ticket) -> bool:
    """A rating with a name on it is its rater's and the admins', who follow up; nobody is blamed by it."""
    return ticket.requester_id == user.pk or is_manager(user)


def sees_internal_notes(user: User, ticket: Ticket) -> bool:
    """Internal notes need a staff role and are hidden from the ticket's own requester, unless that is an admin."""
    own = ticket.requester_id == user.pk
    return user.has_perm("tickets.internal_notes") and (not own or is_manager(user))


def may_submit_for(user: User, requester: User) -> bool:
    """Everyone for themselves; an admin on behalf of anyone."""
    return user.is_active and (user.pk == requester.pk or is_manager(user))
