"""What each technician has before them, and who of them is away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from accounts.models import CALLED, User
from accounts.prepared import prepared
from tickets.kept import keep
from tickets.models import SopRevision, Ticket
from tickets.polls import newest_events


class Load(NamedTuple):
    """A technician: their open tickets, those on hold among them, and the standard working minutes that those which run
    still take. `away_until` is the last day of an absence."""

    pk: int
    name: str
    away_until: date | None
    away_reason: str
    open: int
    held: int
    minutes: int

    def __str__(self) -> str:
        return self.name


def technicians(now: datetime) -> list[Load]:
    """Those who can be allocated to, with what they have to do of all tickets."""
    return with_load(present(timezone.localdate(now)), _loads_now())


#: Key, name, and of an absence the last day and the reason.
Person = tuple[int, str, date | None, str | None]


@prepared
def present(today: date) -> QuerySet[User, Person]:
    """Those who can be allocated to, those away that day among them, by name."""
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


def with_absence(people: QuerySet[User], today: date) -> QuerySet[User, Person]:
    """By name, and no more of each than is shown: a province has a hundred technicians. One day has one absence."""
    that_day = Q(absences__first_on__lte=today, absences__last_on__gte=today)
    found = people.order_by(Lower("full_name"), "pk").annotate(away=FilteredRelation("absences", condition=that_day))
    return found.values_list("pk", CALLED, "away__last_on", "away__reason")


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


def with_load(people: Iterable[Person], loads: Loads) -> list[Load]:
    """Those present first, the least loaded first of them."""
    nothing = (0, 0, 0)
    found = [Load(pk, name, until, why or "", *loads.get(pk, nothing)) for pk, name, until, why in people]
    return sorted(found, key=lambda one: (one.away_until or date.min, one.minutes, one.open))


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
