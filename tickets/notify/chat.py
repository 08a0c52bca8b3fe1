"""Messages by chat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from operator import and_

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from tickets.models import Channel, Delivery
from tickets.notify import gateways
from tickets.notify.lanes import Refused
from tickets.notify.letters import letter_of


def lanes() -> list[Q]:
    """The messages of each service that is allowed, and those of services that no longer are: these are refused."""
    chat = Q(channel=Channel.CHAT)
    allowed = [Q(address__url__istartswith=f"{service}://") for service in settings.NOTIFY_SERVICES]
    return [chat & way for way in allowed] + [reduce(and_, (~way for way in allowed), chat)]


class _Sender:
    def send(self, message: Delivery) -> None:
        if message.address is None:
            raise Refused("no address")
        with translation.override(message.recipient.language):
            letter = letter_of(message)
            gateways.send(message.address.url, letter.subject, letter.text)


@contextmanager
def connected() -> Iterator[_Sender]:
    """Chat services are spoken to message by message; there is nothing to keep open."""
    yield _Sender()
