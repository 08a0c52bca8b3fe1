"""Days on which technicians of the demo office are away: two coming ones, and two past ones on which none had work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from accounts import absences
from accounts.models import User
from demo.office import Office
from tickets.models import StepRun

_DAY: Final = timedelta(days=1)
_WEDNESDAY: Final = 2
_LOOKED_AT: Final = range(10, 60)  # days ago
_SATURDAY: Final = 5


def send_away(office: Office, now: datetime) -> None:
    """Once all tickets are told: nobody may be away who was given work on that day. All of today's stay present."""
    today = timezone.localdate(now)
    person = office.technicians[-1]
    wednesday = today + _DAY * (7 - today.weekday() + _WEDNESDAY)
    absences.enter(person, first_on=wednesday, last_on=wednesday + _DAY, reason="Cuti tahunan", by=person, now=now)
    for person, first in _idle(office, today):
        absences.enter(
            person, first_on=first, last_on=first + _DAY, reason="Dinas luar", by=office.admins[0], now=now - _DAY * 70
        )  # fmt: skip
        return


def _idle(office: Office, today: date) -> Iterator[tuple[User, date]]:
    """Technicians with the first of two working days on which they were given nothing, the newest first."""
    for ago in _LOOKED_AT:
        first = today - _DAY * ago
        if first.weekday() + 1 >= _SATURDAY:
            continue
        runs = StepRun.objects.filter(started_at__date__range=(first, first + _DAY), technician__isnull=False)
        busy = set(runs.values_list("technician", flat=True))
        yield from ((person, first) for person in office.technicians if person.pk not in busy)
