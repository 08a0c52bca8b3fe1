"""The browser test of step 5: the link that opens it, what it measured, and the sites that it tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.browsers import browser_name
from jobs.checks import time_range
from jobs.kept import append_only
from tickets import measuring
from tickets.models.run import StepRun

#: HTTPS, a host in ASCII, no user name: what may stand in a content security policy.
SITE = r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/[!-~]*\Z"


class MeasuringLink(models.Model):
    """Lets whoever holds its code measure for one run of step 5. The code is signed and kept nowhere; a run has one
    link at a time."""

    run = models.ForeignKey(StepRun, models.PROTECT, related_name="measuring_links", verbose_name=_("langkah tiket"))
    made_at = models.DateTimeField(_("dibuat"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    expires_at = models.DateTimeField(_("berlaku sampai"))
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicabut oleh")
    )

    class Meta:
        verbose_name = _("tautan uji")
        verbose_name_plural = pgettext_lazy("jamak", "tautan uji")
        constraints = [
            models.UniqueConstraint(fields=["run"], condition=Q(revoked_at=None), name="measuring_link_one_per_run"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="measuring_link_expires"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="measuring_link_revoked_by",
            ),
            time_range("made_at", "measuring_link_made_range"),
            time_range("expires_at", "measuring_link_expires_range"),
            time_range("revoked_at", "measuring_link_revoked_range"),
        ]
        triggers = [
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="revoked_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:measure", args=[self.code])

    @property
    def code(self) -> str:
        return measuring.code_of(self.pk)

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class Measurement(models.Model):
    """What one browser measured, once; the newest of a run counts. `results` are its lines (see `measuring.Line`)."""

    run = models.ForeignKey(StepRun, models.PROTECT, related_name="measurements", verbose_name=_("langkah tiket"))
    link = models.ForeignKey(MeasuringLink, models.PROTECT, related_name="+", verbose_name=_("tautan uji"))
    key = models.UUIDField(_("kunci pengiriman"))
    at = models.DateTimeField(_("waktu"))
    seen = models.GenericIPAddressField(_("alamat yang terlihat"), null=True)
    user_agent = models.CharField(_("peramban"), max_length=300, blank=True)
    figures = models.JSONField(_("angka"))
    results = models.JSONField(_("hasil"))

    class Meta:
        verbose_name = _("pengukuran dari peramban")
        verbose_name_plural = pgettext_lazy("jamak", "pengukuran dari peramban")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="measurement_key_once"),
            time_range("at", "measurement_at_range"),
        ]
        triggers = append_only("tickets_measurement")

    def __str__(self) -> str:
        return f"{self.run_id}: {self.at}"

    @property
    def told(self) -> list[measuring.Told]:
        return measuring.told(self.results)

    @property
    def passed(self) -> bool:
        return measuring.is_passed(self.results)

    @property
    def browser(self) -> str:
        return browser_name(self.user_agent)


class ReachTarget(models.Model):
    """A site that the browser test tries to reach; an admin edits the list."""

    name = models.CharField(_("nama situs"), max_length=80)
    name_en = models.CharField(_("nama situs (Inggris)"), max_length=80)
    url = models.CharField(
        _("alamat"),
        max_length=200,
        validators=[
            RegexValidator(SITE, _("Tulis alamat lengkap dengan huruf kecil, misalnya https://www.bps.go.id/."))
        ],
        help_text=_("Alamat HTTPS yang langsung menjawab, tanpa dialihkan ke situs lain."),
    )
    required = models.BooleanField(_("wajib"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("situs uji koneksi")
        verbose_name_plural = pgettext_lazy("jamak", "situs uji koneksi")
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(url__regex=SITE), name="reach_target_url")]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @classmethod
    def tried(cls) -> Sequence[ReachTarget]:
        return list(cls.objects.filter(active=True)[: measuring.MOST_TARGETS])

    @property
    def origin(self) -> str:
        """As a content security policy names it."""
        return "/".join(self.url.split("/")[:3])

    def as_target(self) -> measuring.Target:
        return measuring.Target(self.pk, self.name, self.name_en, self.url, self.required)
