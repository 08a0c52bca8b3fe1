from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tickets.actions import database_now
from tickets.models import StepRun
from tickets.recount import differences


class Command(BaseCommand):
    help = "Reckons every run's clock anew from the history; lists what differs from what is stored and exits with 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace",
            type=int,
            default=60,
            help="seconds that a threshold may have passed without being flagged (default 60; the look comes every 15)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # the web's limit is not for a look at everything
        found = list(differences(database_now(), grace=options["grace"]))
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(f"{len(found)} differences")
        self.stdout.write(f"{StepRun.objects.count()} runs agree with the history.")
