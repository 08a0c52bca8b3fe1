"""When a ticket is likely to be finished: an estimate, and what it is made of, so that it can be told in words.

It adds up what the SOP allows: the standard times of the steps still ahead, and before them those of the tickets that
stand ahead in the technician's queue. Before approval that is the queue of the technician with the least work of those
present. Their sum is counted in working time from now on, or from the technician's return. Nothing here is a promise:
steps may be faster or late, and a more urgent ticket may come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Absence
from accounts.prepared import prepared
from tickets import loads, sla
from tickets.models import SopRevision, Ticket
from worktime import clock
from worktime.models import CalendarRevision


@dataclass(frozen=True)
class Expectation:
    """`finish` is empty where no estimate would be honest: on hold, and when the last step's standard is used up.

    `own` and `queue` in working seconds; `ahead` tickets stand before this one. `starts` is when working time begins
    to count, where that is not now; `away_until` is the last day of the technician's absence.
    """

    finish: datetime | None
    starts: datetime | None = None
    own: int = 0
    queue: int = 0
    ahead: int = 0
    away_until: date | None = None
    on_hold: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Queue:
    """The work that comes first, in standard working seconds."""

    seconds: int = 0
    ahead: int = 0
    away_until: date | None = None


def expected_for_new(
    now: datetime, sop: SopRevision | None = None, calendar: clock.Calendar | None = None
) -> Expectation:
    """For a ticket submitted now, under what is in force. Raises SopRevision.DoesNotExist while no SOP is."""
    own = (sop or SopRevision.objects.in_force(now)).total_maximum * sla.MINUTE
    return _reckoned(own, _shortest(now), now, calendar)


def expected_finish(ticket: Ticket, now: datetime) -> Expectation | None:
    """For an open ticket, in two queries where it has its run with calendar and its SOP with steps; else None."""
    run = ticket.current_run
    if run is None:
        return None
    if run.due_at is None:
        return Expectation(finish=None, on_hold=True)
    left = clock.working_seconds(run.calendar.calendar, now, run.due_at)
    later = sum(standard.maximum for step, standard in ticket.sop.standards.items() if step > run.step)
    own = left + later * sla.MINUTE
    if not own:
        return Expectation(finish=None, is_late=True)
    queue = _shortest(now) if ticket.technician_id is None else _ahead_of(ticket, now)
    return _reckoned(own, queue, now, is_late=now > run.due_at)


def _reckoned(
    own: int, queue: Queue, now: datetime, calendar: clock.Calendar | None = None, *, is_late: bool = False
) -> Expectation:
    calendar = calendar or CalendarRevision.objects.current().calendar
    begins = now
    if queue.away_until is not None:
        back = datetime.combine(queue.away_until + timedelta(days=1), time(), timezone.get_default_timezone())
        begins = max(now, back)
    starts = clock.next_working(calendar, begins)
    # The first instant with so much work behind it; a due time would be the last one.
    finish = clock.add_working(calendar, starts, own + queue.seconds - 1) + timedelta(seconds=1)
    return Expectation(
        finish=finish,
        starts=starts if starts > now else None,
        own=own,
        queue=queue.seconds,
        ahead=queue.ahead,
        away_until=queue.away_until,
        is_late=is_late,
    )


def _shortest(now: datetime) -> Queue:
    """Of the technician with the least work of those present, else of the one who is back first."""
    people = loads.technicians(now)
    if not people:
        return Queue()
    first = people[0]
    return Queue(first.minutes * sla.MINUTE, first.open - first.held, first.away_until)


def _ahead_of(ticket: Ticket, now: datetime) -> Queue:
    """What the ticket's technician has to do before it."""
    assert ticket.technician_id is not None
    found = _queued(ticket.technician_id, now, timezone.localdate(now))
    first = [_still_before(row) * sla.MINUTE for row in _before(found, ticket.pk) if row["current_run__due_at"]]
    return Queue(sum(first), len(first), found[0]["away_until"] if found else None)


@prepared
def _queued(technician: int, now: datetime, today: date) -> Any:
    absence = Absence.objects.on(today).filter(user=OuterRef("technician"))
    return (
        Ticket.objects.filter(technician=technician)
        .open()
        .in_queue_order(now)
        .annotate(away_until=Subquery(absence.values("last_on")))
        .values("pk", "sop", "current_run__step", "current_run__due_at", "away_until")
    )


def _still_before(row: dict[str, Any]) -> int:
    """Standard working minutes of the ticket's current step and those that follow."""
    standards = SopRevision.kept(row["sop"]).standards
    return sum(standard.maximum for step, standard in standards.items() if step >= row["current_run__step"])


def _before(rows: list[dict[str, Any]], pk: int) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["pk"] == pk:
            return
        yield row
