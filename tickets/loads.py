"""What each technician has before them, and who of them is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from accounts.models import Absence, User
from accounts.prepared import prepared
from tickets.models import Ticket
from tickets.queries import TicketQuerySet


def technicians(now: datetime) -> list[User]:
    """Those who can be allocated to, as `with_load` of all tickets."""
    return _technicians(timezone.localdate(now))


@prepared
def _technicians(today: date) -> QuerySet[User]:
    return with_load(able(), Ticket.objects.all(), today)


def able() -> QuerySet[User]:
    """Those who can be allocated to while they are not away."""
    return User.objects.holding("tickets.work_ticket")


@prepared
def _is_able(person: int) -> QuerySet[User]:
    return able().filter(pk=person)


def is_able(person: User) -> bool:
    return bool(_is_able(person.pk))


def with_load(people: QuerySet[User], tickets: TicketQuerySet, today: date) -> QuerySet[User]:
    """Adds `open_tickets`, `held_tickets` among them, `open_minutes` (standard working minutes still before them, those
    on hold left out), `away_until` and `away_reason`. Those present first, the least loaded first of them."""
    allocated = tickets.open().filter(technician=OuterRef("pk")).order_by().values("technician")
    ahead = Q(sop__steps__number__gte=F("current_run__step"), current_run__due_at__isnull=False)
    absence = Absence.objects.on(today).filter(user=OuterRef("pk"))
    return people.annotate(
        open_tickets=_number(allocated.annotate(number=Count("pk"))),
        held_tickets=_number(allocated.annotate(number=Count("pk", filter=Q(current_run__due_at=None)))),
        open_minutes=_number(allocated.annotate(number=Sum("sop__steps__maximum", filter=ahead))),
        away_until=Subquery(absence.values("last_on"), output_field=DateField()),
        away_reason=Subquery(absence.values("reason")),
        sorted_name=Lower("full_name"),
    ).order_by(F("away_until").asc(nulls_first=True), "open_minutes", "open_tickets", "sorted_name", "pk")


def _number(counted: Any) -> Coalesce:
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
