"""What machines said of themselves when they were asked, and how fast they may be asked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network import triggers, validators
from network.constraints import in_sane_years
from network.models.devices import Device
from network.models.subnets import Subnet
from network.queries import ObservationQuerySet


class Observation(models.Model):
    """One finding at one address, from the first look that gave it to the last: the next other one is another row.

    A silent one carries on what the same device last said. Silence where nobody is expected is no row at all.
    """

    subnet = models.ForeignKey(Subnet, models.CASCADE, related_name="observations", verbose_name=_("subnet"))
    address = models.GenericIPAddressField(_("alamat IP"))
    # Who held the address then.
    device = models.ForeignKey(
        Device, models.PROTECT, null=True, related_name="observations", verbose_name=_("perangkat")
    )
    answered = models.BooleanField(_("menjawab"))
    name = models.CharField(_("nama PC"), max_length=15, blank=True)
    workgroup = models.CharField(_("grup jaringan"), max_length=15, blank=True)
    mac = models.CharField(_("alamat MAC"), max_length=17, blank=True)
    since = models.DateTimeField(_("sejak"))
    at = models.DateTimeField(_("terakhir diperiksa"))
    answered_at = models.DateTimeField(_("terakhir menjawab"), null=True)
    is_current = models.BooleanField(_("yang terbaru"), default=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengamatan")
        verbose_name_plural = _("pengamatan")
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=Q(is_current=True), name="observation_one_current"),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(answered_at=F("at")), name="observation_answered_when_looked"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(name="", workgroup="", mac=""),
                name="observation_silence_says_nothing",
            ),
            models.CheckConstraint(condition=Q(at__gte=F("since")), name="observation_times_in_order"),
            models.CheckConstraint(
                condition=Q(mac="") | Q(mac__regex=validators.MAC_ADDRESS), name="observation_mac_canonical"
            ),
            *in_sane_years("since", "at", "answered_at"),
        ]
        indexes = [models.Index(fields=["device", "-at"], name="observation_of_device")]
        triggers = [triggers.observed_where_allowed]

    def __str__(self) -> str:
        return f"{self.address}: {self.name or '–'}"


class Pace(models.Model):
    """How far the turns of one kind are given away. One row for all processes; see `network.pace`."""

    name = models.CharField(max_length=20, primary_key=True)
    free_at = models.DateTimeField()
