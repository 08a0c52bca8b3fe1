"""Makes what is due, once: an event without its document is looked for, whatever became of the ring that told of it."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
import uuid
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from jobs import files, papers
from jobs.instants import database_now
from tickets.documents.content import MARKS, Paper, frame, result_of_test
from tickets.documents.service import record_of_service
from tickets.models import Document, TicketEvent
from tickets.workflow import DOCUMENTED, Action

logger = logging.getLogger(__name__)

#: Seconds of one call. What is left then, as after a first start with its demo data, is the next sweep's.
AT_A_TIME: Final = 20

_KINDS: Final = {
    Document.Kind.TEST: (Action.PASS_TEST, Action.FAIL_TEST),
    Document.Kind.SERVICE: (Action.FINISH,),
}
_CONTENT: Final = {Document.Kind.TEST: result_of_test, Document.Kind.SERVICE: record_of_service}
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another one
_LENGTH: Final = 20


def file_pending(seconds: float = AT_A_TIME) -> int:
    """Files the documents that are due, the newest first; returns how many. One that fails holds nobody up."""
    until = time.monotonic() + seconds
    filed, before = 0, None
    while time.monotonic() < until:
        event = None
        try:
            with transaction.atomic():
                event = _next(before)
                if event is None:
                    break
                # Asked again under the lock: who held it before may have filed it after `_next` looked.
                if not Document.objects.filter(event=event).exists():
                    _file(event)
                    filed += 1
        except Exception:
            if event is None:
                raise  # the database itself: the task fails and is called again
            logger.exception("the document of event %s cannot be made", event.pk)
        before = event.pk
    return filed


def new_code() -> str:
    """One that nobody guesses, of letters that are told apart."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def written_code(text: str) -> str:
    """A code as it is kept, from whatever way somebody typed it."""
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())[: _LENGTH + 1]


def _next(before: int | None) -> TicketEvent | None:
    """The newest event that has no document, below `before`; locked, so that no two workers make the same."""
    due = TicketEvent.objects.filter(~Exists(Document.objects.filter(event=OuterRef("pk"))), kind__in=DOCUMENTED)
    if before is not None:
        due = due.filter(pk__lt=before)
    return due.order_by("-pk").select_for_update(no_key=True, skip_locked=True).first()


def _file(event: TicketEvent) -> None:
    paper = _paper(event)
    with translation.override("id"):
        content = _CONTENT[paper.kind](paper) | frame(paper)
    pdf = papers.render(paper.kind.value, content, paper.made_at)
    document = Document(
        ticket=paper.ticket, event=paper.event, kind=paper.kind, number=paper.number, code=paper.code,
        made_at=paper.made_at, name=uuid.uuid4(), size=len(pdf), sha256=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip
    with files.writing(document.name) as file:
        file.write(pdf)
    document.save(force_insert=True)


def _paper(event: TicketEvent) -> Paper:
    whole = TicketEvent.objects.select_related(
        "by", "run__technician", "run__connection_test__by", "run__connection_test__measurement", "ticket__requester",
        "ticket__unit", "ticket__sop", "ticket__device",
    ).defer("ticket__search").get(pk=event.pk)  # fmt: skip
    kind = next(kind for kind, actions in _KINDS.items() if event.kind in actions)
    told = TicketEvent.objects.filter(ticket=whole.ticket_id, seq__lte=whole.seq)
    told = told.filter(kind__in=[*DOCUMENTED, Action.COMPLETE_WORK])
    story = list(told.select_related("text").order_by("seq"))
    place = sum(one.kind in _KINDS[kind] for one in story)
    number = f"{whole.ticket.number}/{MARKS[kind]}-{place}"
    return Paper(whole, kind, number, new_code(), database_now(), story)
