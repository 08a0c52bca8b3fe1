"""What stands on a desk."""

from __future__ import annotations

from typing import Final

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.links import Address
from accounts.worded import Worded
from network import validators
from network.constraints import in_sane_years
from network.models.subnets import Workgroup
from network.queries import DeviceQuerySet
from network.tracking import tracked

_ADDRESS: Final = Address("network:device-detail", 987654321)


@pghistory.track(*tracked(), append_only=True)
class Device(Worded):
    class Kind(models.TextChoices):
        PC = "pc", _("PC")
        LAPTOP = "laptop", _("Laptop")
        PRINTER = "printer", _("Printer")

    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices)
    brand_model = models.CharField(_("merek dan tipe"), max_length=100, blank=True)
    asset_number = models.CharField(_("nomor aset (NUP)"), max_length=50, blank=True)
    mac = models.CharField(_("alamat MAC"), max_length=17, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
        verbose_name=_("pemegang"),
    )
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="devices", verbose_name=_("unit kerja"))
    room = models.CharField(_("ruang"), max_length=100, blank=True)
    workgroup = models.ForeignKey(
        Workgroup, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("grup jaringan")
    )
    # A copy of the active NameAssignment, kept by the actions, so that lists sort and search without a join.
    pc_name = models.CharField(_("nama PC"), max_length=15, blank=True, editable=False)
    registered_at = models.DateTimeField(_("terdaftar"), editable=False)
    # References of the plans that rest on this device, in the words of whoever plans. It stays in service meanwhile.
    plans = ArrayField(
        models.CharField(max_length=20), verbose_name=_("rencana"), default=list, db_default=[], editable=False
    )
    decommissioned_at = models.DateTimeField(_("tidak dipakai sejak"), null=True, editable=False)
    decommission_reason = models.CharField(_("alasan"), max_length=500, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = pgettext_lazy("jamak", "perangkat")
        permissions = [
            ("view_all_devices", _("Dapat melihat semua perangkat")),
            ("edit_registry", _("Dapat mengubah registri jaringan")),
            ("import_devices", _("Dapat mengimpor perangkat")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mac"], condition=Q(decommissioned_at=None) & ~Q(mac=""), name="device_mac_unique"
            ),
            models.CheckConstraint(
                condition=Q(mac="") | Q(mac__regex=validators.MAC_ADDRESS), name="device_mac_canonical"
            ),
            models.CheckConstraint(condition=Q(kind__in=["pc", "laptop", "printer"]), name="device_kind_known"),
            models.CheckConstraint(
                condition=Q(decommissioned_at=None, decommission_reason="")
                | (Q(decommissioned_at__isnull=False) & ~Q(decommission_reason="")),
                name="device_decommissioned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decommissioned_at=None) | Q(pc_name="", workgroup=None),
                name="device_decommissioned_holds_no_name",
            ),
            models.CheckConstraint(
                condition=Q(decommissioned_at=None) | Q(plans=[]), name="device_decommissioned_rests_no_plan"
            ),
            *in_sane_years("registered_at", "decommissioned_at"),
        ]
        indexes = [
            models.Index(OpClass(Upper("pc_name"), "text_pattern_ops"), name="device_pc_name_prefix"),
            models.Index(OpClass(Upper("asset_number"), "text_pattern_ops"), name="device_asset_number_prefix"),
            models.Index(OpClass(Upper("mac"), "text_pattern_ops"), name="device_mac_prefix"),
        ]

    def __str__(self) -> str:
        return self.pc_name or " ".join(filter(None, [self.get_kind_display(), self.brand_model]))

    def get_absolute_url(self) -> str:
        return _ADDRESS(self.pk)

    @cached_property
    def current_address(self) -> str:
        """The IP address in use; empty where it has none."""
        return self.addresses.active().values_list("address", flat=True).first() or ""

    @property
    def in_service(self) -> bool:
        return self.decommissioned_at is None
