"""What one device alone may hold at a time, kept for ever: addresses and names."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.worded import Worded
from network import triggers, validators
from network.constraints import in_sane_years
from network.models.devices import Device
from network.models.subnets import Subnet
from network.queries import LIVE, HeldQuerySet
from network.tracking import tracked


class State(models.TextChoices):
    RESERVED = "reserved", _("Dipesan")
    ACTIVE = "active", _("Dipakai")
    RELEASED = "released", _("Dilepas")


class Held(Worded):
    """Something one device alone may hold: reserved, then active, then released; an end is an end.

    A record may become active without a reservation, and a reservation be released without having been active.
    """

    state = models.CharField(_("keadaan"), max_length=8, choices=State.choices)
    reserved_at = models.DateTimeField(_("dipesan"), null=True)
    activated_at = models.DateTimeField(_("dipakai sejak"), null=True)
    released_at = models.DateTimeField(_("dilepas"), null=True)
    reserved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dipesan oleh")
    )
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diaktifkan oleh")
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dilepas oleh")
    )

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
        verbose_name_plural = pgettext_lazy("jamak", "alamat IP")
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
        verbose_name_plural = pgettext_lazy("jamak", "nama PC")
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
