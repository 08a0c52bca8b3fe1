"""Screens on the wall."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobs.checks import time_range

#: Pictures that one link draws in a minute: many screens may share it, a program that fetches in a loop is stopped.
MOST_DRAWN: Final = 120


class DisplayQuerySet(models.QuerySet["Display"]):
    def live(self) -> DisplayQuerySet:
        return self.filter(revoked_at=None)

    def behind(self, token: str) -> DisplayQuerySet:
        """The display whose link carries `token`, unless it was revoked."""
        return self.live().filter(token_hash=hashed(token))


class Display(models.Model):
    """A wall display's link. Whoever has it sees the board without a log-in, until somebody revokes it.

    Only the token's hash is kept: the link is shown once, and what lies in the database or its backups opens nothing.
    """

    name = models.CharField(_("nama layar"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    theme = models.CharField(_("tampilan"), max_length=5, choices=User.Theme.choices, default=User.Theme.DARK)
    language = models.CharField(
        _("bahasa"), max_length=2, choices=User.Language.choices, default=User.Language.INDONESIAN
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    made_at = models.DateTimeField(_("dibuat"))
    seen_at = models.DateTimeField(_("terakhir dipakai"), null=True)
    drawn = models.PositiveIntegerField(default=0, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("dicabut oleh")
    )
    revoked_at = models.DateTimeField(_("dicabut"), null=True)

    objects = DisplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("layar dinding")
        verbose_name_plural = pgettext_lazy("jamak", "layar dinding")
        default_permissions = ()
        permissions = [("manage_displays", _("Dapat membuat dan mencabut tautan layar dinding"))]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="display_name_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="display_revoked_by_somebody",
            ),
            time_range("made_at", "display_made_range"),
        ]

    def __str__(self) -> str:
        return self.name

    def saw(self, now: datetime, *, drawn: bool) -> bool:
        """Notes that the link was used, once a minute, and every picture drawn; False where those are too many."""
        me = Display.objects.filter(pk=self.pk)
        if self.seen_at is None or _minute(self.seen_at) != _minute(now):
            me.update(seen_at=now, drawn=int(drawn))
        elif drawn:
            me.update(drawn=F("drawn") + 1)
            return self.drawn < MOST_DRAWN
        return True


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """No salt and no slow hash: the token is 256 random bits, nobody guesses it from its hash."""
    return hashlib.sha256(token.encode()).hexdigest()
