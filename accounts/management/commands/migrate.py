"""Django's own, but for the web's time limits: an index of millions of rows takes minutes, and so may an export that is
under way and keeps a table from being changed."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
            try:
                super().handle(*args, **options)
            finally:
                cursor.execute("RESET statement_timeout; RESET lock_timeout")
