"""What happened, for ever: append-only, each event chained to the one before by its hash."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.checks import time_range
from jobs.kept import append_only
from tickets.models.run import StepRun
from tickets.models.ticket import Ticket
from tickets.workflow import DOCUMENTED, Action, Notice, Status

# The hash covers what happened: a text by its SHA-256, a form's key not at all. It depends on no session setting:
# instants are written in UTC, the rest is PostgreSQL's one text form of jsonb. `verify_integrity` computes it again
# with the same expression.
CHAINED_COLUMNS = (
    "jsonb_build_array({row}.ticket_id, {row}.seq, {row}.kind,"
    " to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),"
    " {row}.by_id, {row}.run_id, {row}.status_from, {row}.status_to, {row}.data, {row}.text_sha256,"
    " {row}.internal, host({row}.origin), {row}.previous_hash)::text"
)
HASH = "encode(sha256(convert_to(" + CHAINED_COLUMNS + ", 'UTF8')), 'hex')"

# Each row finds the end of its ticket's chain: on the ticket, whose lock its writer holds, or in a row that the same
# statement has just written. The tickets are brought up to date by statement: a look writes each once.
_CHAIN = f"""
    SELECT coalesce(earlier.seq, t.event_seq) + 1, coalesce(earlier.hash, t.last_hash) INTO NEW.seq, NEW.previous_hash
        FROM tickets_ticket t LEFT JOIN LATERAL (
            SELECT e.seq, e.hash FROM tickets_ticketevent e
            WHERE e.ticket_id = t.id AND e.seq > t.event_seq ORDER BY e.seq DESC LIMIT 1
        ) earlier ON true
        WHERE t.id = NEW.ticket_id FOR NO KEY UPDATE OF t;
    NEW.hash = {HASH.format(row="NEW")};
    RETURN NEW;
"""  # noqa: S608  # our own text, no input

_CARRY = """
    UPDATE tickets_ticket t SET event_seq = newest.seq, last_hash = newest.hash
    FROM (SELECT DISTINCT ON (ticket_id) ticket_id, seq, hash FROM fresh ORDER BY ticket_id, seq DESC) newest
    WHERE t.id = newest.ticket_id;
    RETURN NULL;
"""


class TicketText(models.Model):
    """A long text of the history. It stands apart, and the chain holds only its SHA-256, so that one person's words
    can be exported or anonymised without breaking the record."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="texts", verbose_name=_("tiket"))
    body = models.TextField(_("isi"), max_length=5000)

    class Meta:
        verbose_name = _("teks tiket")
        verbose_name_plural = pgettext_lazy("jamak", "teks tiket")

    def __str__(self) -> str:
        return self.body[:60]


class TicketEvent(models.Model):
    """One act on one ticket, or one thing that the clock found on it. Holds ids, never names; `seq` counts from 1
    without a gap within the ticket."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", verbose_name=_("tiket"))
    seq = models.PositiveIntegerField(_("urutan"), default=0, editable=False)
    kind = models.CharField(_("tindakan"), max_length=16, choices=[*Action.choices, *Notice.choices])
    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("oleh")
    )
    origin = models.GenericIPAddressField(_("dari alamat"), null=True)
    run = models.ForeignKey(StepRun, models.PROTECT, related_name="events", null=True, verbose_name=_("langkah tiket"))
    status_from = models.CharField(_("dari status"), max_length=12, choices=Status.choices, blank=True)
    status_to = models.CharField(_("ke status"), max_length=12, choices=Status.choices)
    data = models.JSONField(_("rincian"), default=dict)
    text = models.OneToOneField(TicketText, models.PROTECT, related_name="event", null=True, verbose_name=_("teks"))
    text_sha256 = models.CharField(max_length=64, blank=True)
    internal = models.BooleanField(_("catatan internal"), default=False)
    key = models.UUIDField(_("kunci pengiriman"), null=True)
    previous_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    hash = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        verbose_name = _("riwayat tiket")
        verbose_name_plural = pgettext_lazy("jamak", "riwayat tiket")
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="event_seq_once"),
            models.UniqueConstraint(fields=["by", "key"], condition=Q(key__isnull=False), name="event_key_once"),
            models.CheckConstraint(condition=Q(internal=False) | Q(kind=Action.COMMENT), name="event_internal_comment"),
            time_range("at", "event_at_range"),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(kind__in=DOCUMENTED), name="event_documented"),
            models.Index(fields=["at"], include=["ticket"], condition=Q(kind="reopen"), name="event_reopened"),
            # Whether somebody submits too briskly is asked at each submission.
            models.Index(fields=["by", "at"], condition=Q(kind=Action.SUBMIT), name="event_submissions"),
            # Whoever may not read them must not notice them: homes and lists count them out.
            models.Index(fields=["ticket"], condition=Q(internal=True), name="event_internal"),
        ]
        triggers = [
            *append_only("tickets_ticketevent"),
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_CHAIN,
            ),
            pgtrigger.Trigger(
                name="carry",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                func=_CARRY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.kind}"


class Attachment(models.Model):
    """A file of a comment. On disk it has a random name; the user's name is only a label."""

    event = models.ForeignKey(TicketEvent, models.PROTECT, related_name="attachments", verbose_name=_("riwayat tiket"))
    name = models.UUIDField(_("nama di penyimpanan"), unique=True)
    label = models.CharField(_("nama berkas"), max_length=120)
    content_type = models.CharField(_("jenis"), max_length=80)
    size = models.PositiveIntegerField(_("ukuran (bita)"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("lampiran")
        verbose_name_plural = pgettext_lazy("jamak", "lampiran")

    def __str__(self) -> str:
        return self.label


class Outbox(models.Model):
    """An event that somebody may have to be told of. Written in the event's transaction; the worker that fans it out
    deletes it."""

    event = models.OneToOneField(TicketEvent, models.PROTECT, related_name="+", primary_key=True)
    # Of a row that could not be fanned out: it is set aside until its next try, so that it blocks nobody.
    attempts = models.PositiveSmallIntegerField(_("percobaan"), db_default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True)

    class Meta:
        verbose_name = _("antrean pemberitahuan")
        verbose_name_plural = pgettext_lazy("jamak", "antrean pemberitahuan")

    def __str__(self) -> str:
        return str(self.pk)
