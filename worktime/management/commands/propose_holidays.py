from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from worktime.forms import FIRST_YEAR, LAST_YEAR
from worktime.proposals import propose_holidays


class Command(BaseCommand):
    help = (
        "Puts before the admins what the library of holidays knows otherwise than the current calendar. "
        "Without a year: this one and the next. May be run again and again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"]
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"A year between {FIRST_YEAR} and {LAST_YEAR}, please.")
        proposal = propose_holidays([year] if year else ())
        if proposal is None:
            self.stdout.write("Nothing new to propose.")
        else:
            self.stdout.write(f"Proposed: {len(proposal.data)} days, {proposal.unconfirmed()} of them estimates.")
