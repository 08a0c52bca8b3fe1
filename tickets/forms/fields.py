"""Fields that more than one form has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator


class _Names(ModelChoiceIterator[Any]):
    """The choices as values alone: a hundred objects only to say their names are too many."""

    field: NamedField

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", self.field.named_by)


class NamedField(forms.ModelChoiceField[Any]):
    """A choice among rows by the column that names them."""

    iterator = _Names

    def __init__(self, *args: Any, named_by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named_by = named_by
