"""The papers of a ticket as its page lists them, those that are still being made among them. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tickets.models import Document, Ticket, TicketEvent
from tickets.workflow import DOCUMENTED, Action


@dataclass(frozen=True)
class Paper:
    """One document of the ticket; None while it is being made."""

    label: str
    at: datetime
    document: Document | None
    superseded: bool


def papers_of(ticket: Ticket, events: Sequence[TicketEvent]) -> list[Paper]:
    """The newest first; `events` are the ticket's, in their order, with their documents."""
    told = [event for event in events if event.kind in DOCUMENTED]
    if not told:
        return []
    ends = [event.pk for event in told if event.kind == Action.FINISH]
    return [Paper(_label(event), event.at, _made(event, ticket), event.pk in ends[:-1]) for event in reversed(told)]


def _made(event: TicketEvent, ticket: Ticket) -> Document | None:
    document: Document | None = getattr(event, "document", None)
    if document is not None:
        document.ticket = ticket
    return document


def _label(event: TicketEvent) -> str:
    if event.kind == Action.FINISH:
        return _("Rekam layanan")
    return _("Hasil tes: berhasil") if event.kind == Action.PASS_TEST else _("Hasil tes: gagal")
