"""Small tables inside a form: a thing and how many of it. Rows that are left empty do not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from tickets.actions.stock import in_use
from tickets.forms.base import Data

#: The id of the list of names that the field of an item proposes.
CATALOGUE = "equipment-names"
MOST = 30
LEAST_SHOWN = 3


def catalogue() -> tuple[tuple[str, str, str, bool], ...]:
    """What there is of everything in use: name, stock, the same in words, whether it is low."""
    return tuple((item.name, str(item.stock), item.amount, item.is_low) for item in in_use())


class ItemForm(forms.Form):
    item = forms.CharField(
        label=_("Barang"),
        max_length=120,
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "placeholder": _("Pilih atau ketik"),
                "list": CATALOGUE,
                "autocomplete": "off",
            }
        ),
    )
    quantity = forms.IntegerField(
        label=_("Jumlah"),
        min_value=1,
        max_value=1000,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if not cleaned.get("quantity"):
            cleaned["quantity"] = 1
        return cleaned

    @property
    def filled(self) -> dict[str, Any] | None:
        return self.cleaned_data if self.cleaned_data.get("item") else None


class NeedForm(ItemForm):
    available = forms.BooleanField(
        label=_("Tersedia"),
        initial=True,
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class ItemRows(forms.BaseFormSet[ItemForm]):
    """`least` rows must be filled in, else `too_few` is said above them."""

    least = 0
    too_few: StrOrPromise = ""

    def clean(self) -> None:
        if len(self.filled()) < self.least:
            raise ValidationError(self.too_few)

    def filled(self) -> list[dict[str, Any]]:
        return [row for form in self.forms if not form.errors and (row := form.filled)]

    def add_error(self, message: StrOrPromise) -> None:
        self._non_form_errors.append(str(message))  # type: ignore[attr-defined]  # filled by full_clean()

    @property
    def empty(self) -> ItemForm:
        """The row that the page's script adds."""
        return self.empty_form


class NeedRows(ItemRows):
    least = 1
    too_few = _("Isi paling sedikit satu kebutuhan.")


def need_rows(data: Data, *, initial: Sequence[dict[str, Any]]) -> ItemRows:
    return _rows(NeedForm, NeedRows, data, initial, prefix="needs")


def material_rows(data: Data, *, initial: Sequence[dict[str, Any]]) -> ItemRows:
    return _rows(ItemForm, ItemRows, data, initial, prefix="materials")


def _rows(
    form: type[ItemForm], rows: type[ItemRows], data: Data, initial: Sequence[dict[str, Any]], *, prefix: str
) -> ItemRows:
    factory: Any = forms.formset_factory(
        form, formset=rows, extra=max(1, LEAST_SHOWN - len(initial)), max_num=MOST, absolute_max=MOST, validate_max=True
    )
    made: ItemRows = factory(
        data,
        prefix=prefix,
        initial=initial,
        error_messages={
            "missing_management_form": _now("Daftar ini tidak lengkap terkirim. Muat ulang halaman, lalu coba lagi."),
            "too_many_forms": _now("Paling banyak %d baris.") % MOST,
        },
        form_kwargs={"use_required_attribute": False, "empty_permitted": False},
    )
    return made
