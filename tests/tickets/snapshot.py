"""Everything that a refused move could have changed, as one value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_TABLES = (
    "tickets_ticket", "tickets_steprun", "tickets_hold", "tickets_ticketevent", "tickets_tickettext", "tickets_outbox",
    "tickets_attachment", "tickets_need", "tickets_materialuse", "tickets_connectiontest", "tickets_ticketaddress",
    "tickets_measuringlink", "tickets_measurement",
    "tickets_numberseries", "network_device", "network_ipassignment", "network_nameassignment", "network_workgroup",
    "network_subnet", "tickets_equipment", "tickets_stockmovement", "tickets_rating", "tickets_ratinganswer",
)  # fmt: skip
_QUERY = "\nUNION ALL ".join(
    f"SELECT '{table}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
    for table in _TABLES
)


def snapshot() -> list[tuple[str, int, str]]:
    """(table, rows, digest of the rows) of every table that the core writes."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY)
        rows: list[tuple[str, int, str]] = cursor.fetchall()
    return sorted(rows)  # once tables have grown, several processes of the database answer, in any order


def execute(query: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
