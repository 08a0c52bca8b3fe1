"""Sends what is due: claim under a lease, send outside of any transaction, write down how it went.

A claim moves a row's next try ahead and counts the attempt, in a short transaction with SKIP LOCKED: no two workers
hold the same row, and the row of one that is killed comes free when its lease ends. The mail server and each chat
service are lanes of their own: one that does not answer ends its own lane for now and keeps no other waiting.
"""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Final, Protocol

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from tickets import permissions
from tickets.models import Channel, Delivery
from tickets.models.notices import DeliveryQuerySet
from tickets.notify import chat, mail
from tickets.notify.lanes import NotSent, Refused, Unreachable

logger = logging.getLogger(__name__)

#: Rows of one claim.
BATCH: Final = 10
#: For how long a claimed row is nobody else's, and for how much of that another message may still be begun: what is
#: left is more than one message takes, however slow the server.
LEASE: Final = timedelta(seconds=90)
BEGIN_WITHIN: Final = 30  # seconds

#: Pauses before the next attempts; 26 hours in all.
PAUSES: Final = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1),
    timedelta(hours=2), timedelta(hours=4), timedelta(hours=6), timedelta(hours=6), timedelta(hours=6),
)  # fmt: skip
#: Nothing is given up sooner than this after it was due, however often a server came and went.
KEEP_TRYING: Final = timedelta(hours=24)

_WITH_ALL: Final = (
    "recipient", "address", "event__by", "event__text", "event__ticket__requester", "event__ticket__technician",
    "event__ticket__current_run", "event__run__calendar",
)  # fmt: skip


class Sender(Protocol):
    def send(self, message: Delivery) -> None:
        """Raises NotSent."""


class Lane(Protocol):
    def __call__(self) -> AbstractContextManager[Sender]:
        """Entering it connects; raises Unreachable."""


def send_pending() -> bool:
    """One batch of each lane; whether it is worth calling again at once."""
    more = _run(Q(channel=Channel.EMAIL), mail.connected)
    for lane in chat.lanes():
        more |= _run(lane, chat.connected)
    return more


def send_again(which: Q) -> int:
    """Undelivered messages from the beginning, with all their attempts; returns how many."""
    return Delivery.objects.undelivered().filter(which).update(
        state=Delivery.State.PENDING, next_try_at=Now(), due_at=Now(), attempts=0, stranded=False, error=""
    )  # fmt: skip


def _run(lane: Q, connect: Lane) -> bool:
    pending = Delivery.objects.filter(lane, state=Delivery.State.PENDING)
    due, stranded = pending.filter(next_try_at__lte=Now()), pending.filter(stranded=True)
    if not due.exists() and not stranded.exists():
        return False
    try:
        with connect() as sender:
            # Where nothing is due, one of those that the way failed tries whether it answers again.
            rows = _claim(due, BATCH) or _claim(stranded, 1)
            if not _send_each(rows, sender):
                return False
    except Unreachable as error:
        for row in _claim(due, BATCH):
            _postpone(row, error)
        return False
    stranded.update(stranded=False, next_try_at=Now())
    return bool(rows)


def _claim(waiting: DeliveryQuerySet, most: int) -> list[Delivery]:
    """Those that have failed least come first, so that no message stands in the way of others for ever."""
    with transaction.atomic():
        locked = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("attempts", "next_try_at", "pk")
        keys = [row.pk for row in locked[:most]]
        Delivery.objects.filter(pk__in=keys).update(
            attempts=F("attempts") + 1, next_try_at=Now() + LEASE, stranded=False
        )
    claimed = Delivery.objects.filter(pk__in=keys).select_related(*_WITH_ALL)
    return list(claimed.defer("event__ticket__search", "event__run__calendar__data").order_by("attempts", "pk"))


def _send_each(rows: list[Delivery], sender: Sender) -> bool:
    """Whether the way went on answering. What was not begun is given back, its attempt not counted."""
    began = time.monotonic()
    for number, row in enumerate(rows):
        if time.monotonic() - began > BEGIN_WITHIN:
            _give_back(rows[number:])
            break
        try:
            _send(row, sender)
        except Unreachable as error:
            _postpone(row, error)
            _give_back(rows[number + 1 :], stranded=True)
            return False
    return True


def _send(row: Delivery, sender: Sender) -> None:
    """Raises Unreachable; every other outcome is written down."""
    if not row.recipient.is_active or not permissions.can_see(row.recipient, row.event.ticket):
        _settle(row, state=Delivery.State.WITHDRAWN, next_try_at=None)
        return
    try:
        sender.send(row)
    except Unreachable:
        raise
    except Refused as error:
        _settle(row, state=Delivery.State.UNDELIVERED, next_try_at=None, stranded=False, error=_words(error))
    except NotSent as error:
        _postpone(row, error)
    except Exception as error:
        logger.exception("delivery %s cannot be sent", row.pk)
        _postpone(row, error)
    else:
        _settle(row, state=Delivery.State.SENT, next_try_at=None, sent_at=Now(), stranded=False, error="")


def _settle(row: Delivery, **outcome: Any) -> int:
    return Delivery.objects.filter(pk=row.pk, state=Delivery.State.PENDING).update(**outcome)


def _give_back(rows: list[Delivery], *, stranded: bool = False) -> None:
    for row in rows:
        ours = Delivery.objects.filter(pk=row.pk, state=Delivery.State.PENDING, attempts=row.attempts)
        pause = PAUSES[0] if stranded else timedelta(0)
        ours.update(attempts=F("attempts") - 1, next_try_at=Now() + pause, stranded=stranded)


def _postpone(row: Delivery, error: Exception) -> None:
    """The pauses grow; at the end, the message goes on the list of what was not delivered."""
    failed = {"stranded": isinstance(error, Unreachable), "error": _words(error)}
    ours = Delivery.objects.filter(pk=row.pk, state=Delivery.State.PENDING, attempts=row.attempts)
    if row.attempts > len(PAUSES):
        given_up = ours.filter(due_at__lte=Now() - KEEP_TRYING)
        if given_up.update(state=Delivery.State.UNDELIVERED, next_try_at=None, **failed | {"stranded": False}):
            return
    ours.update(next_try_at=Now() + PAUSES[min(row.attempts, len(PAUSES)) - 1], **failed)


def _words(error: Exception) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:200]
