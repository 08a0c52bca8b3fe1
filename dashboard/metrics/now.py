"""The figures of homes, each one named here once.

`tickets` is what the viewer may see: no figure counts more than that. Every figure has a list that shows exactly its
tickets; its filter (see `tickets.forms.filters`) stands in the docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from accounts.models import Absence, User
from dashboard.metrics.shares import Share
from tickets.forms.filters import period_start
from tickets.loads import Load, Loads, loads, present, with_absence, with_load
from tickets.queries import TicketQuerySet
from tickets.sla import Verdict


@dataclass(frozen=True)
class Lately:
    """`on_time`: of the tickets done in the last 30 days, those within the SOP's whole standard.
    `?state=done&closed=30d`, `?state=done&closed=today`"""

    on_time: Share
    finished_today: int


def open_tickets(tickets: TicketQuerySet) -> int:
    """`?state=open`"""
    return tickets.open().count()


def overdue_tickets(tickets: TicketQuerySet, now: datetime) -> int:
    """Open tickets whose current step is late. `?state=overdue`"""
    return tickets.overdue(now).count()


def lately(tickets: TicketQuerySet, now: datetime) -> Lately:
    today = Q(closed_at__gte=period_start("today", now))
    found = _counted(tickets.done().closed_since(period_start("30d", now)), today=Count("pk", filter=today))
    return Lately(Share(found["part"], found["whole"]), found["today"])


def on_time_today(tickets: TicketQuerySet, now: datetime) -> Share:
    """Of the tickets done today, those within the SOP's whole standard. `?state=done&closed=today`"""
    found = _counted(tickets.done().closed_since(period_start("today", now)))
    return Share(found["part"], found["whole"])


def _counted(done: TicketQuerySet, **more: Count) -> dict[str, int]:
    return done.aggregate(part=Count("pk", filter=Q(verdict=Verdict.ON_TIME)), whole=Count("pk"), **more)


def technicians_load(today: date, requester: int | None = None, known: Loads | None = None) -> list[Load]:
    """Each technician's load, the least loaded first and who is away last; somebody who is none any more, while they
    hold open tickets. Of one requester's tickets, or of all; `known` is what they have, if it is known already.
    `?state=open&technician=<id>`
    """
    found = loads(requester) if known is None else known
    people = present(today)
    if others := found.keys() - {pk for pk, *_rest in people}:
        people = [*people, *with_absence(User.objects.filter(pk__in=others), today)]
    return with_load(people, found)


def of_absent_technicians(tickets: TicketQuerySet, today: date) -> TicketQuerySet:
    """Open tickets that wait for somebody who is away."""
    return tickets.open().filter(technician__in=Absence.objects.on(today).values("user"))
