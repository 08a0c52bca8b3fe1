"""Lists of any length: a form for what the address says, a fixed table of sorts, keyset paging, a capped count.

A list page declares its sorts and reads the address through a form, so that no parameter can break it:

    class DeviceListForm(ListForm):
        SORTS = {"name": Sort(_("Nama PC"), ("sort_name", "pk")), …}
        q = forms.CharField(required=False, max_length=100)

    form = DeviceListForm(request.GET)
    page = form.page(devices)
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PAGE_SIZE = 25
COUNT_CAP = 1000

#: What is listed: a model, or values of it that have names.
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Sort:
    """One way to sort: `key` as for order_by; no part is ever NULL, and together they tell any two rows apart."""

    label: str | Promise
    key: tuple[str, ...]


@dataclass(frozen=True)
class Page(Generic[RowT]):
    rows: list[RowT]
    prev: str | None
    next: str | None
    #: Exact up to COUNT_CAP, COUNT_CAP + 1 for anything beyond.
    count: int

    @property
    def count_words(self) -> str:
        return count_words(self.count)


class _Fields(dict[str, forms.Field]):
    """A form's fields, of which only those are copied that its instances change; to copy all takes longer than
    everything else of a form. Copies share the choices that they were declared with."""

    changed: frozenset[str] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        changed = self.keys() if self.changed is None else self.changed
        lists = (getattr(self[name], "_choices", None) for name in changed)
        memo.update((id(choices), choices) for choices in lists if choices is not None)
        return {name: deepcopy(field, memo) if name in changed else field for name, field in self.items()}


class ListForm(forms.Form):
    """The parameters of a list. What is invalid is told at its field and otherwise as good as absent."""

    SORTS: ClassVar[Mapping[str, Sort]]
    #: Name of the sort where the address names none; None: the first.
    DEFAULT_SORT: ClassVar[str | None] = None
    #: Names of the fields that an instance changes or puts other choices into; None: any of them.
    CHANGED: ClassVar[frozenset[str] | None] = None

    sort = forms.ChoiceField(label=gettext_lazy("Urutkan"), required=False)
    after = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    before = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not isinstance(self.base_fields, _Fields):
            self._complete()
        super().__init__(*args, **kwargs)
        self._chosen: dict[str, Any] = {}

    @classmethod
    def _complete(cls) -> None:
        """Once for all forms of a class."""
        cls.base_fields = _Fields((name, deepcopy(field)) for name, field in cls.base_fields.items())
        cls.base_fields.changed = cls.CHANGED
        sort = cls.base_fields["sort"]
        assert isinstance(sort, forms.ChoiceField)
        sort.choices = [(name, entry.label) for name, entry in cls.SORTS.items()]

    def full_clean(self) -> None:
        """What is wrong is drawn with what is wrong about it, which changes the field: a copy of it."""
        super().full_clean()
        for name in self.errors.keys() & self.fields.keys():
            self.fields[name] = deepcopy(self.fields[name])
            self._bound_fields_cache.pop(name, None)  # type: ignore[attr-defined]  # Django's own

    def chosen(self, name: str) -> Any:
        """The cleaned value of a field; its empty value where the address is silent or wrong."""
        if name not in self._chosen:
            self.is_valid()
            found = self.cleaned_data[name] if name in self.cleaned_data else self.fields[name].to_python("")
            self._chosen[name] = found
        return self._chosen[name]

    def page(self, rows: QuerySet[Any, RowT], size: int = PAGE_SIZE) -> Page[RowT]:
        name = self.chosen("sort") or self.DEFAULT_SORT or next(iter(self.SORTS))
        return paged(rows, name, self.SORTS[name].key, self.chosen("after"), self.chosen("before"), size)


def paged(
    rows: QuerySet[Any, RowT],
    sort: str,
    key: Sequence[str],
    after: str,
    before: str,
    size: int,
    count: int | None = None,
) -> Page[RowT]:
    """The page behind the cursor `after`, or before the cursor `before`, or the first.

    A cursor is made by an earlier page of the same sort; any other gives the first page. `count` is how many rows there
    are, as `capped_count` says it, if it is known already.
    """
    if count is None:
        count = capped_count(rows)
    for cursor, backward in ((after, False), (before, True)):
        values = _read(rows, sort, key, cursor) if cursor else None
        if values is not None:
            found = _beyond(rows, key, values, backward, size)
            if found.rows:
                return _with_cursors(found, sort, key, count)
    return _with_cursors(_beyond(rows, key, None, False, size), sort, key, count)


def first_page(found: list[RowT], sort: str, key: Sequence[str], size: int, count: int) -> Page[RowT]:
    """The first page of rows of which the first, at least one more than fit, are read already."""
    stretch = _Stretch(found[:size], more_before=False, more_after=len(found) > size)
    return _with_cursors(stretch, sort, key, min(count, COUNT_CAP + 1))


def count_words(count: int) -> str:
    """ "1.000", or "lebih dari 1.000"."""
    number = number_format(min(count, COUNT_CAP), use_l10n=True, force_grouping=True)
    return number if count <= COUNT_CAP else _("lebih dari %(number)s") % {"number": number}


def capped_count(rows: QuerySet[Any, Any]) -> int:
    """How many rows, counting no further than one beyond COUNT_CAP."""
    return rows.order_by().values("pk")[: COUNT_CAP + 1].count()  # without what only the rows drawn need


@dataclass(frozen=True)
class _Stretch(Generic[RowT]):
    rows: list[RowT]
    more_before: bool
    more_after: bool


def _beyond(
    rows: QuerySet[Any, RowT], key: Sequence[str], values: Sequence[Any] | None, backward: bool, size: int
) -> _Stretch[RowT]:
    order = [_reversed(part) for part in key] if backward else list(key)
    if values is not None:
        rows = rows.filter(_after(order, values))
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        return _Stretch(found[::-1], more_before=more, more_after=True)
    return _Stretch(found, more_before=values is not None, more_after=more)


def _with_cursors(found: _Stretch[RowT], sort: str, key: Sequence[str], count: int) -> Page[RowT]:
    return Page(
        rows=found.rows,
        prev=_write(found.rows[0], sort, key) if found.more_before and found.rows else None,
        next=_write(found.rows[-1], sort, key) if found.more_after and found.rows else None,
        count=count,
    )


def _reversed(part: str) -> str:
    return part[1:] if part.startswith("-") else f"-{part}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after these values in this order."""
    condition = Q()
    for part, value in reversed(list(zip(order, values, strict=True))):
        name, beyond = part.removeprefix("-"), "lt" if part.startswith("-") else "gt"
        condition = Q(**{f"{name}__{beyond}": value}) | (Q(**{name: value}) & condition if condition else Q())
    # Implied by the rest; said apart, it lets PostgreSQL enter an index on the first part.
    first, edge = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{edge}": values[0]}) & condition


def _write(row: Any, sort: str, key: Sequence[str]) -> str:
    """A signed cursor: nobody can make one up, so its values are what a row of this list once held."""
    values = []
    for part in key:
        value: Any = row
        for step in part.removeprefix("-").split("__"):
            value = getattr(value, step)
        is_plain = isinstance(value, bool | int | str)
        values.append(value if is_plain else value.isoformat() if isinstance(value, date | datetime) else str(value))
    return signing.dumps(values, salt=f"paging:{sort}")


def _read(rows: QuerySet[Any, Any], sort: str, key: Sequence[str], cursor: str) -> list[Any] | None:
    """The cursor's values in the types of their columns; None for a cursor that is not of this sort."""
    try:
        values = signing.loads(cursor, salt=f"paging:{sort}")
        names = [part.removeprefix("-") for part in key]
        fields = [F(name).resolve_expression(rows.query).output_field for name in names]
        typed = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None
    return None if None in typed else typed
