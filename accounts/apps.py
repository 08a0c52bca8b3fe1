from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Pengguna dan unit kerja")

    def ready(self) -> None:
        """A migration may take longer than a page may: an index of millions of rows takes minutes."""
        pre_migrate.connect(_take_time, sender=self)
        post_migrate.connect(_hurry_again, sender=self)


def _take_time(using: str, **_context: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def _hurry_again(using: str, **_context: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("RESET statement_timeout")
