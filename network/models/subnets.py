"""Where addresses and workgroup names come from."""

from __future__ import annotations

import ipaddress

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.prepared import prepared
from network import triggers, validators
from network.constraints import Contained
from network.fields import Address, CidrField
from network.queries import SubnetQuerySet, WorkgroupQuerySet
from network.tracking import tracked


@pghistory.track(*tracked(), append_only=True)
class Workgroup(models.Model):
    name = models.CharField(_("nama grup jaringan"), max_length=15, validators=[validators.validate_workgroup_name])

    objects = WorkgroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("grup jaringan")
        verbose_name_plural = pgettext_lazy("jamak", "grup jaringan")
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
        verbose_name_plural = pgettext_lazy("jamak", "subnet")
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
        triggers = [triggers.subnet_keeps_addresses, triggers.unseen_is_forgotten]

    def __str__(self) -> str:
        return f"{self.cidr} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("network:subnet-detail", args=[self.pk])

    def may_give(self, address: str) -> bool:
        """Whether a (canonical) address of this subnet may belong to a device at all."""
        asked = ipaddress.ip_address(address)
        if asked in self.edges() or address == self.gateway:
            return False
        is_read = "exclusions" in getattr(self, "_prefetched_objects_cache", {})
        excluded = self.exclusions.all() if is_read else _exclusions(self.pk)
        ranges = ((ipaddress.ip_address(row.first), ipaddress.ip_address(row.last)) for row in excluded)
        return not any(int(first) <= int(asked) <= int(last) for first, last in ranges)

    def capacity(self) -> int:
        """How many addresses may be given to devices at all."""
        ranges = [(ipaddress.ip_address(row.first), ipaddress.ip_address(row.last)) for row in self.exclusions.all()]
        special = set(self.edges()) | ({ipaddress.ip_address(self.gateway)} if self.gateway else set())
        apart = sum(1 for address in special if not any(int(a) <= int(address) <= int(b) for a, b in ranges))
        return self.cidr.num_addresses - apart - sum(int(last) - int(first) + 1 for first, last in ranges)

    def edges(self) -> tuple[Address, ...]:
        """Network and broadcast address (for IPv6 the first alone); none in the smallest subnets."""
        net = self.cidr
        if net.num_addresses <= 2:
            return ()
        first = net.network_address
        return (first, net.broadcast_address) if isinstance(net, ipaddress.IPv4Network) else (first,)


@prepared
def _exclusions(subnet: int) -> models.QuerySet[SubnetExclusion]:
    return SubnetExclusion.objects.filter(subnet=subnet)


@pghistory.track(*tracked(), append_only=True)
class SubnetExclusion(models.Model):
    """A range, both ends included, that is never given to a device: DHCP pool, switches, cameras."""

    subnet = models.ForeignKey(Subnet, models.CASCADE, related_name="exclusions", verbose_name=_("subnet"))
    first = models.GenericIPAddressField(_("alamat pertama"))
    last = models.GenericIPAddressField(_("alamat terakhir"))

    class Meta:
        verbose_name = _("rentang yang dikecualikan")
        verbose_name_plural = pgettext_lazy("jamak", "rentang yang dikecualikan")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="subnetexclusion_first_before_last"),
        ]
        triggers = [triggers.exclusion_fits_subnet]

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first} – {self.last}"
