"""What the page tells of a document whose code somebody has: genuine, since when, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise

from tickets.models import Document, SopRevision


@dataclass(frozen=True)
class Genuine:
    """Nothing of any person. `successor` is the number of the document that has taken its place, "" while it holds."""

    kind: str | Promise
    number: str
    made_at: datetime
    sop: SopRevision
    sha256: str
    file_name: str
    successor: str = ""


Finder = Callable[[str], "Genuine | None"]


def _of_ticket(code: str) -> Genuine | None:
    document = Document.objects.filter(code=code).select_related("ticket__sop").first()
    if document is None:
        return None
    successor = document.successor
    return Genuine(
        kind=document.get_kind_display(),
        number=document.number,
        made_at=document.made_at,
        sop=document.ticket.sop,
        sha256=document.sha256,
        file_name=document.file_name,
        successor=successor.number if successor else "",
    )


#: Who knows documents by their code. A room above this one adds its own when it starts.
FINDERS: Final[list[Finder]] = [_of_ticket]


def genuine(code: str) -> Genuine | None:
    """What is to be told of the document with this code; None for a code that none has."""
    return next((found for find in FINDERS if (found := find(code))), None)
