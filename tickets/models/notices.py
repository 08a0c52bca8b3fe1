"""Who is told what by which way, and what each person wants to be told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobs.checks import time_range
from tickets.models.history import TicketEvent


class Channel(models.TextChoices):
    BELL = "bell", _("Di HaloCIK")
    EMAIL = "email", _("Email")
    CHAT = "chat", _("Obrolan")


class Topic(models.TextChoices):
    """Groups of events that a person switches together."""

    OWN = "own", _("Tiket saya")
    TASKS = "tasks", _("Tugas saya")
    APPROVALS = "approvals", _("Persetujuan")
    DEADLINES = "deadlines", _("Tenggat")
    COMMENTS = "comments", _("Komentar")


class Role(models.TextChoices):
    """As what a person is told; the first that applies gives the words."""

    REQUESTER = "requester", _("Pemohon")
    TECHNICIAN = "technician", _("Teknisi")
    FORMER = "former", _("Teknisi sebelumnya")
    HOLDER = "holder", _("Yang menunda")
    ADMIN = "admin", _("Admin")
    SUPERVISOR = "supervisor", _("Pimpinan")


class ChatAddress(models.Model):
    """Where a person is reached by a chat service. `url` is a secret: it holds the service's token."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="chat_addresses", verbose_name=_("pengguna")
    )
    name = models.CharField(_("nama"), max_length=60)
    url = models.CharField(_("alamat"), max_length=500)
    created_at = models.DateTimeField(_("ditambahkan"))

    class Meta:
        verbose_name = _("alamat obrolan")
        verbose_name_plural = pgettext_lazy("jamak", "alamat obrolan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def service(self) -> str:
        """The scheme of the address, as in settings.NOTIFY_SERVICES."""
        return self.url.partition("://")[0].lower()


class Mute(models.Model):
    """A topic that a person does not want by a channel; what is not muted is told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mutes", verbose_name=_("pengguna"))
    topic = models.CharField(_("kelompok"), max_length=10, choices=Topic.choices)
    channel = models.CharField(_("saluran"), max_length=5, choices=Channel.choices)

    class Meta:
        verbose_name = _("pemberitahuan yang dimatikan")
        verbose_name_plural = pgettext_lazy("jamak", "pemberitahuan yang dimatikan")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "channel"], name="mute_once"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="mute_topic_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="mute_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic}/{self.channel}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def in_bell_of(self, user: User, now: datetime | Now) -> DeliveryQuerySet:
        """What `user` finds in the application, as far as they may still see the tickets."""
        return self.in_bell(user.pk, now, sees_all=user.has_perm("tickets.view_all_tickets"))

    def in_bell(self, person: int, now: datetime | Now, *, sees_all: bool) -> DeliveryQuerySet:
        mine = self.filter(recipient=person, channel=Channel.BELL, due_at__lte=now)
        return mine if sees_all else mine.filter(event__ticket__requester=person)

    def unread(self) -> DeliveryQuerySet:
        return self.filter(read_at=None)

    def undelivered(self) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.UNDELIVERED)


class Delivery(models.Model):
    """One message to one person by one way. In the bell, the row itself is the message.

    `due_at` is from when it is told: at once, or at the office's opening. `next_try_at` is when the sender takes it
    next; while one sends it, that is when its lease ends.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("menunggu")
        SENT = "sent", _("terkirim")
        UNDELIVERED = "undelivered", _("tidak terkirim")
        WITHDRAWN = "withdrawn", _("ditarik")

    event = models.ForeignKey(TicketEvent, models.PROTECT, related_name="deliveries", verbose_name=_("riwayat tiket"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries", verbose_name=_("penerima")
    )
    role = models.CharField(_("sebagai"), max_length=10, choices=Role.choices)
    channel = models.CharField(_("saluran"), max_length=5, choices=Channel.choices)
    address = models.ForeignKey(
        ChatAddress, models.CASCADE, related_name="+", null=True, verbose_name=_("alamat obrolan")
    )
    state = models.CharField(_("keadaan"), max_length=11, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField(_("diberitahukan sejak"))
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_try_at = models.DateTimeField(_("dicoba lagi"), null=True)
    stranded = models.BooleanField(_("layanan tidak terjangkau"), default=False)
    error = models.CharField(_("galat"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("terkirim"), null=True)
    read_at = models.DateTimeField(_("dibaca"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemberitahuan")
        verbose_name_plural = pgettext_lazy("jamak", "pemberitahuan")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "channel", "address"], name="delivery_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="delivery_role_known"),
            models.CheckConstraint(
                condition=Q(channel=Channel.CHAT, address__isnull=False) | ~Q(channel=Channel.CHAT) & Q(address=None),
                name="delivery_chat_has_address",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", next_try_at__isnull=False, sent_at=None)
                | Q(state="sent", next_try_at=None, sent_at__isnull=False)
                | Q(state__in=["undelivered", "withdrawn"], next_try_at=None, sent_at=None),
                name="delivery_state_known",
            ),
            models.CheckConstraint(condition=~Q(channel=Channel.BELL) | Q(state="sent"), name="delivery_bell_is_there"),
            models.CheckConstraint(condition=Q(channel=Channel.BELL) | Q(read_at=None), name="delivery_read_in_bell"),
            time_range("due_at", "delivery_due_range"),
        ]
        indexes = [
            models.Index(fields=["channel", "next_try_at"], condition=Q(state="pending"), name="delivery_to_send"),
            models.Index(fields=["recipient", "-due_at", "-id"], condition=Q(channel="bell"), name="delivery_in_bell"),
            models.Index(
                fields=["recipient", "due_at"], condition=Q(channel="bell", read_at=None), name="delivery_unread"
            ),
            models.Index(fields=["-due_at", "-id"], condition=Q(state="undelivered"), name="delivery_undelivered"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.recipient_id} ({self.channel})"
