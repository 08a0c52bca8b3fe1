"""Fields that more than one form has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language

from accounts.models import Unit
from accounts.prepared import prepared
from tickets.models import HoldReason


class _Names(ModelChoiceIterator[Any]):
    """The choices as values alone: a hundred objects only to say their names are too many."""

    field: NamedField

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.field.named()


class NamedField(forms.ModelChoiceField[Any]):
    """A choice among rows, of which `named` gives the keys and names."""

    iterator = _Names

    def __init__(self, *args: Any, named: Callable[[], Iterable[tuple[int, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = named


def hold_reasons() -> list[tuple[int, str]]:
    is_english = get_language() == "en"
    return [(pk, name_en if is_english else name) for pk, name, name_en in _hold_reasons()]


@prepared
def _hold_reasons() -> QuerySet[HoldReason, tuple[int, str, str]]:
    return HoldReason.objects.filter(active=True).values_list("pk", "name", "name_en")


@prepared
def units() -> QuerySet[Unit, tuple[int, str]]:
    return Unit.objects.order_by("code").values_list("pk", "name")
