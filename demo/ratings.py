"""What the demo office's people think of the service: two in three say so, and most of these go on to the survey."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from demo import texts
from tickets import actions
from tickets.models import Ticket
from tickets.sla import Verdict

SEED: Final = 17

# Weights of the grades 1 to 4, of tickets in time and of late ones.
_IN_TIME: Final = (1, 3, 30, 40)
_LATE: Final = (8, 22, 28, 8)


def rate_tickets(now: datetime) -> None:
    rng = random.Random(SEED)  # repeatable on purpose
    for ticket in Ticket.objects.done().select_related("requester").order_by("pk"):
        at = (ticket.closed_at or now) + timedelta(minutes=rng.randint(2, 3000))
        if rng.random() < 0.34 or at > now:
            continue
        weights = _LATE if ticket.verdict == Verdict.LATE else _IN_TIME
        score = rng.choices((1, 2, 3, 4), weights)[0]
        words = rng.choice(texts.OPINIONS[score]) if rng.random() < 0.35 else ""
        actions.rate(ticket, score=score, words=words, by=ticket.requester, now=at)
        if rng.random() < 0.6:
            answers = {number: rng.choices((1, 2, 3, 4), weights)[0] for number in range(1, 10) if rng.random() < 0.95}
            actions.answer(ticket, answers=answers, by=ticket.requester, now=at)
