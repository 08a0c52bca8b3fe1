"""The SOP's equipment and material: what there is, how much of it, and every movement that made it so."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.checks import time_range
from jobs.kept import append_only

#: More of one thing than any office has.
MOST_STOCK = 1_000_000


class EquipmentQuerySet(models.QuerySet["Equipment"]):
    def in_use(self) -> EquipmentQuerySet:
        return self.filter(active=True)

    def low(self) -> EquipmentQuerySet:
        """Of which there is less than there should be, or less than the record says."""
        return self.in_use().filter(Q(stock__lt=F("minimum")) | Q(uncounted__gt=0))


class Equipment(models.Model):
    """One kind of thing. `stock` is the sum of its movements; `tickets.actions` alone writes it.

    What is consumable is booked when it is used; of the rest, the stock is how many there are. `uncounted` is what was
    used beyond the stock on record since it was last counted.
    """

    name = models.CharField(_("nama"), max_length=120)
    unit = models.CharField(_("satuan"), max_length=20, default="buah")
    consumable = models.BooleanField(
        _("habis pakai"), default=True, help_text=_("Stoknya berkurang bila dipakai pada langkah 4.")
    )
    minimum = models.PositiveIntegerField(
        _("stok minimum"), default=0, help_text=_("Di bawahnya, barang ini muncul di beranda admin.")
    )
    stock = models.PositiveIntegerField(_("stok"), default=0, editable=False)
    uncounted = models.PositiveIntegerField(_("dipakai melebihi catatan"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("aktif"), default=True)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("perlengkapan")
        verbose_name_plural = pgettext_lazy("jamak", "perlengkapan")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="equipment_name_once"),
            models.CheckConstraint(condition=Q(stock__lte=MOST_STOCK), name="equipment_stock_range"),
            models.CheckConstraint(condition=Q(minimum__lte=MOST_STOCK), name="equipment_minimum_range"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:equipment", args=[self.pk])

    @property
    def is_low(self) -> bool:
        return self.active and self.stock < self.minimum

    @property
    def amount(self) -> str:
        return f"{self.stock} {self.unit}"


class StockMovement(models.Model):
    """More or less of one thing, for ever. `use` is the ticket's row that it was booked for; `after` the stock that it
    left behind."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Penerimaan")
        USE = "use", pgettext_lazy("mutasi", "Pemakaian")
        CORRECTION = "correction", _("Koreksi")

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="movements", verbose_name=_("perlengkapan"))
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices)
    quantity = models.IntegerField(_("jumlah"))
    after = models.PositiveIntegerField(_("stok sesudahnya"))
    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    reason = models.CharField(_("keterangan"), max_length=200, blank=True)
    use = models.OneToOneField(
        "tickets.MaterialUse", models.PROTECT, related_name="movement", null=True, verbose_name=_("bahan terpakai")
    )

    class Meta:
        verbose_name = _("mutasi stok")
        verbose_name_plural = pgettext_lazy("jamak", "mutasi stok")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="receipt", quantity__gt=0, use=None)
                | Q(kind="use", quantity__lt=0, use__isnull=False)
                | (Q(kind="correction", use=None) & ~Q(reason="")),
                name="movement_kind_fits",
            ),
            time_range("at", "movement_at_range"),
        ]
        triggers = append_only("tickets_stockmovement")

    def __str__(self) -> str:
        return f"{self.equipment_id} {self.quantity:+d}"
