"""The yearly update: what the library of holidays knows otherwise than the current calendar, put before an admin.

An admin has the last word. The names and kinds that stand in the calendar, and the days that only the calendar knows,
are the office's own and are not questioned; nor is a day about which an admin has already decided, until the library
says something else about it. What remains: days that are missing, estimates (perkiraan) that have been confirmed, and
estimates that have been dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.utils import timezone

from worktime.holidays import holiday_map
from worktime.models import CalendarProposal, CalendarRevision


def differences(
    current: Mapping[str, Any], known: Mapping[str, Any], years: Iterable[int], since: date
) -> dict[str, Any]:
    """ISO date → the holiday to write there, or None to take it out; both mappings as worktime.document's holidays."""
    found: dict[str, Any] = {}
    wanted = {str(year) for year in years}
    for day in sorted({*current, *known}):
        if day[:4] not in wanted or day < since.isoformat():
            continue
        here, there = current.get(day), known.get(day)
        if here is None:
            found[day] = there
        elif not here["confirmed"] and (there is None or there["confirmed"]):
            found[day] = None if there is None else here | {"confirmed": True}
    return found


@transaction.atomic
def propose_holidays(years: Iterable[int] = (), today: date | None = None) -> CalendarProposal | None:
    """Bring the open proposal up to date for these years, by default this one and the next; the new one, if any.

    May run at any time and any number of times: what is open already, or decided, is not proposed again.
    """
    current = CalendarRevision.objects.locked()
    today = today or timezone.localdate()
    opened = CalendarProposal.objects.filter(state=CalendarProposal.State.OPEN).first()
    wanted = {*(years or (today.year, today.year + 1)), *(opened.years() if opened else ())}
    decided = _decided()
    found = differences(current.data["holidays"], holiday_map(wanted), wanted, today)
    changes = {day: holiday for day, holiday in found.items() if (day, holiday) not in decided}
    if opened and opened.data == changes:
        return None
    if opened:
        opened.state, opened.decided_at = CalendarProposal.State.REPLACED, timezone.now()
        opened.save(update_fields=["state", "decided_at"])
    if not changes:
        return None
    return CalendarProposal.objects.create(base=current, data=changes, note=f"holidays {version('holidays')}")


def _decided() -> list[tuple[str, Any]]:
    decided = CalendarProposal.objects.filter(
        state__in=[CalendarProposal.State.PUBLISHED, CalendarProposal.State.DISMISSED]
    )
    return [pair for data in decided.values_list("data", flat=True) for pair in data.items()]
