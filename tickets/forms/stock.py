"""The catalogue's list, and what an admin does to a stock."""

from __future__ import annotations

from typing import Final

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.paging import ListForm, Sort
from tickets.models import Equipment, StockMovement

STATES: Final[dict[str, str | Promise]] = {
    "active": _("Dipakai"), "low": _("Perlu diperhatikan"), "retired": _("Tidak dipakai lagi"),
}  # fmt: skip


class EquipmentListForm(ListForm):
    SORTS = {
        "urutan": Sort(_("Urutan katalog"), ("position", "pk")),
        "stok": Sort(_("Stok paling sedikit"), ("stock", "pk")),
    }
    q = forms.CharField(label=_("Cari barang"), max_length=120, required=False)
    state = forms.ChoiceField(label=_("Keadaan"), choices=list(STATES.items()), required=False)

    def rows(self) -> QuerySet[Equipment]:
        catalogue = Equipment.objects.filter(name__icontains=self.chosen("q").strip())
        match self.chosen("state"):
            case "low":
                return catalogue.low()
            case "retired":
                return catalogue.filter(active=False)
        return catalogue.in_use()


class MovementListForm(ListForm):
    SORTS = {"terbaru": Sort(_("Terbaru"), ("-pk",))}

    def rows(self, equipment: Equipment) -> QuerySet[StockMovement]:
        return StockMovement.objects.filter(equipment=equipment).select_related("by", "use__run__ticket")


class ReceiptForm(forms.Form):
    quantity = forms.IntegerField(label=_("Jumlah yang masuk"), min_value=1, max_value=10_000)
    reason = forms.CharField(
        label=_("Keterangan"), max_length=200, required=False, help_text=_("Misalnya nomor nota atau asal barang.")
    )


class CorrectionForm(forms.Form):
    counted = forms.IntegerField(label=_("Hasil hitung"), min_value=0, max_value=1_000_000)
    expected = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Alasan"), max_length=200)
