"""What a page that is left open asks every few seconds: has anything changed for its reader? Only reads.

One query, whoever asks; what a page was drawn from and the answer to its polls are made of the same here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from accounts.models import Absence, User
from accounts.prepared import prepared
from jobs.instants import DatabaseNow
from tickets import permissions, tracker
from tickets.bell import Bell, unread_keys
from tickets.models import Ticket, TicketEvent

# However little happens, a list is drawn anew after this time.
_STALE: Final = timedelta(minutes=30)

# Events that are looked at together: ids are given before their transactions are through, so one that is lower than
# the newest can appear after it.
_NEWEST: Final = 100


@dataclass(frozen=True)
class Glance:
    """`mark` grows with whatever happens to the tickets that the viewer sees: no event and no absence's history is ever
    taken back. Of one ticket it is the last event that the viewer may know of."""

    now: datetime
    mark: int
    bell: Bell
    clock: tracker.Clock | None = None


class _Count(Subquery):
    """How many rows there are."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()


# Lists and homes


def glance(viewer: User) -> Glance:
    """Taken before the list is read, so that what happens meanwhile counts as news."""
    sees_all, manages = viewer.has_perm("tickets.view_all_tickets"), permissions.is_manager(viewer)
    ((now, bell, *marks),) = _glance(viewer.pk, sees_all=sees_all, manages=manages)
    return Glance(now, sum(sum(mark) if isinstance(mark, list) else mark for mark in marks), Bell.of(bell))


@prepared
def _glance(viewer: int, *, sees_all: bool, manages: bool) -> Any:
    asked: list[Any] = [DatabaseNow(), unread_keys(viewer, sees_all=sees_all), _events(viewer, sees_all=sees_all)]
    if manages:  # their home shows who is away
        history = Absence.pgh_event_model.objects.order_by().values("pk")  # type: ignore[attr-defined]  # by pghistory
        asked.append(_Count(history))
    return User.objects.filter(pk=viewer).values_list(*asked)


def newest_events() -> ArraySubquery:
    """Within a query that asks for more; their sum is the mark of whoever sees all tickets."""
    return ArraySubquery(TicketEvent.objects.order_by("-pk").values("pk")[:_NEWEST])


def _events(viewer: int, *, sees_all: bool) -> Any:
    if sees_all:
        return newest_events()
    # The events that they may know of: events of a ticket count from 1, those to be kept from them are few.
    own = Ticket.objects.filter(requester=viewer).order_by().values(together=Value(1))
    of_them = Subquery(own.annotate(number=Sum("event_seq")).values("number"), output_field=BigIntegerField())
    return Coalesce(of_them, 0) - _Count(TicketEvent.objects.order_by().filter(ticket__requester=viewer, internal=True))


def version(seen: Glance, moments: Iterable[datetime | None]) -> str:
    """What a list's polls carry; `moments` are those at which it shows something else though nothing has happened."""
    midnight = timezone.localtime(seen.now).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    ahead = (moment for moment in (seen.now + _STALE, midnight, *moments) if moment is not None and moment > seen.now)
    return f"{seen.mark}.{int(min(ahead).timestamp())}"


def is_current(claim: str, seen: Glance) -> bool:
    """Whether nothing has changed since a list with this version was drawn."""
    mark, _, until = claim.partition(".")
    if not (mark.isdecimal() and until.isdecimal()):
        return False
    return seen.now.timestamp() <= int(until) and mark == str(seen.mark)


# One ticket

# What a run's clock is reckoned from; the calendar's own data each process keeps.
_CLOCK: Final = ("due_at", "maximum", "calendar__published_at")


def glance_at(number: str, viewer: User) -> Glance:
    """Raises Http404 where `viewer` does not see the ticket."""
    tickets: QuerySet[Ticket] = Ticket.objects.visible_to(viewer).filter(number=number)
    public = TicketEvent.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("-seq").values("seq")[:1]
    ticket: Any = (
        tickets.select_related("current_run__calendar")
        .only("event_seq", "requester", *(f"current_run__{name}" for name in _CLOCK))
        .annotate(now=DatabaseNow(), public=Subquery(public), unread=_unread(viewer))
        .first()
    )
    if ticket is None:
        raise Http404
    seq = ticket.event_seq if permissions.sees_internal_notes(viewer, ticket) else ticket.public
    run = ticket.current_run
    return Glance(ticket.now, seq or 0, Bell.of(ticket.unread), tracker.clock_of(run, ticket.now) if run else None)


def _unread(viewer: User) -> ArraySubquery:
    return unread_keys(viewer.pk, sees_all=viewer.has_perm("tickets.view_all_tickets"))


def ticket_version(seq: int, clock: tracker.Clock | None, now: datetime) -> str:
    """What a ticket page's polls carry: the newest event that its reader may know of, and what time alone changes."""
    phase = "still" if clock is None else "stands" if clock.resumes else "runs"
    late = "-late" if clock is not None and clock.is_late else ""
    return f"{seq}-{phase}{late}-{timezone.localtime(now):%j}"
