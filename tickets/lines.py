"""The lines of the ticket list: what it shows of each ticket, read as plain values.

Objects of five models for each line would cost more than everything else of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from accounts.prepared import Statement
from tickets import rows, tracker
from worktime.models import CalendarRevision

# Spelt out, for it is asked with every list: to put it together from models takes longer than to answer it.
_LINES: Final = Statement(
    "lines",
    """
    SELECT ticket.id AS pk, ticket.number, ticket.title, ticket.category, ticket.status, ticket.priority,
           ticket.verdict, ticket.submitted_at, ticket.closed_at, ticket.net_seconds, ticket.room, ticket.contact,
           ticket.technician_id, unit.name AS unit, coalesce(nullif(requester.full_name, ''), requester.username),
           coalesce(nullif(technician.full_name, ''), technician.username, ''),
           run.id, run.due_at, run.maximum, run.calendar_id, calendar.published_at,
           hold.started_at, coalesce(reason.name, ''), coalesce(reason.name_en, '')
    FROM tickets_ticket ticket
    JOIN accounts_unit unit ON unit.id = ticket.unit_id
    JOIN accounts_user requester ON requester.id = ticket.requester_id
    LEFT JOIN accounts_user technician ON technician.id = ticket.technician_id
    LEFT JOIN tickets_steprun run ON run.id = ticket.current_run_id
    LEFT JOIN worktime_calendarrevision calendar ON calendar.id = run.calendar_id
    LEFT JOIN tickets_hold hold ON hold.run_id = run.id AND hold.ended_at IS NULL
    LEFT JOIN tickets_holdreason reason ON reason.id = hold.reason_id
    WHERE ticket.id = ANY($1)
    """,
    ["bigint[]"],
)


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as its reader sees it in the list. `clock` is None on hold and once closed."""

    pk: int
    number: str
    picked: str
    title: str
    category: str
    status: str
    priority: int | None
    verdict: str
    submitted_at: datetime
    closed_at: datetime | None
    net_seconds: int | None
    room: str
    contact: str
    unit: str
    requester: str
    technician: str
    clock: tracker.Clock | None
    held_since: datetime | None
    held_today: bool
    hold_reason: str
    waits_for_viewer: bool


class _Values(NamedTuple):
    """What `_LINES` answers."""

    pk: int
    number: str
    title: str
    category: str
    status: str
    priority: int | None
    verdict: str
    submitted_at: datetime
    closed_at: datetime | None
    net_seconds: int | None
    room: str
    contact: str
    technician_id: int | None
    unit: str
    requester: str
    technician: str
    run_id: int | None
    due_at: datetime | None
    maximum: int
    calendar_id: int
    calendar_published_at: datetime
    held_since: datetime | None
    reason: str
    reason_en: str


def lines_of(tickets: Sequence[int], viewer: User, now: datetime) -> list[Line]:
    """The lines of the tickets with these ids, in their order."""
    found = {values[0]: _Values(*values) for values in _LINES.rows(list(tickets))}
    return [_line(found[pk], viewer, now) for pk in tickets if pk in found]


def _line(ticket: _Values, viewer: User, now: datetime) -> Line:
    since = ticket.held_since
    return Line(
        pk=ticket.pk,
        number=ticket.number,
        picked=rows.picked(ticket.number, ticket.run_id),
        title=ticket.title,
        category=ticket.category,
        status=ticket.status,
        priority=ticket.priority,
        verdict=ticket.verdict,
        submitted_at=ticket.submitted_at,
        closed_at=ticket.closed_at,
        net_seconds=ticket.net_seconds,
        room=ticket.room,
        contact=ticket.contact,
        unit=ticket.unit,
        requester=ticket.requester,
        technician=ticket.technician,
        clock=_clock(ticket, now),
        held_since=since,
        held_today=since is not None and timezone.localdate(since) == timezone.localdate(now),
        hold_reason=ticket.reason_en if get_language() == "en" else ticket.reason,
        waits_for_viewer=since is None and rows.waits_for(viewer, ticket.status, ticket.technician_id),
    )


def _clock(ticket: _Values, now: datetime) -> tracker.Clock | None:
    if ticket.due_at is None:
        return None
    calendar = CalendarRevision.kept(ticket.calendar_id, ticket.calendar_published_at)
    return tracker.clock_at(calendar, ticket.due_at, ticket.maximum, now)
