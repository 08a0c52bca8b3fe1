from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tickets.actions import database_now, publish_revision
from tickets.models import SopRevision
from tickets.workflow import Step
from worktime.models import CalendarRevision

MINUTE = 1
_ALL_DAY = [["00:00", "23:59:59"]]


class Command(BaseCommand):
    help = (
        "For trying the clock out: from now on every step's standard is one minute, and every hour is working time."
        " Tickets that exist already keep theirs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The quick clock is for demo data; it refuses production settings.")
        with transaction.atomic():
            _shorten_standards()
            _work_day_and_night()
        self.stdout.write("New tickets: one minute for each step, day and night. See docs/operations.md.")


def _shorten_standards() -> None:
    """A further revision of the SOP, equal to the newest but for the times."""
    newest = SopRevision.objects.newest()
    today = timezone.localdate(database_now())
    publish_revision(
        base=newest,
        facts={
            "title": f"{newest.title} (standar uji coba: 1 menit)",
            "revised_on": today,
            "effective_on": max(today, newest.effective_on),
        },
        steps={step: {"minimum": MINUTE, "maximum": MINUTE} for step in Step},
        by=None,
    )


def _work_day_and_night() -> None:
    current = CalendarRevision.objects.current()
    normal = {**current.data["normal"], "days": [_ALL_DAY] * 7}
    CalendarRevision.objects.create(
        number=current.number + 1,
        name="Uji coba: siang malam",
        zone=current.zone,
        data={"normal": normal, "dated": [], "holidays": {}},
    )
