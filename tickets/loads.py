"""What each technician has before them, and who of them is away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from accounts.models import Absence, User
from accounts.prepared import prepared
from tickets.kept import keep
from tickets.models import SopRevision, Ticket
from tickets.polls import newest_events


def technicians(now: datetime) -> list[User]:
    """Those who can be allocated to, as `with_load` of all tickets."""
    return with_load(_present(timezone.localdate(now)), _loads_now())


@prepared
def _present(today: date) -> QuerySet[User]:
    return with_absence(able(), today)


def able() -> QuerySet[User]:
    """Those who can be allocated to while they are not away."""
    return User.objects.holding("tickets.work_ticket")


@prepared
def _able(person: int) -> QuerySet[User]:
    return able().filter(pk=person)


def able_person(choice: str) -> User | None:
    """Whom a form has chosen, if they can be allocated to."""
    return next(iter(_able(int(choice))), None) if re.fullmatch(r"[0-9]{1,9}", choice) else None


def is_able(person: User) -> bool:
    return bool(_able(person.pk))


def with_absence(people: QuerySet[User], today: date) -> QuerySet[User]:
    """Adds `away_until` and `away_reason`; by name, and no more of each than is shown."""
    absence = Absence.objects.on(today).filter(user=OuterRef("pk"))
    away = {"away_until": Subquery(absence.values("last_on")), "away_reason": Subquery(absence.values("reason"))}
    return people.annotate(**away).order_by(Lower("full_name"), "pk").only("username", "full_name")


Loads = dict[int, tuple[int, int, int]]


def _loads_now() -> Loads:
    """`loads`, counted once in each process until something happens."""
    ((newest,),) = _newest()
    return keep((sum(newest), "loads"), loads)


@prepared
def _newest() -> Any:
    return SopRevision.objects.order_by("pk").values_list(newest_events())[:1]


def loads(requester: int | None = None) -> Loads:
    """By technician: open tickets, those on hold among them, and the standard working minutes still before them, those
    on hold left out; of one requester's tickets, or of all. Only an event changes them."""
    return {technician: (tickets, held, minutes) for technician, tickets, held, minutes in _loads(requester)}


def with_load(people: Iterable[Any], loads: Loads) -> list[User]:
    """Adds `open_tickets`, `held_tickets` and `open_minutes` to each of `with_absence`. Those present first, the least
    loaded first of them."""
    found = list(people)
    for person in found:
        person.open_tickets, person.held_tickets, person.open_minutes = loads.get(person.pk, (0, 0, 0))
    return sorted(found, key=lambda one: (one.away_until or date.min, one.open_minutes, one.open_tickets))


@prepared
def _loads(requester: int | None) -> QuerySet[Ticket, tuple[int, int, int, int]]:
    """All at once: to look up each technician's own costs as many times more as there are technicians."""
    ahead = Q(sop__steps__number__gte=F("current_run__step"), current_run__due_at__isnull=False)
    return (
        Ticket.objects.of_requester(requester)
        .open()
        .exclude(technician=None)
        .order_by()
        .values_list("technician")
        .annotate(
            open=Count("pk", distinct=True),
            held=Count("pk", distinct=True, filter=Q(current_run__due_at=None)),
            minutes=Coalesce(Sum("sop__steps__maximum", filter=ahead), 0),
        )
    )
