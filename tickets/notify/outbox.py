"""An event becomes one Delivery per person and way, and its outbox row goes, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from jobs.instants import database_now
from tickets.models import Channel, ChatAddress, Delivery, Mute, Outbox, Role, TicketEvent
from tickets.notify.recipients import DEADLINES, recipients, topic
from worktime import clock

logger = logging.getLogger(__name__)

#: How long a row that fails is set aside, by how often it has failed; the last one for ever. Nothing is dropped.
SET_ASIDE: Final = (
    timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1),
)  # fmt: skip


def fan_out() -> int:
    """Fans out every event that waits; returns how many. One that fails is set aside and holds nobody up."""
    done = 0
    while (row := _fan_out_one()) is not None:
        done += row
    return done


def _fan_out_one() -> int | None:
    """1 where an event was fanned out, 0 where it failed, None where nothing waits."""
    row = None
    try:
        with transaction.atomic():
            waiting = Outbox.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=Now())).order_by("pk")
            row = waiting.select_for_update(skip_locked=True).first()
            if row is None:
                return None
            event = TicketEvent.objects.select_related("ticket__requester", "run__calendar").get(pk=row.pk)
            Delivery.objects.bulk_create(_deliveries(event, _from_when(event)))
            Outbox.objects.filter(pk=row.pk).delete()
            return 1
    except Exception:
        if row is None:
            raise  # the database itself: the task fails and is called again
        logger.exception("event %s cannot be fanned out", row.pk)
        pause = SET_ASIDE[min(row.attempts, len(SET_ASIDE) - 1)]
        Outbox.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, next_try_at=Now() + pause)
        return 0


def _from_when(event: TicketEvent) -> datetime:
    """Now, by the database's clock; what the clock found out of working time is told at opening."""
    now = database_now()
    if event.kind in DEADLINES and event.run is not None:
        return clock.next_working(event.run.calendar.calendar, now)
    return now


def _deliveries(event: TicketEvent, due_at: datetime) -> Iterator[Delivery]:
    told = recipients(event)
    muted = set(Mute.objects.filter(user__in=told).values_list("user", "topic", "channel"))
    addresses = list(ChatAddress.objects.filter(user__in=told))
    for user, roles in told.items():
        wanted = [way for way in Channel if any((user.pk, topic(event.kind, role), way) not in muted for role in roles)]
        for way in wanted:
            yield from _by(way, event, user, roles[0], due_at, [one for one in addresses if one.user_id == user.pk])


def _by(
    way: Channel, event: TicketEvent, user: User, role: Role, due_at: datetime, addresses: list[ChatAddress]
) -> Iterator[Delivery]:
    message = {"event": event, "recipient": user, "role": role, "channel": way, "due_at": due_at}
    if way == Channel.BELL:
        yield Delivery(**message, state=Delivery.State.SENT, sent_at=due_at)
    elif way == Channel.CHAT:
        yield from (Delivery(**message, address=address, next_try_at=due_at) for address in addresses)
    elif user.email:
        yield Delivery(**message, next_try_at=due_at)
