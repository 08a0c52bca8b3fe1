"""What the steps leave behind: need and availability, materials, test results, the network record."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jobs.kept import append_only
from tickets import measuring
from tickets.models.measuring import Measurement
from tickets.models.run import StepRun
from tickets.models.stock import Equipment
from tickets.models.ticket import Ticket


class Need(models.Model):
    """Step 3: one thing that is needed, and whether it is at hand."""

    run = models.ForeignKey(StepRun, models.PROTECT, related_name="needs", verbose_name=_("langkah tiket"))
    item = models.CharField(_("kebutuhan"), max_length=120)
    quantity = models.PositiveSmallIntegerField(_("jumlah"), default=1)
    available = models.BooleanField(_("tersedia"), default=True)
    equipment = models.ForeignKey(
        Equipment, models.PROTECT, related_name="needs", null=True, verbose_name=_("perlengkapan")
    )

    class Meta:
        verbose_name = _("kebutuhan")
        verbose_name_plural = pgettext_lazy("jamak", "kebutuhan")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__range=(1, 1000)), name="need_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item}"


class MaterialUse(models.Model):
    """Step 4: material that was used. `shortage` is what was used of it beyond the stock that was on record."""

    run = models.ForeignKey(StepRun, models.PROTECT, related_name="materials", verbose_name=_("langkah tiket"))
    item = models.CharField(_("bahan"), max_length=120)
    quantity = models.PositiveSmallIntegerField(_("jumlah"), default=1)
    equipment = models.ForeignKey(
        Equipment, models.PROTECT, related_name="uses", null=True, verbose_name=_("perlengkapan")
    )
    shortage = models.PositiveSmallIntegerField(_("melebihi stok tercatat"), default=0, db_default=0)

    class Meta:
        verbose_name = _("bahan terpakai")
        verbose_name_plural = pgettext_lazy("jamak", "bahan terpakai")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__range=(1, 1000)), name="material_quantity"),
            models.CheckConstraint(condition=Q(shortage__lte=F("quantity")), name="material_shortage"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item}"


class CheckItem(models.Model):
    """A line of step 5's checklist; an admin edits the list."""

    class Measured(models.TextChoices):
        """What the browser test fills this line in from, until the technician says otherwise."""

        NOTHING = "", _("tidak ada")
        ADDRESS = "address", _("alamat yang terlihat")
        NAMES = "names", _("situs ditemukan lewat namanya")
        TARGETS = "targets", _("situs yang dicoba")

    code = models.SlugField(_("kode"), unique=True)
    name = models.CharField(_("yang diperiksa"), max_length=120)
    name_en = models.CharField(_("yang diperiksa (Inggris)"), max_length=120)
    required = models.BooleanField(_("wajib"), default=True)
    measured = models.CharField(
        _("diisi dari uji peramban"), max_length=8, choices=Measured.choices, default=Measured.NOTHING, blank=True
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("butir uji koneksi")
        verbose_name_plural = pgettext_lazy("jamak", "butir uji koneksi")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class ConnectionTest(models.Model):
    """Step 5's evidence.

    `results` is a list of {"code", "name", "name_en", "required", "outcome"}; `outcome` is "ok", "failed" or "skipped".
    Names and obligation are kept as they were, so that a changed checklist changes no old document. The technician's
    lines come first; those of `measurement`, the run's newest when it was decided, follow and have "figures" as well.
    """

    run = models.OneToOneField(StepRun, models.PROTECT, related_name="connection_test", verbose_name=_("langkah tiket"))
    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diuji oleh"))
    passed = models.BooleanField(_("berhasil"))
    results = models.JSONField(_("hasil"))
    note = models.TextField(_("catatan"), blank=True, max_length=2000)
    measurement = models.OneToOneField(
        Measurement, models.PROTECT, null=True, related_name="+", verbose_name=_("pengukuran dari peramban")
    )

    class Meta:
        verbose_name = _("hasil tes koneksi")
        verbose_name_plural = pgettext_lazy("jamak", "hasil tes koneksi")
        triggers = append_only("tickets_connectiontest")

    def __str__(self) -> str:
        return f"{self.run_id}: {self.passed}"

    @property
    def own(self) -> list[dict[str, Any]]:
        """What the technician looked at, with names in the reader's language."""
        return [line for line in self.lines if "figures" not in line]

    @property
    def told(self) -> list[measuring.Told]:
        """What the browser on the device measured."""
        return measuring.told(self.results)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The results, each with its name in the reader's language."""
        name = "name_en" if get_language() == "en" else "name"
        return [line | {"name": line.get(name) or line["name"]} for line in self.results]


class TicketAddress(models.Model):
    """The link between a ticket and the registry: what was planned at step 3, what was recorded at step 6.

    The newest row of a stage counts; earlier ones are history.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", _("direncanakan")
        RECORDED = "recorded", _("dicatat")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="addresses", verbose_name=_("tiket"))
    run = models.ForeignKey(StepRun, models.PROTECT, related_name="addresses", verbose_name=_("langkah tiket"))
    stage = models.CharField(_("tahap"), max_length=8, choices=Stage.choices)
    address = models.ForeignKey("network.IPAssignment", models.PROTECT, related_name="+", verbose_name=_("alamat IP"))
    name = models.ForeignKey("network.NameAssignment", models.PROTECT, related_name="+", verbose_name=_("nama PC"))
    workgroup = models.ForeignKey("network.Workgroup", models.PROTECT, related_name="+", verbose_name=_("workgroup"))

    class Meta:
        verbose_name = _("alamat tiket")
        verbose_name_plural = pgettext_lazy("jamak", "alamat tiket")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "stage"], name="ticket_address_once_per_run")]
        triggers = append_only("tickets_ticketaddress")

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.stage}"
