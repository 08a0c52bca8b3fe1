"""From the history to the people: whom to tell (`recipients`), one row for each message (`fan_out`), and their sending.

    event, outbox row  →  fan_out  →  Delivery rows  →  send_pending  →  mail server, chat services
                                      (the bell shows its own at once)

Everything stands in rows that are claimed with SKIP LOCKED, so any number of workers may run side by side, be killed or
be called for nothing.
"""

import time
from typing import Final

from tickets.notify.gateways import check as check_address
from tickets.notify.gateways import masked
from tickets.notify.lanes import NotSent
from tickets.notify.letters import headline_of
from tickets.notify.outbox import fan_out
from tickets.notify.recipients import present_admins, recipients, topic
from tickets.notify.sending import send_again, send_pending
from tickets.notify.wishes import (
    MOST_ADDRESSES,
    add_address,
    channels_of,
    muted,
    switch,
    topics_of,
    try_address,
)

__all__ = [
    "MOST_ADDRESSES",
    "NotSent",
    "add_address",
    "channels_of",
    "check_address",
    "deliver",
    "fan_out",
    "headline_of",
    "masked",
    "muted",
    "present_admins",
    "recipients",
    "send_again",
    "send_pending",
    "switch",
    "topic",
    "topics_of",
    "try_address",
]

#: Seconds after which a worker leaves the rest to the next call, well below a task's time limit.
LONGEST: Final = 300


def deliver() -> None:
    """Everything that is to be told now. What happens while mails are being sent is in the bells between batches."""
    began = time.monotonic()
    fan_out()
    while send_pending() and time.monotonic() - began < LONGEST:
        fan_out()
