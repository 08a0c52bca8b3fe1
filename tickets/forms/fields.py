"""Fields that more than one form has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language

from accounts.models import Unit
from accounts.prepared import prepared
from network.models import Device, Workgroup
from tickets.models import HoldReason


class _Names(ModelChoiceIterator[Any]):
    """The choices as values alone: a hundred objects only to say their names are too many."""

    field: NamedField

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.field.named()


class NamedField(forms.ModelChoiceField[Any]):
    """A choice among rows, of which `named` gives the keys and names, and `one` that of a key, if there is one."""

    iterator = _Names

    def __init__(
        self,
        *args: Any,
        named: Callable[[], Iterable[tuple[int, str]]],
        one: Callable[[int], list[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.named, self.one = named, one

    def to_python(self, value: Any) -> Any:
        if self.one is None or value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        if re.fullmatch(r"[0-9]{1,9}", value) and (found := self.one(int(value))):
            return found[0]
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})


def hold_reasons() -> list[tuple[int, str]]:
    is_english = get_language() == "en"
    return [(pk, name_en if is_english else name) for pk, name, name_en in _hold_reasons()]


@prepared
def hold_reason(pk: int) -> QuerySet[HoldReason]:
    return HoldReason.objects.filter(active=True, pk=pk)


@prepared
def _hold_reasons() -> QuerySet[HoldReason, tuple[int, str, str]]:
    return HoldReason.objects.filter(active=True).values_list("pk", "name", "name_en")


@prepared
def units() -> QuerySet[Unit, tuple[int, str]]:
    return Unit.objects.order_by("code").values_list("pk", "name")


@prepared
def unit(pk: int) -> QuerySet[Unit]:
    return Unit.objects.filter(pk=pk)


@prepared
def devices_of(owner: int) -> QuerySet[Device]:
    return Device.objects.in_use_by(owner)


@prepared
def workgroups() -> QuerySet[Workgroup, tuple[int, str]]:
    return Workgroup.objects.values_list("pk", "name")


@prepared
def workgroup(pk: int) -> QuerySet[Workgroup]:
    return Workgroup.objects.filter(pk=pk)
