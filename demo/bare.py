"""Tables laid bare for a bulk load: their rows come in by COPY, what guards them is built again afterwards, set-wise.

Indexes, unique and foreign keys are taken off and put back as they were, so that each is checked once over all rows
instead of once a row; triggers are off meanwhile: whoever loads writes what they would have written. A transaction
holds it all together. Checks of single rows stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

_FOREIGN_KEYS: Final = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))"""
_UNIQUE_KEYS: Final = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('u', 'x') AND conrelid = ANY(%(tables)s::regclass[])"""
_INDEXES: Final = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
    WHERE indrelid = ANY(%(tables)s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))"""
_SETTINGS: Final = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL maintenance_work_mem = '512MB'",
    "SET LOCAL work_mem = '128MB'",
)


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Inside a transaction, on empty tables: emptied anew in it, they need no write-ahead log."""
    with connection.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be waiting for a check
        put_back = list(_take_off(cursor, list(tables)))
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        yield
        for statement in put_back:
            cursor.execute(statement)


def _take_off(cursor: Any, tables: list[str]) -> Iterator[str]:
    """Takes everything off; yields what puts it back, in its order."""
    keys = {}
    for kind, query in (("foreign", _FOREIGN_KEYS), ("unique", _UNIQUE_KEYS)):
        cursor.execute(query, {"tables": tables})
        keys[kind] = cursor.fetchall()
    cursor.execute(_INDEXES, {"tables": tables})
    indexes = cursor.fetchall()
    for table, name, _ in [*keys["foreign"], *keys["unique"]]:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield from (definition for _, definition in indexes)
    for table, name, definition in [*keys["unique"], *keys["foreign"]]:
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
    for table in tables:
        yield f"ALTER TABLE {table} ENABLE TRIGGER USER"
