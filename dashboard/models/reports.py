"""Monthly reports: made once, kept for ever, and the mails that bring them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.checks import date_range, time_range
from jobs.kept import append_only
from tickets.models import SopRevision


class MonthlyReport(models.Model):
    """How the SOP was kept in a month, as it was known when the report was made; `month` is its first day."""

    month = models.DateField(_("bulan"), unique=True)
    number = models.CharField(_("nomor"), max_length=40, unique=True)
    code = models.CharField(_("kode verifikasi"), max_length=20, unique=True)
    made_at = models.DateTimeField(_("dibuat"))
    sop = models.ForeignKey(SopRevision, models.PROTECT, related_name="+", verbose_name=_("revisi SOP"))

    class Meta:
        verbose_name = _("laporan bulanan")
        verbose_name_plural = pgettext_lazy("jamak", "laporan bulanan")
        ordering = ["-month"]
        constraints = [
            date_range("month", "report_month_range"),
            time_range("made_at", "report_made_range"),
            models.CheckConstraint(condition=Q(month=TruncMonth("month")), name="report_month_is_its_first_day"),
        ]
        triggers = append_only("dashboard_monthlyreport")

    def __str__(self) -> str:
        return self.number

    @property
    def month_words(self) -> str:
        """Oktober 2026."""
        return date_format(self.month, "F Y")


class ReportFile(models.Model):
    """The report as a PDF, or as a workbook. `name` is its name on disk."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        XLSX = "xlsx", _("Excel (XLSX)")

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="files", verbose_name=_("laporan bulanan"))
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    name = models.UUIDField(unique=True, default=uuid.uuid4)
    size = models.PositiveIntegerField(_("ukuran (bita)"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("berkas laporan")
        verbose_name_plural = pgettext_lazy("jamak", "berkas laporan")
        ordering = ["format"]
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="report_file_once_per_format"),
            models.CheckConstraint(condition=Q(format__in=["pdf", "xlsx"]), name="report_file_format_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="report_file_sha256"),
        ]
        triggers = append_only("dashboard_reportfile")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("dashboard:report-file", args=[f"{self.report.month:%Y-%m}", self.format])

    @property
    def label(self) -> str:
        """The name under which people get it."""
        return f"{self.report.number.replace('/', '-')}.{self.format}"


class ReportMail(models.Model):
    """The mail that brings a report to one supervisor: sent, or due at `next_try_at`, or given up with its `error`."""

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="mails", verbose_name=_("laporan bulanan"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penerima")
    )
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True)
    sent_at = models.DateTimeField(_("terkirim"), null=True)
    error = models.CharField(_("galat"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("surat laporan")
        verbose_name_plural = pgettext_lazy("jamak", "surat laporan")
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient"], name="report_mail_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(next_try_at=None), name="report_mail_sent_is_over"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.recipient_id}"
