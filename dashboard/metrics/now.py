"""The figures of homes, each one named here once.

`tickets` is what the viewer may see: no figure counts more than that. Every figure has a list that shows exactly its
tickets; its filter (see `tickets.forms.filters`) stands in the docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from dashboard.metrics.shares import Share
from tickets.forms.filters import period_start
from tickets.loads import with_load
from tickets.queries import TicketQuerySet
from tickets.sla import Verdict


@dataclass(frozen=True)
class Load:
    """A technician's open tickets, those on hold among them, and the standard working minutes that those which run
    still take. `away_until` is the last day of an absence."""

    technician: User
    open: int
    held: int
    minutes: int
    away_until: date | None
    away_reason: str


def open_tickets(tickets: TicketQuerySet) -> int:
    """`?state=open`"""
    return tickets.open().count()


def overdue_tickets(tickets: TicketQuerySet, now: datetime) -> int:
    """Open tickets whose current step is late. `?state=overdue`"""
    return tickets.overdue(now).count()


def finished_today(tickets: TicketQuerySet, now: datetime) -> int:
    """`?state=done&closed=today`"""
    return tickets.done().closed_since(period_start("today", now)).count()


def on_time_share(tickets: TicketQuerySet, now: datetime) -> Share:
    """Of the tickets done in the last 30 days, those within the SOP's whole standard. `?state=done&closed=30d`"""
    return _on_time(tickets.done().closed_since(period_start("30d", now)))


def on_time_today(tickets: TicketQuerySet, now: datetime) -> Share:
    """The same of those done today. `?state=done&closed=today`"""
    return _on_time(tickets.done().closed_since(period_start("today", now)))


def _on_time(done: TicketQuerySet) -> Share:
    found = done.aggregate(part=Count("pk", filter=Q(verdict=Verdict.ON_TIME)), whole=Count("pk"))
    return Share(found["part"], found["whole"])


def technicians_load(tickets: TicketQuerySet, now: datetime) -> list[Load]:
    """Each technician's load, the least loaded first and who is away last; somebody who is none any more, while they
    hold open tickets. `?state=open&technician=<id>`
    """
    able = User.objects.holding("tickets.work_ticket").values("pk")
    holding = tickets.open().exclude(technician=None).order_by().values("technician")
    people: Any = with_load(User.objects.filter(Q(pk__in=able) | Q(pk__in=holding)), tickets, now)
    return [
        Load(
            person,
            person.open_tickets,
            person.held_tickets,
            person.open_minutes,
            person.away_until,
            person.away_reason or "",
        )
        for person in people
    ]


def of_absent_technicians(tickets: TicketQuerySet, now: datetime) -> TicketQuerySet:
    """Open tickets that wait for somebody who is away today."""
    return tickets.open().filter(technician__in=User.objects.absent(now).values("pk"))
