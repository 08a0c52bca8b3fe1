"""The network registry: devices, and the addresses and names they hold. It knows nothing of tickets."""

from __future__ import annotations

import ipaddress

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network import triggers, validators
from network.constraints import Contained, in_sane_years
from network.fields import Address, CidrField
from network.queries import LIVE, DeviceQuerySet, HeldQuerySet, SubnetQuerySet


def tracked() -> tuple[pghistory.Tracker, ...]:
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


@pghistory.track(*tracked(), append_only=True)
class Workgroup(models.Model):
    name = models.CharField(_("nama grup jaringan"), max_length=15, validators=[validators.validate_workgroup_name])

    class Meta:
        verbose_name = _("grup jaringan")
        verbose_name_plural = _("grup jaringan")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="workgroup_name_unique",
                violation_error_message=_("Grup jaringan dengan nama ini sudah ada."),
            ),
            models.CheckConstraint(condition=Q(name__regex=validators.NETBIOS_NAME), name="workgroup_name_netbios"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(*tracked(), append_only=True)
class Subnet(models.Model):
    cidr = CidrField(_("subnet"))
    name = models.CharField(_("nama"), max_length=100)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name=_("unit kerja"))
    gateway = models.GenericIPAddressField(_("gateway"), null=True, blank=True)
    vlan = models.PositiveSmallIntegerField(_("VLAN"), null=True, blank=True)
    seen_directly = models.BooleanField(
        _("terlihat langsung oleh server ini"),
        default=False,
        help_text=_("Hanya subnet yang ditandai ini yang pernah ditanyai oleh server."),
    )

    objects = SubnetQuerySet.as_manager()

    class Meta:
        verbose_name = _("subnet")
        verbose_name_plural = _("subnet")
        ordering = ["cidr"]
        constraints = [
            ExclusionConstraint(
                name="subnet_no_overlap",
                index_type="gist",
                expressions=[(OpClass("cidr", name="inet_ops"), RangeOperators.OVERLAPS)],
                violation_error_message=_("Subnet ini tumpang tindih dengan subnet lain."),
            ),
            models.CheckConstraint(
                condition=Contained("gateway", "cidr"),
                name="subnet_gateway_inside",
                violation_error_message=_("Gateway harus berada di dalam subnet."),
            ),
            models.CheckConstraint(condition=Q(vlan__range=(1, 4094)), name="subnet_vlan_range"),
        ]
        triggers = [triggers.subnet_keeps_addresses]

    def __str__(self) -> str:
        return f"{self.cidr} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("network:subnet-detail", args=[self.pk])

    def may_give(self, address: str) -> bool:
        """Whether a (canonical) address of this subnet may belong to a device at all."""
        if ipaddress.ip_address(address) in self.edges() or address == self.gateway:
            return False
        return not self.exclusions.filter(first__lte=address, last__gte=address).exists()

    def edges(self) -> tuple[Address, ...]:
        """Network and broadcast address (for IPv6 the first alone); none in the smallest subnets."""
        net = self.cidr
        if net.num_addresses <= 2:
            return ()
        first = net.network_address
        return (first, net.broadcast_address) if isinstance(net, ipaddress.IPv4Network) else (first,)


@pghistory.track(*tracked(), append_only=True)
class SubnetExclusion(models.Model):
    """A range, both ends included, that is never given to a device: DHCP pool, switches, cameras."""

    subnet = models.ForeignKey(Subnet, models.CASCADE, related_name="exclusions", verbose_name=_("subnet"))
    first = models.GenericIPAddressField(_("alamat pertama"))
    last = models.GenericIPAddressField(_("alamat terakhir"))

    class Meta:
        verbose_name = _("rentang yang dikecualikan")
        verbose_name_plural = _("rentang yang dikecualikan")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="subnetexclusion_first_before_last"),
        ]
        triggers = [triggers.exclusion_fits_subnet]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


@pghistory.track(*tracked(), append_only=True)
class Device(models.Model):
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
    decommissioned_at = models.DateTimeField(_("dihapus dari layanan"), null=True, editable=False)
    decommission_reason = models.CharField(_("alasan"), max_length=500, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = _("perangkat")
        permissions = [
            ("view_all_devices", _("Dapat melihat semua perangkat")),
            ("edit_registry", _("Dapat mengubah registri jaringan")),
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
        return reverse("network:device-detail", args=[self.pk])

    @property
    def in_service(self) -> bool:
        return self.decommissioned_at is None


class State(models.TextChoices):
    RESERVED = "reserved", _("Dipesan")
    ACTIVE = "active", _("Dipakai")
    RELEASED = "released", _("Dilepas")


class Held(models.Model):
    """Something one device alone may hold: reserved, then active, then released; an end is an end.

    A record may become active without a reservation, and a reservation be released without having been active.
    """

    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices)
    reserved_at = models.DateTimeField(_("dipesan"), null=True)
    activated_at = models.DateTimeField(_("dipakai sejak"), null=True)
    released_at = models.DateTimeField(_("dilepas"), null=True)
    reserved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(state="active"), name="%(class)s_one_active"),
            models.UniqueConstraint(fields=["device"], condition=Q(state="reserved"), name="%(class)s_one_reserved"),
            models.CheckConstraint(
                condition=Q(state="reserved", reserved_at__isnull=False, activated_at=None, released_at=None)
                | Q(state="active", activated_at__isnull=False, released_at=None)
                | (
                    Q(state="released", released_at__isnull=False)
                    & (Q(reserved_at__isnull=False) | Q(activated_at__isnull=False))
                ),
                name="%(class)s_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=(Q(reserved_at=None) | Q(activated_at=None) | Q(activated_at__gte=F("reserved_at")))
                & (Q(released_at=None) | Q(activated_at=None) | Q(released_at__gte=F("activated_at")))
                & (Q(released_at=None) | Q(reserved_at=None) | Q(released_at__gte=F("reserved_at"))),
                name="%(class)s_times_in_order",
            ),
            *in_sane_years("reserved_at", "activated_at", "released_at"),
        ]
        triggers = [triggers.kept_for_ever(), triggers.released_is_final()]


@pghistory.track(*tracked(), append_only=True)
class IPAssignment(Held):
    device = models.ForeignKey(Device, models.PROTECT, related_name="addresses", verbose_name=_("perangkat"))
    subnet = models.ForeignKey(Subnet, models.PROTECT, related_name="addresses", verbose_name=_("subnet"))
    address = models.GenericIPAddressField(_("alamat IP"))

    objects = HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("alamat IP")
        verbose_name_plural = _("alamat IP")
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["address"], condition=Q(state__in=LIVE), name="ipassignment_address_live_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["address"], name="ipassignment_address"),
            models.Index(OpClass(Func("address", function="HOST"), "text_pattern_ops"), name="ipassignment_prefix"),
        ]
        triggers = [*Held.Meta.triggers, triggers.address_fits_subnet]

    def __str__(self) -> str:
        return self.address


@pghistory.track(*tracked(), append_only=True)
class NameAssignment(Held):
    device = models.ForeignKey(Device, models.PROTECT, related_name="names", verbose_name=_("perangkat"))
    name = models.CharField(_("nama PC"), max_length=15)

    objects = HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("nama PC")
        verbose_name_plural = _("nama PC")
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(Upper("name"), condition=Q(state__in=LIVE), name="nameassignment_live_unique"),
            models.CheckConstraint(
                condition=Q(name__regex=validators.NETBIOS_NAME) & ~Q(name__regex=validators.ONLY_DIGITS),
                name="nameassignment_name_netbios",
            ),
        ]

    def __str__(self) -> str:
        return self.name
