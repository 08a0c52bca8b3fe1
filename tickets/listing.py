"""A list as a file: every row of the view, in its order and with its columns, however many there are."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import connection, transaction
from django.utils import translation

from jobs.tables import neutralise
from tickets.columns import Column
from tickets.models import Ticket
from tickets.queries import TicketQuerySet

#: Rows that are read together; memory does not grow beyond them and eight bytes for each row of the whole.
CHUNK: Final = 1000
#: Milliseconds in which the order of all rows has to be found.
PATIENCE: Final = 60_000


def as_csv(rows: TicketQuerySet, columns: Sequence[Column], language: str) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark and semicolons, formulas neutralised. `rows` are ordered.

    First all keys, in one statement: what is written is the list as it was then. Then chunk by chunk, each a short
    statement, so that a slow reader holds no transaction open. The language is that of the request, which is over.
    """
    with translation.override(language):
        head = _lines([[str(label) for column in columns for label, _cell in column.cells]])
    yield "\ufeff".encode() + head
    keys = _keys(rows)
    for start in range(0, len(keys), CHUNK):
        with translation.override(language):
            lines = _lines(_row(ticket, columns) for ticket in _tickets(keys[start : start + CHUNK]))
        yield lines


def _keys(rows: TicketQuerySet) -> array[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
        return array("q", rows.values_list("pk", flat=True).iterator(chunk_size=10_000))


def _tickets(keys: Sequence[int]) -> list[Ticket]:
    found = Ticket.objects.select_related("requester", "technician", "unit", "current_run").without_bulk()
    by_key = {ticket.pk: ticket for ticket in found.defer("description").filter(pk__in=keys)}
    return [by_key[key] for key in keys if key in by_key]


def _row(ticket: Ticket, columns: Sequence[Column]) -> list[object]:
    return [cell(ticket) for column in columns for _label, cell in column.cells]


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
