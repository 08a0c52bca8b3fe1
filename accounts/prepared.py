"""Queries that are put together once in each process: for what every page asks.

Django makes SQL anew each time a query is asked, which takes longer than PostgreSQL takes to answer. What a prepared
query is asked with is bound to the place of a marker that stood for it when the SQL was made.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import update_wrapper
from typing import Any, Final, Generic, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

P = ParamSpec("P")
R = TypeVar("R")

#: Markers are of this year, at most this number, or begin so: nothing in the house does.
_YEAR: Final = 3
_NUMBER: Final = -1_987_654_321
_TEXT: Final = "\x02 marker "


@dataclass(frozen=True)
class _Plan:
    """`places`: for each of the SQL's parameters the position of the value that it is, or None."""

    queryset: QuerySet[Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]


class prepared(Generic[P, R]):  # noqa: N801  # used as a decorator
    """Decorates a function that returns a queryset; asked with values, it gives the answer as a list.

    Positional values are whole numbers, texts, days and moments: the function puts them into conditions and decides
    nothing by them but whether they are None. What else it decides by are named, and each combination has a SQL of
    its own.
    """

    def __init__(self, build: Callable[P, QuerySet[Any, R]]) -> None:
        self.build = build
        self.plans: dict[Hashable, _Plan] = {}
        update_wrapper(self, build)

    def __call__(self, *values: P.args, **shape: P.kwargs) -> list[R]:
        key = (*map(type, values), *shape.items())
        plan = self.plans.get(key)
        if plan is None:
            plan = self.plans[key] = self._plan(values, shape)
        compiler = copy(plan.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        params = tuple(
            given if place is None else values[place] for given, place in zip(plan.params, plan.places, strict=True)
        )
        compiler.as_sql = lambda *_args, **_kwargs: (plan.sql, params)
        queryset = plan.queryset.all()
        queryset.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(queryset)

    def _plan(self, values: tuple[Any, ...], shape: dict[str, Any]) -> _Plan:
        build: Callable[..., QuerySet[Any]] = self.build
        markers = [_marker(position, value) for position, value in enumerate(values)]
        queryset = build(*markers, **shape)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        places = tuple(_place(param, markers) for param in params)
        if missing := {position for position, value in enumerate(values) if value is not None} - {*places}:
            raise TypeError(f"{build.__qualname__}: values {sorted(missing)} are in no condition")
        if any(place is None and _is_of_marker(param) for param, place in zip(params, places, strict=True)):
            raise TypeError(f"{build.__qualname__} reckons with a value: give what it makes of it as a value too")
        return _Plan(queryset, compiler, sql, tuple(params), places)


def _marker(position: int, value: Any) -> int | str | date | None:
    """Something of the kind of `value` that no query says of itself."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return datetime(_YEAR, 2, 3 + position, 4, 5, 6, 7, tzinfo=UTC)
    if isinstance(value, date):
        return date(_YEAR, 2, 3 + position)
    if isinstance(value, int) and not isinstance(value, bool):
        return _NUMBER - position
    if isinstance(value, str):
        return f"{_TEXT}{position}"
    raise TypeError(f"{value!r} cannot be bound: name what a query is decided by")


def _place(param: Any, markers: list[Any]) -> int | None:
    for position, marker in enumerate(markers):
        if marker is not None and type(param) is type(marker) and param == marker:
            return position
    return None


def _is_of_marker(param: Any) -> bool:
    """Whether it was made of a marker, and would stay what it is for every later value."""
    if isinstance(param, str):
        return _TEXT in param
    if isinstance(param, date):
        return abs(param.year - _YEAR) <= 1
    return isinstance(param, int) and not isinstance(param, bool) and param <= _NUMBER + 1_000_000
