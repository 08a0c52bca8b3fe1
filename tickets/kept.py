"""What figures came to, kept in each process until the next event."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final, TypeVar

from accounts.models import User
from accounts.prepared import prepared
from jobs.paging import PAGE_SIZE
from tickets import permissions
from tickets.models import Ticket
from tickets.polls import Glance
from tickets.queries import QUEUE_KEY

_MOST: Final = 256
_kept: dict[Hashable, Any] = {}

T = TypeVar("T")


def until_next_event(seen: Glance, viewer: User, key: Hashable, figure: Callable[[], T]) -> T:
    """For figures of tickets alone, of a viewer who sees all of them: whatever changes those is an event, and changes
    the mark, which was read first. The key says what else the figure hangs on: its name, the scope, the day."""
    return keep((seen.mark, permissions.is_manager(viewer), key), figure)  # a manager's mark counts absences as well


def keep(key: Hashable, figure: Callable[[], T]) -> T:
    """The figure, reckoned once in each process while it is asked for by this key, which says all that it hangs on."""
    if key not in _kept:
        if len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = figure()
    found: T = _kept[key]
    return found


def open_tally(seen: Glance, viewer: User) -> dict[str, Any]:
    """How many tickets are open in each state (`TicketQuerySet.tally`), of those that the viewer sees. What time alone
    changes of it, it changes first at its own `next_due`."""
    if not viewer.has_perm("tickets.view_all_tickets"):
        return dict(*_tally(seen.now, viewer.pk))
    since, tally = until_next_event(seen, viewer, "open tally", lambda: (seen.now, dict(*_tally(seen.now, None))))
    if since <= seen.now and (tally["next_due"] is None or seen.now <= tally["next_due"]):
        return tally
    return dict(*_tally(seen.now, None))


def open_queue(seen: Glance, viewer: User) -> list[Any]:
    """The open tickets that lead in queue order, of those that the viewer sees, one more than a page of a list shows,
    as values of QUEUE_KEY. Time alone changes their order when the next of all becomes late."""
    if not viewer.has_perm("tickets.view_all_tickets"):
        return _queue(seen.now, viewer.pk)
    key = ("open queue", open_tally(seen, viewer)["next_due"])
    return until_next_event(seen, viewer, key, lambda: _queue(seen.now, None))


@prepared
def _queue(now: datetime, only_own: int | None) -> Any:
    tickets = Ticket.objects.of_requester(only_own).open().in_queue_order(now)
    return tickets.values_list(*QUEUE_KEY, named=True)[: PAGE_SIZE + 1]


@prepared
def _tally(now: datetime, only_own: int | None) -> Any:
    return Ticket.objects.of_requester(only_own).tallied(now)
