import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.load import load
from demo.papers import file_reports
from tickets.actions import database_now
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Fills an empty database with an office that lives; does nothing where there are tickets already."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data refuses to be loaded beside production settings.")
        if Ticket.objects.exists():
            self.stdout.write("There are tickets already; no demo data loaded.")
            return
        started = time.monotonic()
        now = database_now()
        load(now)
        file_reports(now)
        count = Ticket.objects.count()
        self.stdout.write(f"Demo data: {count} tickets in {time.monotonic() - started:.0f} s.")
