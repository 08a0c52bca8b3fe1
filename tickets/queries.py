"""What is read of tickets; every name here chains. No rule, no write."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Reverse

from network.models import Device
from tickets.workflow import OPEN, Status

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket  # noqa: F401  # named in a string below

_WORD = re.compile(r"\w+")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """The tickets that `user` may know of: their own, or all of them by permission."""
        if user.has_perm("tickets.view_all_tickets"):
            return self
        return self.filter(requester=user)

    def open(self) -> TicketQuerySet:
        return self.filter(status__in=OPEN)

    def awaiting_approval(self) -> TicketQuerySet:
        return self.filter(status=Status.SUBMITTED)

    def requested_by(self, user: User) -> TicketQuerySet:
        return self.filter(requester=user)

    def allocated_to(self, user: User) -> TicketQuerySet:
        return self.filter(technician=user)

    def on_hold(self) -> TicketQuerySet:
        return self.open().filter(current_run__due_at=None)

    def overdue(self, now: datetime) -> TicketQuerySet:
        """Open tickets whose current step is late at `now`, flagged already or not."""
        return self.open().filter(Q(current_run__overdue_at__isnull=False) | Q(current_run__due_at__lt=now))

    def in_queue_order(self, now: datetime) -> TicketQuerySet:
        """Overdue first, then priority, then due time; what is not prioritised yet stands with the ordinary."""
        late = Q(current_run__overdue_at__isnull=False) | Q(current_run__due_at__lt=now)
        return self.annotate(
            queue_late=Case(When(late, then=Value(0)), default=Value(1)),
            queue_priority=Case(When(priority=None, then=Value(3)), default=F("priority")),
        ).order_by("queue_late", "queue_priority", F("current_run__due_at").asc(nulls_last=True), "pk")

    def with_people(self) -> TicketQuerySet:
        """With everything that a row of a list shows, in a fixed number of queries."""
        return self.select_related("requester", "technician", "unit", "device", "current_run").prefetch_related(
            "current_run__holds__reason"
        )

    def search(self, text: str) -> TicketQuerySet:
        """Tickets that fit `text`: words of the request, the number or its last digits, requester, PC name, IP.

        Each way is an id sub-query of its own index; joined by OR in one WHERE, none of the indexes would serve.
        """
        text = text.strip()
        if not text:
            return self
        tickets = TicketQuerySet(self.model, using=self.db).alias(backwards=Reverse("number")).order_by()
        first, *rest = (tickets.filter(way).values("pk") for way in _ways(text))
        return self.filter(pk__in=first.union(*rest))


def _ways(text: str) -> list[Q]:
    """The conditions under which a ticket fits; `backwards`, its number reversed, makes last digits a prefix."""
    ways = [
        Q(number__startswith=text.upper()),
        Q(requester__full_name__istartswith=text),
        Q(requester__full_name__icontains=f" {text}"),
        Q(device__in=Device.objects.search(text).values("pk")),
    ]
    words = _WORD.findall(text)
    if words:
        prefixes = " & ".join(f"'{word}':*" for word in words)
        ways.append(Q(search=SearchQuery(prefixes, config="indonesian", search_type="raw")))
    if text.isdigit():
        ways.append(Q(backwards__startswith=text[::-1]))
    return ways
