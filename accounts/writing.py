"""Rows written by statements that are made once for each model, as `Model.save` would write them.

For what every act writes; nobody listens to the signals of these models. What has its default in the database alone is
left to it. Constraints and triggers hold as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from accounts.prepared import Statement

M = TypeVar("M", bound=Model)


def insert(row: M) -> M:
    """Writes a new row; it has its key, and what the database decides, afterwards. Raises IntegrityError, and
    ValueError for a row that says itself what is left to the database."""
    statement, given, decided = _inserting(type(row))
    for field in decided:
        if not isinstance(getattr(row, field.attname), DatabaseDefault | None):
            raise ValueError(f"{type(row).__name__}.{field.attname} is left to the database.")
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in given]
    (answered,) = statement.rows(*values)
    for field, value in zip(decided, answered, strict=False):
        setattr(row, field.attname, value)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def update(row: Model, *names: str) -> None:
    """Writes these fields of a row that is there. Raises DatabaseError where it is not, and IntegrityError."""
    statement, given = _updating(type(row), names)
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in given]
    if not statement.rows(*values, row.pk):
        raise DatabaseError(f"No {type(row).__name__} has the key {row.pk}.")


@cache
def _inserting(model: type[Model]) -> tuple[Statement, list[Any], list[Any]]:
    """The statement, the fields that it is given, and those that it answers with."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    decided = [field for field in fields if field is model._meta.auto_field or _is_left_to_database(field)]
    given = [field for field in fields if field not in decided]
    places = ", ".join(f"${number}" for number in range(1, len(given) + 1))
    answer = _columns(decided) or "1"
    sql = f"INSERT INTO {_table(model)} ({_columns(given)}) VALUES ({places}) RETURNING {answer}"  # noqa: S608  # names are the models' own
    return _statement("insert", model, sql, len(given)), given, decided


def _is_left_to_database(field: Any) -> bool:
    return field.has_db_default() and not field.has_default()


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> tuple[Statement, list[Any]]:
    given: list[Any] = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_columns([field])} = ${number}" for number, field in enumerate(given, 1))
    key = model._meta.pk
    sql = f"UPDATE {_table(model)} SET {changes} WHERE {_columns([key])} = ${len(given) + 1} RETURNING 1"  # noqa: S608  # as above
    return _statement("update", model, sql, len(given) + 1), given


def _statement(verb: str, model: type[Model], sql: str, places: int) -> Statement:
    is_tracked = hasattr(model, "pgh_event_model")
    return Statement(f"{verb}_{model._meta.model_name}", sql, ["unknown"] * places, changes_tracked=is_tracked)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Iterable[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)
