"""The SOP document as rows: what the engine runs on and what the page `sop/` shows are the same."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.prepared import prepared
from jobs.checks import date_range, time_range
from jobs.kept import append_only
from tickets.workflow import Step


class Actor(models.TextChoices):
    """The SOP's *pelaksana*, in the order of its columns."""

    EMPLOYEE = "employee", _("Pegawai")
    ADMIN = "admin", _("Admin/PJK TIP")
    TECHNICIAN = "technician", _("Teknisi")


@prepared
def _in_force(day: date) -> models.QuerySet[SopRevision]:
    return SopRevision.objects.filter(effective_on__lte=day).order_by("-effective_on", "-pk")[:1]


@prepared
def _steps(revision: int) -> models.QuerySet[SopStep]:
    return SopStep.objects.filter(revision=revision).order_by("number")


_kept: dict[int, SopRevision] = {}


class SopRevisionQuerySet(models.QuerySet["SopRevision"]):
    def in_force(self, at: datetime) -> SopRevision:
        """The revision in force at `at` (Asia/Jakarta's date). Raises SopRevision.DoesNotExist where there is none."""
        for revision in _in_force(timezone.localdate(at)):
            return revision
        raise SopRevision.DoesNotExist

    def newest(self) -> SopRevision:
        """The revision that replaces all others in the end, in force already or not."""
        return self.latest("effective_on", "pk")

    def locked(self) -> SopRevision:
        """The newest revision, after everybody else who publishes; inside a transaction, until its end.

        Rows never change, so the lock is that of the one which was newest before the wait; it is read again after.
        """
        self.order_by("-effective_on", "-pk").select_for_update(no_key=True)[:1].get()
        return self.newest()


class SopRevision(models.Model):
    """One revision of the document, never changed. Tickets keep the revision in force when they were submitted.

    Nobody published the one that HaloCIK came with.
    """

    number = models.CharField(_("nomor SOP"), max_length=60)
    title = models.CharField(_("nama SOP"), max_length=200)
    institution = models.CharField(_("instansi"), max_length=120)
    owner = models.CharField(_("pemilik"), max_length=160)
    created_on = models.DateField(_("tanggal pembuatan"))
    revised_on = models.DateField(_("tanggal revisi"))
    effective_on = models.DateField(_("tanggal efektif"))
    approver_position = models.CharField(_("disahkan oleh"), max_length=160)
    approver_name = models.CharField(_("nama pengesah"), max_length=120)
    approver_nip = models.CharField(_("NIP pengesah"), max_length=24)
    portal = models.URLField(_("portal"))
    legal_basis = ArrayField(models.TextField(), verbose_name=_("dasar hukum"))
    qualifications = ArrayField(models.TextField(), verbose_name=_("kualifikasi pelaksana"))
    related = ArrayField(models.TextField(), verbose_name=_("keterkaitan"))
    equipment = ArrayField(models.TextField(), verbose_name=_("peralatan/perlengkapan"))
    warnings = ArrayField(models.TextField(), verbose_name=_("peringatan"), default=list, blank=True)
    records = ArrayField(models.TextField(), verbose_name=_("pencatatan dan pendataan"))
    published_at = models.DateTimeField(_("diterbitkan"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("diterbitkan oleh"),
    )  # fmt: skip

    objects = SopRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revisi SOP")
        verbose_name_plural = pgettext_lazy("jamak", "revisi SOP")
        constraints = [
            models.UniqueConstraint(fields=["number", "revised_on"], name="sop_revision_once"),
            date_range("created_on", "sop_created_range"),
            date_range("revised_on", "sop_revised_range"),
            date_range("effective_on", "sop_effective_range"),
            time_range("published_at", "sop_published_range"),
        ]
        triggers = append_only("tickets_soprevision")

    def __str__(self) -> str:
        return self.number

    @classmethod
    def kept(cls, pk: int) -> SopRevision:
        """The revision with its steps, read once in each process: neither ever changes."""
        if pk not in _kept:
            revision = cls.objects.get(pk=pk)
            _ = revision.standards
            _kept[pk] = revision
        return _kept[pk]

    @cached_property
    def standards(self) -> dict[Step, SopStep]:
        """The six steps by number."""
        prefetched = "steps" in getattr(self, "_prefetched_objects_cache", {})
        return {Step(step.number): step for step in (self.steps.all() if prefetched else _steps(self.pk))}

    @property
    def total_maximum(self) -> int:
        """The whole SOP's standard: the sum of the steps' maxima, in working minutes."""
        return sum(step.maximum for step in self.standards.values())

    @property
    def total_minimum(self) -> int:
        """The sum of the steps' minima, in working minutes."""
        return sum(step.minimum for step in self.standards.values())


class SopStep(models.Model):
    """One step: who acts, what it takes, its standard time in working minutes, its output."""

    revision = models.ForeignKey(SopRevision, models.PROTECT, related_name="steps", verbose_name=_("revisi SOP"))
    number = models.PositiveSmallIntegerField(_("langkah"), choices=Step.choices)
    activity = models.CharField(_("kegiatan"), max_length=200)
    actors = ArrayField(models.CharField(max_length=12, choices=Actor.choices), verbose_name=_("pelaksana"))
    requirements = models.TextField(_("kelengkapan"))
    minimum = models.PositiveSmallIntegerField(_("waktu paling singkat (menit kerja)"))
    maximum = models.PositiveSmallIntegerField(_("waktu paling lama (menit kerja)"))
    output = models.TextField(_("output"))
    output_is_document = models.BooleanField(_("output berupa dokumen"), default=False)
    fails_to = models.PositiveSmallIntegerField(
        _("kembali ke langkah bila gagal"), choices=Step.choices, null=True, blank=True
    )

    class Meta:
        verbose_name = _("langkah SOP")
        verbose_name_plural = pgettext_lazy("jamak", "langkah SOP")
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="sop_step_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 6)), name="sop_step_number"),
            models.CheckConstraint(
                condition=Q(minimum__gte=1, maximum__lte=10_000, minimum__lte=F("maximum")), name="sop_step_standard"
            ),
            models.CheckConstraint(condition=Q(fails_to=None) | Q(fails_to__lt=F("number")), name="sop_step_goes_back"),
        ]
        triggers = append_only("tickets_sopstep")

    def __str__(self) -> str:
        return f"{self.number}. {self.activity}"

    @property
    def has_range(self) -> bool:
        return self.minimum < self.maximum
