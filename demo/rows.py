"""What `demo.tale` writes, as COPY takes it, and what it stands on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from demo.office import Office
from tickets.actions.steps import REOPEN_WORKING_DAYS
from tickets.models import CheckItem, SopRevision
from worktime import clock

#: The tables in the order of their keys, with the columns that are written.
COLUMNS: Final = {
    "tickets_ticket": (
        "id", "number", "status", "category", "priority", "title", "description", "requester_id", "technician_id",
        "device_id", "device_text", "unit_id", "room", "contact", "sop_id", "current_run_id", "submitted_at",
        "closed_at", "reopen_until", "net_seconds", "verdict", "event_seq", "last_hash",
    ),
    "tickets_steprun": (
        "id", "ticket_id", "step", "attempt", "technician_id", "calendar_id", "minimum", "maximum", "started_at",
        "warn_at", "due_at", "escalate_at", "warned_at", "overdue_at", "escalated_at", "ended_at", "ended_by_id",
        "outcome", "net_seconds", "held_seconds", "verdict", "too_fast",
    ),
    "tickets_hold": (
        "id", "run_id", "reason_id", "note", "look_again_at", "started_at", "started_by_id", "ended_at", "ended_by_id",
    ),
    "tickets_tickettext": ("id", "ticket_id", "body"),
    "tickets_ticketevent": (
        "id", "ticket_id", "seq", "kind", "at", "by_id", "origin", "run_id", "status_from", "status_to", "data",
        "text_id", "text_sha256", "internal", "previous_hash", "hash",
    ),
    "tickets_need": ("run_id", "item", "quantity", "available"),
    "tickets_materialuse": ("run_id", "item", "quantity"),
    "tickets_connectiontest": ("run_id", "at", "by_id", "passed", "results", "note"),
    "tickets_ticketaddress": ("ticket_id", "run_id", "stage", "address_id", "name_id", "workgroup_id"),
    "tickets_delivery": (
        "event_id", "recipient_id", "role", "channel", "state", "due_at", "attempts", "stranded", "error", "sent_at",
        "read_at",
    ),
}  # fmt: skip
#: Keys that one ticket may use up, by table: so each ticket's can be told without asking the others.
KEYS: Final = {
    "tickets_ticket": 1, "tickets_steprun": 32, "tickets_hold": 4, "tickets_tickettext": 32, "tickets_ticketevent": 96,
}  # fmt: skip

_NULL: Final = r"\N"


@dataclass
class Ground:
    """What every tale stands on, read once."""

    office: Office
    calendar: clock.Calendar
    calendar_id: int
    sops: list[SopRevision]  # the newest first, with their steps
    until: datetime
    checks: list[CheckItem] = field(default_factory=lambda: list(CheckItem.objects.filter(active=True)))
    _closings: dict[date, datetime] = field(default_factory=dict)
    _lines: dict[tuple[str, ...], str] = field(default_factory=dict)

    def sop_at(self, day: date) -> SopRevision:
        return next(sop for sop in self.sops if sop.effective_on <= day)

    def reopen_until(self, at: datetime) -> datetime:
        day = self.calendar.local_date(at)
        if day not in self._closings:
            self._closings[day] = clock.closing_after(self.calendar, at, REOPEN_WORKING_DAYS)
        return self._closings[day]

    def test_lines(self, results: dict[str, str]) -> str:
        outcomes = tuple(results[check.code] for check in self.checks)
        if outcomes not in self._lines:
            self._lines[outcomes] = json.dumps([
                {"code": check.code, "name": check.name, "name_en": check.name_en, "required": check.required,
                 "outcome": outcome} for check, outcome in zip(self.checks, outcomes, strict=True)
            ])  # fmt: skip
        return self._lines[outcomes]


class Rows:
    """Rows in COPY's text form, by table."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.plans: list[tuple[int, str]] = []

    def add(self, table: str, *values: Any) -> None:
        texts = [value if type(value) is str else _NULL if value is None else str(value) for value in values]
        self.lines[table].append("\t".join(texts))
