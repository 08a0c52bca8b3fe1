"""Querysets whose SQL is put together once: for what is asked on every page, that takes longer than the database's answer.

    _RUNS = Prepared(lambda ticket: StepRun.objects.filter(ticket=ticket).select_related("technician"))
    runs = _RUNS(ticket.pk)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=models.Model)

# What `build` is given for its values once; nothing else that a statement holds looks like it.
_STAND_IN: Final = 1_870_000_017


class Prepared(Generic[Row]):
    """`build` makes a queryset of model rows from the values it takes, whole numbers or texts that only conditions
    compare with; called with the real values, the same rows come. The statement itself must not hang on them.

    Neither prefetches nor slices that a value decides; `select_related`, `only` and annotations as usual.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Row]]) -> None:
        self.build = build

    def __call__(self, *values: int | str) -> list[Row]:
        statement = self._statement
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.parameters(values))
            rows = cursor.fetchall()
        return list(statement.rows(rows))

    @cached_property
    def _statement(self) -> _Statement:
        stand_ins = [_STAND_IN + place for place in range(len(inspect.signature(self.build).parameters))]
        return _Statement(self.build(*stand_ins), stand_ins)


class _Statement:
    """One compiled queryset, and how rows are made of its answers, as django.db.models.query.ModelIterable does it."""

    def __init__(self, queryset: models.QuerySet[Any], stand_ins: list[int]) -> None:
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.connection = connection  # each thread's own, not that of whoever came first
        self.sql, self.given = compiler.as_sql()
        # A text column turns the stand-in into text.
        known = {as_sent: place for place, number in enumerate(stand_ins) for as_sent in (number, str(number))}
        self.places = [known.get(value) if isinstance(value, int | str) else None for value in self.given]
        if not set(self.places) >= set(range(len(stand_ins))):
            raise ValueError("A value of a prepared queryset does not stand in its statement as it is.")
        fields = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self.converters = compiler.get_converters(fields)
        self.compiler = compiler
        info = compiler.klass_info
        self.model = info["model"]
        own = info["select_fields"]
        self.own = slice(own[0], own[-1] + 1)
        self.names = [selected[0].target.attname for selected in compiler.select[self.own]]
        self.related: Any = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)
        self.annotations = list((compiler.annotation_col_map or {}).items())

    def parameters(self, values: tuple[int | str, ...]) -> list[Any]:
        return [given if place is None else values[place] for given, place in zip(self.given, self.places, strict=True)]

    def rows(self, found: list[tuple[Any, ...]]) -> Iterator[Any]:
        rows = self.compiler.apply_converters(found, self.converters) if self.converters else found
        for row in rows:
            made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
            for related in self.related:
                related.populate(row, made)
            for name, column in self.annotations:
                setattr(made, name, row[column])
            yield made
