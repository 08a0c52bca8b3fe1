"""What a list shows of a ticket beside its own columns: its clock, its pause, and whether it waits for the viewer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from accounts.models import User
from tickets import permissions
from tickets.models import Hold, StepRun, Ticket
from tickets.tracker import Clock, StepState, clock_of, steps_of
from tickets.workflow import OPEN, Status

_NOT_DIALLED = re.compile(r"[ ().-]")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")


@dataclass(frozen=True)
class Row:
    """A ticket as `viewer` sees it. `clock` is None on hold and once closed; `hold` is the open one; `runs` are there
    where the row tells of its six steps."""

    ticket: Ticket
    clock: Clock | None
    hold: Hold | None
    held_today: bool
    waits_for_viewer: bool
    runs: Sequence[StepRun] = ()

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.is_late

    @property
    def held_since(self) -> datetime | None:
        return self.hold.started_at if self.hold is not None else None

    @property
    def hold_reason(self) -> str:
        return str(self.hold.reason) if self.hold is not None else ""

    @property
    def status(self) -> str:
        return self.ticket.status

    @property
    def verdict(self) -> str:
        return self.ticket.verdict

    @property
    def closed_at(self) -> datetime | None:
        return self.ticket.closed_at

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The six steps for templatetags/home_parts.py; needs `runs`."""
        return [self._step(state) for state in steps_of(self.ticket, self.runs)]

    def _step(self, state: StepState) -> dict[str, Any]:
        is_current = state.state == "current"
        is_held = is_current and self.hold is not None
        return {
            "number": state.step.value,
            "title": state.step.label,
            "state": "waiting" if state.state == "stopped" else state.state,
            "clock": self.clock if is_current else None,
            "note": _("ditunda") if is_held else "",
            "tone": "hold" if is_held else "",
        }

    @property
    def picked(self) -> str:
        return picked(self.ticket.number, self.ticket.current_run_id)

    @property
    def phone(self) -> str:
        return dialled(self.ticket)


def picked(number: str, run_id: int | None) -> str:
    """How a checkbox names the ticket, with the run that the row was drawn for."""
    return f"{number}.{run_id or 0}"


def dialled(ticket: Ticket) -> str:
    """The requester's contact as a number to call; empty where it is none."""
    number = _NOT_DIALLED.sub("", ticket.contact)
    return number if _NUMBER.fullmatch(number) else ""


def rows_of(tickets: Iterable[Ticket], viewer: User | None, now: datetime, runs: Iterable[StepRun] = ()) -> list[Row]:
    """Rows of tickets that were read `with_people`; no viewer: a screen for everybody. `runs` are those of all of them,
    in their order, where the rows tell of their steps."""
    passes: dict[int, list[StepRun]] = {}
    for run in runs:
        passes.setdefault(run.ticket_id, []).append(run)
    return [_row(ticket, viewer, now, passes.get(ticket.pk, [])) for ticket in tickets]


def _row(ticket: Ticket, viewer: User | None, now: datetime, runs: Sequence[StepRun]) -> Row:
    run = ticket.current_run
    hold = run.open_hold if run is not None and run.on_hold else None
    return Row(
        ticket=ticket,
        clock=clock_of(run, now) if run is not None else None,
        hold=hold,
        held_today=hold is not None and hold.began_today(now),
        waits_for_viewer=hold is None and waits_for(viewer, ticket.status, ticket.technician_id),
        runs=runs,
    )


def waits_for(viewer: User | None, status: str, technician_id: int | None) -> bool:
    if viewer is None:
        return False
    if status == Status.SUBMITTED:
        return permissions.is_manager(viewer)
    return status in OPEN and technician_id == viewer.pk


class HasClock(Protocol):
    @property
    def clock(self) -> Clock | None: ...


def moments_of(rows: Iterable[HasClock]) -> Iterator[datetime | None]:
    """When time alone changes what the rows show."""
    for row in rows:
        if row.clock is not None:
            yield from (row.clock.due, row.clock.stops, row.clock.resumes)
