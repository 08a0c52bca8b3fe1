"""The ticket itself."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.links import Address
from accounts.worded import Worded
from jobs.checks import time_range
from tickets.models.sop import SopRevision
from tickets.models.words import LEARN_WORDS
from tickets.queries import TicketQuerySet
from tickets.sla import Verdict
from tickets.words import BLOCKS
from tickets.workflow import CLOSED, OPEN, STEP_OF, Status, Step

#: What a ticket's address says of the form that its page unfolds.
UNFOLD: Final = "buka"
REASSIGN: Final = "alihkan"


class Category(models.TextChoices):
    NEW = "new", _("Pasang baru")
    MOVE = "move", _("Pindah")
    FAULT = "fault", _("Gangguan")
    REPLACEMENT = "replacement", _("Ganti perangkat")
    OTHER = "other", _("Lainnya")


class Priority(models.IntegerChoices):
    """Set at approval; orders the queue, moves no due time. The lower the number, the sooner."""

    URGENT = 1, _("Mendesak")
    HIGH = 2, _("Tinggi")
    NORMAL = 3, _("Biasa")
    LOW = 4, _("Rendah")


class NumberSeries(models.Model):
    """The last number given in a year. Its row lock makes numbers gapless: they are given in the submitting
    transaction and come back with it if it fails."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


_ADDRESS: Final = Address("tickets:detail", "HC-2026-000001")


class Ticket(Worded):
    """One request, moved through the SOP's steps by `tickets.actions` alone."""

    number = models.CharField(_("nomor tiket"), max_length=20, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.SUBMITTED)
    category = models.CharField(_("kategori"), max_length=12, choices=Category.choices)
    priority = models.PositiveSmallIntegerField(_("prioritas"), choices=Priority.choices, null=True)
    title = models.CharField(_("permintaan"), max_length=120)
    description = models.TextField(_("keterangan"), blank=True, max_length=5000)

    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tickets", verbose_name=_("pemohon")
    )
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocated_tickets", null=True, verbose_name=_("teknisi")
    )
    device = models.ForeignKey(
        "network.Device", models.PROTECT, related_name="+", null=True, verbose_name=_("perangkat")
    )
    device_text = models.CharField(_("perangkat, dengan kata-kata"), max_length=200, blank=True)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name=_("unit kerja"))
    room = models.CharField(_("ruang"), max_length=100)
    contact = models.CharField(_("kontak"), max_length=40)

    sop = models.ForeignKey(SopRevision, models.PROTECT, related_name="tickets", verbose_name=_("revisi SOP"))
    current_run = models.OneToOneField("StepRun", models.PROTECT, related_name="+", null=True, editable=False)
    submitted_at = models.DateTimeField(_("diajukan"))
    closed_at = models.DateTimeField(_("ditutup"), null=True)
    reopen_until = models.DateTimeField(_("dapat dibuka lagi sampai"), null=True)
    net_seconds = models.PositiveIntegerField(_("waktu kerja bersih (detik)"), null=True)
    verdict = models.CharField(_("ketepatan waktu"), max_length=8, choices=Verdict.choices, blank=True)

    event_seq = models.PositiveIntegerField(default=0, editable=False)
    last_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", "description", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiket")
        verbose_name_plural = pgettext_lazy("jamak", "tiket")
        permissions = [
            ("view_all_tickets", _("Dapat melihat semua tiket")),
            ("manage_tickets", _("Dapat menyetujui, menolak, mengalihkan, memprioritaskan, dan membatalkan tiket")),
            ("work_ticket", _("Dapat mengerjakan langkah tiket yang dialokasikan kepadanya")),
            ("view_figures", _("Dapat melihat angka kantor")),
            ("internal_notes", _("Dapat membaca dan menulis catatan internal")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="ticket_status_known"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="ticket_category_known"),
            models.CheckConstraint(
                condition=Q(priority=None) | Q(priority__in=Priority.values), name="ticket_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.SUBMITTED, Status.REJECTED, Status.CANCELLED])
                | Q(technician__isnull=False, priority__isnull=False),
                name="ticket_allocated_from_step_2",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, closed_at=None)
                | Q(status__in=CLOSED, current_run=None, closed_at__isnull=False),
                name="ticket_closed_has_no_run",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DONE)
                | Q(net_seconds__isnull=False, reopen_until__isnull=False, device__isnull=False),
                name="ticket_done_is_measured",
            ),
            models.CheckConstraint(
                condition=Q(device__isnull=False) | ~Q(device_text=""), name="ticket_device_is_told"
            ),
            time_range("submitted_at", "ticket_submitted_range"),
            time_range("closed_at", "ticket_closed_range"),
        ]
        indexes = [
            models.Index(F("submitted_at").desc(), F("id").desc(), name="ticket_newest"),
            models.Index(fields=["requester", "-submitted_at"], name="ticket_of_requester"),
            models.Index(fields=["technician", "status"], condition=Q(status__in=OPEN), name="ticket_open_technician"),
            models.Index(fields=["status", "priority"], condition=Q(status__in=OPEN), name="ticket_open_status"),
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="ticket_last_digits"),
            # All that figures of a period ask of its tickets.
            models.Index(
                fields=["closed_at"],
                include=[
                    "id",
                    "status",
                    "verdict",
                    "net_seconds",
                    "submitted_at",
                    "unit",
                    "technician",
                    "category",
                    "priority",
                    "sop",
                ],
                name="ticket_figures",
            ),
            # Late ones are few: the newest of a category, and how many there are, without reading all others.
            models.Index(
                F("category"),
                F("submitted_at").desc(),
                F("id").desc(),
                condition=Q(verdict=Verdict.LATE),
                name="ticket_late",
            ),
            # The words of all tickets, or of those of some blocks alone: `tickets/words.py`.
            GinIndex(
                Func(F("id"), template=BLOCKS.format(id="%(expressions)s")),
                F("search"),
                name="ticket_words",
                fastupdate=False,
            ),
        ]
        triggers = [LEARN_WORDS]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return _ADDRESS(self.number)

    def get_reassign_url(self) -> str:
        """The ticket's page with the form of reassigning folded out, and the technicians in it."""
        return f"{self.get_absolute_url()}?{UNFOLD}={REASSIGN}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def step(self) -> Step | None:
        """The step the ticket stands in; None once it is closed."""
        return STEP_OF.get(Status(self.status))

    @property
    def on_hold(self) -> bool:
        return self.current_run is not None and self.current_run.on_hold
