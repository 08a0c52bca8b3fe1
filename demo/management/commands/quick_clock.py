from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tickets.actions import database_now
from tickets.models import SopRevision, SopStep
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
    """A further revision of the SOP in force, equal to it but for the times."""
    now = database_now()
    current = SopRevision.objects.in_force(now)
    steps = list(current.steps.all())
    current.pk, current._state.adding = None, True
    current.revised_on = current.effective_on = timezone.localdate(now)
    current.title = f"{current.title} (standar uji coba: 1 menit)"
    current.save(force_insert=True)
    for step in steps:
        step.pk, step._state.adding = None, True
        step.revision, step.minimum, step.maximum = current, MINUTE, MINUTE
    SopStep.objects.bulk_create(steps)


def _work_day_and_night() -> None:
    current = CalendarRevision.objects.current()
    normal = {**current.data["normal"], "days": [_ALL_DAY] * 7}
    CalendarRevision.objects.create(
        number=current.number + 1,
        name="Uji coba: siang malam",
        zone=current.zone,
        data={"normal": normal, "dated": [], "holidays": {}},
    )
