"""Queries put together once in each process, and planned once on each connection: for what every page asks.

Django makes SQL anew each time a query is asked, and PostgreSQL a plan for it; either takes longer than the answer.
What a prepared query is asked with is bound to the place of a marker that stood for it when the SQL was made.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import update_wrapper
from itertools import count
from typing import Any, Final, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

from accounts.reading import Reader

P = ParamSpec("P")
R = TypeVar("R")

#: Markers are of this year, at most this number, or begin so: nothing in the house does.
_YEAR: Final = 3
_NUMBER: Final = -1_987_654_321
_TEXT: Final = "\x02 marker "

#: What PostgreSQL takes a value for; a text is what its place in the query asks for.
_TYPES: Final = {int: "bigint", str: "unknown", datetime: "timestamptz", date: "date"}

_LONGEST_NAME: Final = 63
_names = count(1)
_declared: dict[str, str] = {}
#: Of each connection, the statements that it knows. They end with it, and no rollback takes them back.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


#: How the name begins of what changes no row whose changes are kept: nobody has to be named beside it.
UNTRACKED: Final = "plain_"


class Statement:
    """SQL with $1, $2 … of these PostgreSQL types, read and planned once on each connection that it is asked on.

    `changes_tracked`: whether it changes rows of which pghistory keeps who changed them, and where.
    """

    def __init__(self, name: str, sql: str, types: Sequence[str] = (), *, changes_tracked: bool = False) -> None:
        self.name = f"{'' if changes_tracked else UNTRACKED}{name}_{next(_names)}"
        assert len(self.name) <= _LONGEST_NAME, f"{self.name}: PostgreSQL would cut the number off"
        declared = f" ({', '.join(types)})" if types else ""
        self.declaration = f"PREPARE {self.name}{declared} AS {sql}"
        _declared[self.name] = sql
        places = f" ({', '.join(['%s'] * len(types))})" if types else ""
        self.call = f"EXECUTE {self.name}{places}"

    def _ready(self, database: Any) -> str:
        """What to execute on this thread's connection, with one value for each type."""
        database.close_if_health_check_failed()
        database.ensure_connection()
        known = _known.setdefault(database.connection, set())
        if self.name not in known:
            with database.wrap_database_errors, database.connection.cursor() as cursor:
                cursor.execute(self.declaration)
            known.add(self.name)
        return self.call

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        database: Any = connections[DEFAULT_DB_ALIAS]
        call = self._ready(database)
        if database.execute_wrappers or database.queries_logged:
            cursors = database.cursor()
        else:
            # The driver's own cursor: a page asks a dozen times, and nobody listens to what Django wraps around it.
            database.validate_no_broken_transaction()
            cursors = database.create_cursor()
        with database.wrap_database_errors, cursors as cursor:
            cursor.execute(call, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def spelt_out(asked: str) -> str:
    """What was asked, for whoever reads it: where a statement was called, its SQL."""
    call, _, rest = asked.partition(" ")
    return _declared[rest.partition(" ")[0]] if call == "EXECUTE" else asked


@dataclass(frozen=True)
class _Plan:
    """`order`: of the statement's values, in their order, the positions in which the query is asked with them."""

    statement: Statement
    order: tuple[int, ...]
    reader: Reader


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
            plan = self.plans.setdefault(key, self._plan(values, shape))  # of threads that begin at once, one's
        return plan.reader.read(plan.statement.rows(*[values[position] for position in plan.order]))

    def _plan(self, values: tuple[Any, ...], shape: dict[str, Any]) -> _Plan:
        build: Callable[..., QuerySet[Any]] = self.build
        markers = [_marker(position, value) for position, value in enumerate(values)]
        queryset = build(*markers, **shape)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        params = [getattr(param, "addr", param) for param in given]  # psycopg's wrapping of an IP address
        places = tuple(_place(param, markers) for param in params)
        if missing := {position for position, value in enumerate(values) if value is not None} - {*places}:
            raise TypeError(f"{build.__qualname__}: values {sorted(missing)} are in no condition")
        if any(place is None and _is_of_marker(param) for param, place in zip(params, places, strict=True)):
            raise TypeError(f"{build.__qualname__} reckons with a value: give what it makes of it as a value too")
        statement, order = _statement(build.__name__, sql, params, places, values)
        return _Plan(statement, order, Reader(queryset, compiler))


def _statement(
    name: str, sql: str, params: Iterable[Any], places: Iterable[int | None], values: Sequence[Any]
) -> tuple[Statement, tuple[int, ...]]:
    """Django's SQL, in which what never changes stands as it is written, for PostgreSQL plans by it; a value that is
    asked with in several places has one number, so that what is grouped by is known again where it is selected."""
    order: list[int] = []
    written: list[str] = []
    with connection.cursor() as cursor:
        for param, place in zip(params, places, strict=True):
            if place is None:
                written.append(cursor.mogrify("%s", [param]).decode())
                continue
            if place not in order:
                order.append(place)
            written.append(f"${order.index(place) + 1}")
    types = [_TYPES[type(values[place])] for place in order]
    return Statement(name.strip("_"), sql % tuple(written), types), tuple(order)


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
