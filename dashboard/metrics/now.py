"""The figures of homes, each one named here once.

`tickets` is what the viewer may see: no figure counts more than that. Every figure has a list that shows exactly its
tickets; its filter (see `tickets.forms.filters`) stands in the docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import Absence, User
from accounts.prepared import prepared
from dashboard.metrics.shares import Share
from tickets.forms.filters import period_start
from tickets.loads import Loads, loads, with_absence, with_load
from tickets.models import Ticket
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

    @property
    def name(self) -> str:
        return str(self.technician)


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
    loaded: list[Any] = with_load(_loaded(today, requester), loads(requester) if known is None else known)
    return [
        Load(
            person,
            person.open_tickets,
            person.held_tickets,
            person.open_minutes,
            person.away_until,
            person.away_reason or "",
        )
        for person in loaded
    ]


@prepared
def _loaded(today: date, requester: int | None) -> Any:
    tickets = Ticket.objects.of_requester(requester)
    able = User.objects.holding("tickets.work_ticket").values("pk")
    holding = tickets.open().exclude(technician=None).order_by().values("technician")
    people = User.objects.filter(Q(pk__in=able) | Q(pk__in=holding))
    return with_absence(people, today)


def of_absent_technicians(tickets: TicketQuerySet, today: date) -> TicketQuerySet:
    """Open tickets that wait for somebody who is away."""
    return tickets.open().filter(technician__in=Absence.objects.on(today).values("user"))
