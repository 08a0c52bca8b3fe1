from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets.integrity import INVARIANTS, violations


class Command(BaseCommand):
    help = "Checks every promised invariant on the live data; lists what breaks one and exits with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(violations())
        for violation in found:
            self.stderr.write(violation)
        if found:
            raise CommandError(f"{len(found)} violations")
        self.stdout.write(f"{len(INVARIANTS) + 1} invariants hold.")
