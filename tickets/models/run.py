"""One pass of a ticket through one step: its clock, its actor, its outcome."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.worded import Worded
from jobs.checks import time_range
from tickets.models.ticket import Ticket
from tickets.sla import Verdict
from tickets.workflow import Action, Step


class StepRun(Worded):
    """A run keeps its calendar revision and its standard for ever; all its figures follow from them.

    `warn_at`, `due_at` and `escalate_at` are the last instants at which the net working time is within 80, 100 and
    200 % of the maximum; they are empty while the run is on hold: then its clock stands. `warned_at`, `overdue_at` and
    `escalated_at` say when the passing was noticed, each once.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="runs", verbose_name=_("tiket"))
    step = models.PositiveSmallIntegerField(_("langkah"), choices=Step.choices)
    attempt = models.PositiveSmallIntegerField(_("percobaan"), default=1)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="runs", null=True, verbose_name=_("teknisi")
    )
    calendar = models.ForeignKey(
        "worktime.CalendarRevision", models.PROTECT, related_name="+", verbose_name=_("revisi kalender")
    )
    minimum = models.PositiveSmallIntegerField(_("standar paling singkat (menit kerja)"))
    maximum = models.PositiveSmallIntegerField(_("standar paling lama (menit kerja)"))

    started_at = models.DateTimeField(_("mulai"))
    warn_at = models.DateTimeField(_("hampir jatuh tempo"), null=True)
    due_at = models.DateTimeField(_("jatuh tempo"), null=True)
    escalate_at = models.DateTimeField(_("batas eskalasi"), null=True)
    warned_at = models.DateTimeField(_("ditandai hampir jatuh tempo"), null=True)
    overdue_at = models.DateTimeField(_("ditandai terlambat"), null=True)
    escalated_at = models.DateTimeField(_("ditandai dieskalasi"), null=True)

    ended_at = models.DateTimeField(_("berakhir"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("diakhiri oleh")
    )
    outcome = models.CharField(_("hasil"), max_length=16, choices=Action.choices, blank=True)
    net_seconds = models.PositiveIntegerField(_("waktu kerja bersih (detik)"), null=True)
    held_seconds = models.PositiveIntegerField(_("waktu kerja tertunda (detik)"), null=True)
    verdict = models.CharField(_("ketepatan waktu"), max_length=8, choices=Verdict.choices, blank=True)
    too_fast = models.BooleanField(_("lebih cepat dari standar"), default=False)

    class Meta:
        verbose_name = _("langkah tiket")
        verbose_name_plural = pgettext_lazy("jamak", "langkah tiket")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at=None), name="run_one_open_per_ticket"),
            models.UniqueConstraint(fields=["ticket", "step", "attempt"], name="run_attempt_once"),
            models.CheckConstraint(condition=Q(step__range=(1, 6)), name="run_step_number"),
            models.CheckConstraint(condition=Q(step=1) | Q(technician__isnull=False), name="run_has_technician"),
            models.CheckConstraint(condition=Q(minimum__lte=F("maximum"), minimum__gte=1), name="run_standard"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="run_forward"),
            models.CheckConstraint(
                condition=Q(ended_at=None, verdict="", outcome="", net_seconds=None, held_seconds=None)
                | Q(ended_at__isnull=False, net_seconds__isnull=False, held_seconds__isnull=False)
                & ~Q(verdict="")
                & ~Q(outcome=""),
                name="run_ended_is_measured",
            ),
            time_range("started_at", "run_started_range"),
            time_range("due_at", "run_due_range"),
        ]
        indexes = [
            # One for each threshold, holding only the runs that can still pass it: the look reads nothing else.
            models.Index(
                fields=["warn_at"],
                condition=Q(ended_at=None, warned_at=None, warn_at__isnull=False),
                name="run_can_be_warned",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at=None, overdue_at=None, due_at__isnull=False),
                name="run_can_become_overdue",
            ),
            models.Index(
                fields=["escalate_at"],
                condition=Q(ended_at=None, escalated_at=None, escalate_at__isnull=False),
                name="run_can_be_escalated",
            ),
            models.Index(fields=["technician"], condition=Q(ended_at=None), name="run_open_of_technician"),
            # All that figures of a period ask of its runs: the table itself is not read for them.
            models.Index(
                fields=["ended_at"],
                include=[
                    "ticket",
                    "step",
                    "attempt",
                    "technician",
                    "minimum",
                    "maximum",
                    "started_at",
                    "outcome",
                    "net_seconds",
                    "held_seconds",
                    "verdict",
                    "too_fast",
                ],
                condition=Q(ended_at__isnull=False),
                name="run_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.step}.{self.attempt}"

    @property
    def on_hold(self) -> bool:
        return self.ended_at is None and self.due_at is None

    @property
    def open_hold(self) -> Hold | None:
        return next((hold for hold in self.holds.all() if hold.ended_at is None), None)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the run is late at `now`, flagged already or not."""
        return self.overdue_at is not None or (self.due_at is not None and (self.ended_at or now) > self.due_at)


class HoldReason(models.Model):
    """Why a run may stand; an admin edits the list."""

    code = models.SlugField(_("kode"), unique=True)
    name = models.CharField(_("alasan"), max_length=80)
    name_en = models.CharField(_("alasan (Inggris)"), max_length=80)
    needs_text = models.BooleanField(_("wajib dijelaskan"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("alasan penundaan")
        verbose_name_plural = pgettext_lazy("jamak", "alasan penundaan")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class Hold(models.Model):
    """A pause of a run's clock."""

    run = models.ForeignKey(StepRun, models.PROTECT, related_name="holds", verbose_name=_("langkah tiket"))
    reason = models.ForeignKey(HoldReason, models.PROTECT, related_name="+", verbose_name=_("alasan"))
    note = models.CharField(_("penjelasan"), max_length=300, blank=True)
    look_again_at = models.DateTimeField(_("dilihat lagi"))
    reminded_at = models.DateTimeField(_("diingatkan"), null=True)
    started_at = models.DateTimeField(_("ditunda sejak"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ditunda oleh")
    )
    ended_at = models.DateTimeField(_("dilanjutkan"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("dilanjutkan oleh")
    )

    class Meta:
        verbose_name = _("penundaan")
        verbose_name_plural = pgettext_lazy("jamak", "penundaan")
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(fields=["run"], condition=Q(ended_at=None), name="hold_one_open_per_run"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="hold_forward"),
            models.CheckConstraint(condition=Q(look_again_at__gt=F("started_at")), name="hold_looks_ahead"),
            time_range("look_again_at", "hold_look_again_range"),
        ]
        indexes = [
            models.Index(
                fields=["look_again_at"], condition=Q(ended_at=None, reminded_at=None), name="hold_to_be_looked_at"
            ),
            models.Index(fields=["started_at"], include=["reason", "run", "ended_at"], name="hold_figures"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.reason}"

    def began_today(self, now: datetime) -> bool:
        """Whether the hour alone says since when: the pause began on the local day of `now`."""
        return timezone.localdate(self.started_at) == timezone.localdate(now)
