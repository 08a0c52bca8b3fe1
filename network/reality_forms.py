"""What addresses say about the reality check: which part of the drift list, and what a correction shall begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from jobs.paging import ListForm, Sort
from network import validators
from network.drift import Drift
from network.models import Subnet, Workgroup


class DriftListForm(ListForm):
    SORTS = {
        "terbaru": Sort(_("Baru diperiksa"), ("-at", "-pk")),
        "alamat": Sort(_("Alamat IP"), ("address", "pk")),
        "unit": Sort(_("Unit kerja"), ("subnet__unit__code", "address", "pk")),
    }
    q = forms.CharField(label=_("Cari selisih"), max_length=50, required=False)
    kind = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Semua")), *Drift.choices])
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit kerja"), required=False, empty_label=_("Semua unit")
    )
    subnet = forms.ModelChoiceField(
        Subnet.objects.seen_directly(), label=_("Subnet"), required=False, empty_label=_("Semua subnet")
    )


class ToldForm(forms.Form):
    """What a machine told, as the link to a correction carries it; what could not be recorded is left out."""

    address = forms.CharField(required=False, max_length=60)
    pc_name = forms.CharField(required=False, max_length=15)
    workgroup = forms.CharField(required=False, max_length=15)
    mac = forms.CharField(required=False, max_length=17)

    def clean_address(self) -> str:
        return _if_given(validators.clean_address, self.cleaned_data["address"])

    def clean_pc_name(self) -> str:
        return _if_given(validators.clean_pc_name, self.cleaned_data["pc_name"])

    def clean_mac(self) -> str:
        return validators.clean_mac(self.cleaned_data["mac"])

    def clean_workgroup(self) -> Workgroup | None:
        name = self.cleaned_data["workgroup"]
        return Workgroup.objects.filter(name__iexact=name).first() if name else None


def _if_given(clean: Any, value: str) -> str:
    return str(clean(value)) if value else ""


def told(parameters: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Those of these facts that the address of a page gives, and gives right."""
    form = ToldForm(parameters)
    form.is_valid()
    return {name: value for name in names if (value := form.cleaned_data.get(name))}
