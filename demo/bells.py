"""What the demo office's people find in their bells: the last days' news, and nobody gets a mail of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Now

from tickets import notify
from tickets.models import Channel, Delivery, Outbox, TicketEvent

RECENT: Final = timedelta(days=4)  # more than a weekend
UNREAD: Final = timedelta(hours=3)


def fill_bells(now: datetime) -> None:
    """Tells what happened lately, at the times at which it happened; what is older needs no telling any more."""
    Outbox.objects.filter(event__at__lt=now - RECENT).delete()
    notify.fan_out()
    Delivery.objects.exclude(channel=Channel.BELL).delete()
    told = Delivery.objects.all()
    told.update(due_at=Subquery(TicketEvent.objects.filter(pk=OuterRef("event")).values("at")))
    told.update(sent_at=F("due_at"))
    newest = told.aggregate(newest=Max("due_at"))["newest"] or now
    told.filter(due_at__lt=newest - UNREAD).update(read_at=Now())
