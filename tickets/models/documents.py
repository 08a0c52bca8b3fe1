"""Papers that a ticket leaves behind: made once, filed for ever."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.checks import time_range
from jobs.kept import append_only
from tickets.models.history import TicketEvent
from tickets.models.ticket import Ticket


class Document(models.Model):
    """One PDF. The event that it tells of names its kind; each such event has one document, made after it.

    `code` opens the page that verifies it, `name` is its name on disk. The newest record of service of a ticket counts;
    a test's result stands for itself.
    """

    class Kind(models.TextChoices):
        TEST = "test", _("Hasil tes koneksi")
        SERVICE = "service", _("Rekam layanan")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="documents", verbose_name=_("tiket"))
    event = models.OneToOneField(TicketEvent, models.PROTECT, related_name="document", verbose_name=_("riwayat tiket"))
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind.choices)
    number = models.CharField(_("nomor"), max_length=40, unique=True)
    code = models.CharField(_("kode verifikasi"), max_length=20, unique=True)
    made_at = models.DateTimeField(_("dibuat"))
    name = models.UUIDField(_("nama di penyimpanan"), unique=True, default=uuid.uuid4)
    size = models.PositiveIntegerField(_("ukuran (bita)"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = pgettext_lazy("jamak", "dokumen")
        ordering = ["event"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["test", "service"]), name="document_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256"),
            time_range("made_at", "document_made_range"),
        ]
        triggers = append_only("tickets_document")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("tickets:document", args=[self.ticket.number, self.name])

    @property
    def file_name(self) -> str:
        """The name under which people get it."""
        return f"{self.number.replace('/', '-')}.pdf"

    @property
    def successor(self) -> Document | None:
        """The document that has taken this one's place: a later record of the same ticket's service."""
        if self.kind != Document.Kind.SERVICE:
            return None
        later = Document.objects.filter(ticket=self.ticket_id, kind=self.kind, event__gt=self.event_id)
        return later.order_by("-event").first()
