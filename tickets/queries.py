"""What is read of tickets; every name here chains. No rule, no write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, Count, F, Min, Q, Value, When, Window
from django.db.models.functions import Coalesce, Reverse, RowNumber

from accounts.models import User
from network.models import Device
from network.queries import LIVE
from tickets import words
from tickets.workflow import CLOSED, OPEN, STATUS_OF, Status, Step

if TYPE_CHECKING:
    from tickets.models import Ticket  # noqa: F401  # named in a string below

#: The parts of the queue's order, as `with_queue_key` adds them; none is ever NULL, together they tell rows apart.
QUEUE_KEY: Final = ("queue_rank", "queue_priority", "queue_due", "pk")
BOARD_KEY: Final = ("queue_rank", "queue_due", "pk")

_NO_DUE_TIME: Final = datetime(2100, 1, 1, tzinfo=UTC)
_NORMAL: Final = 3  # Priority.NORMAL; the models stand above this module
_IN_HANDS: Final = OPEN[2:]  # accepted and not finished: steps 3 to 6

SHORT_NUMBER = re.compile(r"(?:HC-)?(\d{4})-(\d{1,6})", re.IGNORECASE | re.ASCII)
ADDRESS = re.compile(r"[0-9a-f]*[.:][0-9a-f.:]*", re.IGNORECASE | re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)


def _is_late(now: datetime) -> Q:
    """The current step is late at `now`, flagged already or not."""
    return Q(current_run__overdue_at__isnull=False) | Q(current_run__due_at__lt=now)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """The tickets that `user` may know of: their own, or all of them by permission."""
        return self.of_requester(None if user.has_perm("tickets.view_all_tickets") else user.pk)

    def of_requester(self, person: int | None) -> TicketQuerySet:
        """None: of all of them."""
        return self if person is None else self.filter(requester=person)

    def open(self) -> TicketQuerySet:
        return self.filter(status__in=OPEN)

    def awaiting_approval(self) -> TicketQuerySet:
        return self.filter(status=Status.SUBMITTED)

    def requested_by(self, user: User) -> TicketQuerySet:
        return self.filter(requester=user)

    def allocated_to(self, user: User) -> TicketQuerySet:
        return self.filter(technician=user)

    def of_device(self, device: Device) -> TicketQuerySet:
        return self.filter(device=device)

    def numbers_by_record(self, kind: str, records: Collection[int]) -> dict[int, list[str]]:
        """The tickets that planned or wrote these assignments of the registry; `kind` is "address" or "name"."""
        links = self.filter(**{f"addresses__{kind}__in": records}).order_by("pk", "number")
        found: dict[int, list[str]] = {}
        for record, number in links.values_list(f"addresses__{kind}", "number").distinct():
            found.setdefault(record, []).append(number)
        return found

    def rejected_or_cancelled(self) -> TicketQuerySet:
        return self.filter(status__in=[Status.REJECTED, Status.CANCELLED])

    def awaiting_acceptance(self) -> TicketQuerySet:
        return self.filter(status=Status.ASSIGNED)

    def in_hands_of_technician(self) -> TicketQuerySet:
        return self.filter(status__in=_IN_HANDS)

    def done(self) -> TicketQuerySet:
        return self.filter(status=Status.DONE)

    def submitted_since(self, moment: datetime) -> TicketQuerySet:
        return self.filter(submitted_at__gte=moment)

    def closed_since(self, moment: datetime) -> TicketQuerySet:
        return self.filter(closed_at__gte=moment)

    def newest_first(self) -> TicketQuerySet:
        return self.order_by("-submitted_at", "-pk")

    def last_closed_first(self) -> TicketQuerySet:
        return self.exclude(closed_at=None).order_by("-closed_at", "-pk")

    def in_step(self, step: int) -> TicketQuerySet:
        return self.filter(status=STATUS_OF[Step(step)])

    def on_hold(self) -> TicketQuerySet:
        return self.open().filter(current_run__due_at=None)

    def overdue(self, now: datetime) -> TicketQuerySet:
        return self.open().filter(_is_late(now))

    def with_queue_key(self, now: datetime) -> TicketQuerySet:
        """Adds QUEUE_KEY's parts: late ones rank 0, other open ones 1, closed ones 2; on hold means no due time."""
        return self.annotate(
            queue_rank=Case(
                When(status__in=CLOSED, then=Value(2)), When(_is_late(now), then=Value(0)), default=Value(1)
            ),
            queue_priority=Coalesce("priority", Value(_NORMAL)),
            queue_due=Coalesce("current_run__due_at", Value(_NO_DUE_TIME)),
        )

    def in_queue_order(self, now: datetime) -> TicketQuerySet:
        """Overdue first, then priority, then due time; what is not prioritised yet stands with the ordinary."""
        return self.with_queue_key(now).order_by(*QUEUE_KEY)

    def for_board(self, now: datetime, most: int) -> TicketQuerySet:
        """Of each step the `most` open tickets that a board shows: overdue first, then what is due soonest."""
        place = Window(RowNumber(), partition_by=[F("status")], order_by=[F(part) for part in BOARD_KEY])
        ranked = self.open().with_queue_key(now).annotate(place=place).filter(place__lte=most)
        return self.filter(pk__in=ranked.values("pk")).with_queue_key(now).order_by(*BOARD_KEY)

    def tallied_by_step(self, now: datetime) -> Any:
        """Of each status of an open ticket: how many there are, and how many of them are late, and on hold."""
        counts = {
            "number": Count("pk"),
            "late": Count("pk", filter=_is_late(now)),
            "held": Count("pk", filter=Q(current_run__due_at=None)),
        }
        return self.open().order_by().values_list("status").annotate(**counts)

    def tally(self, now: datetime) -> dict[str, Any]:
        """How many open tickets there are of each group, and `next_due`: when the next of them becomes late."""
        found: dict[str, Any] = self.tallied(now).get()
        del found["together"]
        return found

    def tallied(self, now: datetime) -> Any:
        """The one row of `tally`."""
        return (
            self.open()
            .order_by()
            .values(together=Value(1))
            .annotate(
                open=Count("pk"),
                approval=Count("pk", filter=Q(status=Status.SUBMITTED)),
                acceptance=Count("pk", filter=Q(status=Status.ASSIGNED)),
                working=Count("pk", filter=Q(status__in=_IN_HANDS)),
                overdue=Count("pk", filter=_is_late(now)),
                held=Count("pk", filter=Q(current_run__due_at=None)),
                next_due=Min("current_run__due_at", filter=Q(current_run__due_at__gte=now)),
            )
        )

    def with_people(self) -> TicketQuerySet:
        """With everything that a row of a list shows, in a fixed number of queries."""
        return (
            self.select_related("requester", "technician", "unit", "current_run__calendar")
            .prefetch_related("current_run__holds__reason")
            .without_bulk()
            .defer("description")
        )

    def without_bulk(self) -> TicketQuerySet:
        """Leaves in the database what no page shows: search words, and the calendar that each process keeps anyway."""
        return self.defer("search", "current_run__calendar__data")

    def search(self, text: str, newest: int | None = None) -> TicketQuerySet:
        """Tickets that fit `text`: words of the request, the number or its last digits, requester, PC name, IP.

        One sign alone is a word, not the beginning of many.

        Each way is an id sub-query of its own index; joined by OR in one WHERE, none of the indexes would serve. With
        `newest`, each gives no more than so many: of a million tickets, a common word fits a hundred thousand, and the
        first letter of names nearly all. It asks the database at once then: nothing for a prepared query.
        """
        text = text.strip()
        if not text:
            return self
        tickets = self.alias(backwards=Reverse("number")).order_by()
        found: list[Any] = [tickets.filter(way).values("pk") for way in _ways(text)]
        if newest:  # not by the index of the ids, which would read all tickets to find the few of somebody
            found = [way.order_by((F("pk") + 0).desc())[:newest] for way in found]
        if typed := words.typed(text):
            found.append(tickets._with_words(text, typed, newest).values("pk"))
        return self.filter(pk__in=found[0].union(*found[1:]))

    def _with_words(self, text: str, typed: str, newest: int | None) -> TicketQuerySet:
        """With `newest`, words are looked for in all tickets first; where they fit fewer, these are picked from."""
        fitting = self.filter(search=SearchQuery(typed, config="indonesian", search_type="raw"))
        if not newest:
            return fitting
        of_all = words.fitting(text, 0, newest)
        return self.filter(pk__in=of_all.ids) if of_all.number < newest else fitting.order_by("-pk")[:newest]


def _ways(text: str) -> Iterator[Q]:
    """The conditions of fitting, without words; `backwards` is the number reversed: its last digits are a prefix."""
    yield Q(number__startswith=text.upper())
    if short := SHORT_NUMBER.fullmatch(text):
        yield Q(number=f"HC-{short[1]}-{int(short[2]):06d}")
    if DIGITS.fullmatch(text):
        yield Q(backwards__startswith=text[::-1])
    if len(text) == 1:  # begins the name of everybody and everything
        return
    yield Q(requester__in=User.objects.named(text).values("pk"))
    yield Q(device__in=Device.objects.filter(pc_name__istartswith=text).values("pk"))
    if ADDRESS.fullmatch(text) or DIGITS.fullmatch(text):
        yield Q(device__addresses__state__in=LIVE, device__addresses__address__startswith=text.lower())
        yield Q(addresses__address__address__startswith=text.lower())
