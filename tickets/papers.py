"""The papers of a ticket as its page lists them, those that are still being made among them. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.prepared import prepared
from tickets.models import Document, Ticket, TicketEvent
from tickets.workflow import DOCUMENTED, Action


@prepared
def _documents(ticket: int) -> QuerySet[Document]:
    return Document.objects.filter(ticket=ticket)


@dataclass(frozen=True)
class Paper:
    """One document of the ticket; None while it is being made."""

    label: str
    at: datetime
    document: Document | None
    superseded: bool


def papers_of(ticket: Ticket, events: Sequence[TicketEvent]) -> list[Paper]:
    """The newest first; `events` are the ticket's, in their order."""
    told = [event for event in events if event.kind in DOCUMENTED]
    if not told:
        return []
    made = {document.event_id: document for document in _documents(ticket.pk)}
    for document in made.values():
        document.ticket = ticket
    ends = [event.pk for event in told if event.kind == Action.FINISH]
    return [Paper(_label(event), event.at, made.get(event.pk), event.pk in ends[:-1]) for event in reversed(told)]


def _label(event: TicketEvent) -> str:
    if event.kind == Action.FINISH:
        return _("Rekam layanan")
    return _("Hasil tes: berhasil") if event.kind == Action.PASS_TEST else _("Hasil tes: gagal")
