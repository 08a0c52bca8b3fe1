"""What the rows of a queryset are made into, worked out once: Django works it out anew each time it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.utils import create_namedtuple_class

Row = tuple[Any, ...]


class Reader:
    """Makes of rows what iterating over `queryset` gives; `compiler` is its own, after it has made the SQL."""

    def __init__(self, queryset: QuerySet[Any], compiler: Any) -> None:
        query: Any = queryset.query
        self.make = _MAKERS[queryset._iterable_class](query, compiler)
        self.prefetched: tuple[Any, ...] = queryset._prefetch_related_lookups  # type: ignore[attr-defined]
        selected = [expression for expression, *_sql in compiler.select[: compiler.col_count]]
        self.converters = [
            (place, converter, expression)
            for place, (converters, expression) in compiler.get_converters(selected).items()
            for converter in converters
        ]

    def read(self, rows: list[Row]) -> list[Any]:
        make = self.make
        found = [make(row) for row in (self._converted(rows) if self.converters else rows)]
        if self.prefetched:
            prefetch_related_objects(found, *self.prefetched)
        return found

    def _converted(self, rows: list[Row]) -> Iterable[Row]:
        for row in rows:
            values = list(row)
            for place, convert, expression in self.converters:
                values[place] = convert(values[place], expression, connection)
            yield tuple(values)


def _object(_query: Any, compiler: Any) -> Callable[[Row], Any]:
    """With what is selected beside it, and what is annotated."""
    fields = compiler.klass_info["select_fields"]
    model, start, end = compiler.klass_info["model"], fields[0], fields[-1] + 1
    names = [column.target.attname for column, *_sql in compiler.select[start:end]]
    related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    annotated = list((compiler.annotation_col_map or {}).items())

    def make(row: Row) -> Any:
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in related:
            populator.populate(row, found)
        for name, place in annotated:
            setattr(found, name, row[place])
        return found

    return make


def _names(query: Any) -> list[str]:
    return list(query.selected or [*query.extra_select, *query.values_select, *query.annotation_select])


def _mapping(query: Any, _compiler: Any) -> Callable[[Row], Any]:
    names = _names(query)
    return lambda row: dict(zip(names, row, strict=True))


def _named(query: Any, _compiler: Any) -> Callable[[Row], Any]:
    return create_namedtuple_class(*_names(query))._make


_MAKERS: Final[dict[Any, Callable[[Any, Any], Callable[[Row], Any]]]] = {
    ModelIterable: _object,
    ValuesIterable: _mapping,
    NamedValuesListIterable: _named,
    ValuesListIterable: lambda _query, _compiler: lambda row: row,
    FlatValuesListIterable: lambda _query, _compiler: lambda row: row[0],
}
