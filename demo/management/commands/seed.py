import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.seed import seed
from tickets.actions import database_now
from tickets.models import Ticket


class Command(BaseCommand):
    help = (
        "Fills an empty database with very many tickets of five invented years, to measure on. Their documents are not"
        " made: the workers would take hours for a million."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=100_000, help="how many (default: %(default)s)")

    def handle(self, *args: Any, tickets: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Seeding refuses production settings: these are invented people and tickets.")
        if not 1 <= tickets <= 5_000_000:
            raise CommandError("--tickets: between 1 and 5,000,000.")
        if Ticket.objects.exists():
            raise CommandError("There are tickets already; a seed needs a database of its own.")
        started = time.monotonic()
        seed(tickets, database_now(), self.stdout.write)
        self.stdout.write(f"{tickets} tickets in {time.monotonic() - started:.0f} s.")
