from typing import Any

from django.core.management.base import BaseCommand

from tickets.workflow import TRANSITIONS, Status, actions_from, next_status


class Command(BaseCommand):
    help = "Prints the transition table that the code runs on: status, whether on hold, action, next status."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| status | on hold | action | next status |\n| --- | --- | --- | --- |")
        for status in Status:
            for on_hold in (False, True):
                for action in actions_from(status, on_hold):
                    to = next_status(status, on_hold, action)
                    self.stdout.write(f"| {status} | {'yes' if on_hold else '–'} | {action} | {to} |")
        self.stdout.write(f"\n{len(TRANSITIONS)} transitions; every other pair is refused.")
