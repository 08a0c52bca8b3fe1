"""What the six-step tracker shows of a ticket: each step's state and time, and the current one's clock. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from tickets import sla
from tickets.models import SopRevision, StepRun, Ticket
from tickets.workflow import Action, Status, Step
from worktime import clock

# A run that ended this way did its step; any other end sends the ticket elsewhere.
FORWARD: Final = (
    Action.APPROVE, Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH,
)  # fmt: skip

_FAR: Final = timedelta(days=2)


@dataclass(frozen=True)
class Clock:
    """A run's clock as halocik.templatetags.clock draws it; `left` and `soon` in working seconds.

    `left` is negative when late. `stops` is when the office closes next, while it is open; `resumes` when it opens
    again, while it is closed.
    """

    due: datetime
    now: datetime
    left: int
    soon: int
    stops: datetime | None
    resumes: datetime | None

    @property
    def is_late(self) -> bool:
        return self.now > self.due


@dataclass(frozen=True)
class StepState:
    """One step; `state` is done, current, back (was done, has to be repeated), stopped or waiting.

    `minimum` and `maximum` are the standard in working minutes; `run` is the newest pass, if there was one.
    """

    step: Step
    state: str
    minimum: int
    maximum: int
    run: StepRun | None
    attempts: int

    @property
    def is_late(self) -> bool:
        return self.run is not None and self.run.verdict == sla.Verdict.LATE


def clock_of(run: StepRun, now: datetime) -> Clock | None:
    """The open run's clock at `now`; None while it is on hold. Needs `run.calendar`."""
    if run.due_at is None:
        return None
    return clock_at(run.calendar.calendar, run.due_at, run.maximum, now)


def clock_at(calendar: clock.Calendar, due: datetime, maximum: int, now: datetime) -> Clock:
    """The clock of a run that is due at `due` and may take `maximum` working minutes."""
    opens, stops = _around(calendar, now)
    return Clock(
        due=due,
        now=now,
        left=clock.working_seconds(calendar, now, due) if now <= due else -clock.working_seconds(calendar, due, now),
        soon=maximum * sla.MINUTE * (sla.OVERDUE - sla.REMIND) // 100,
        stops=stops,
        resumes=opens if opens != now else None,
    )


@lru_cache(maxsize=64)  # a list asks for each of its rows
def _around(calendar: clock.Calendar, now: datetime) -> tuple[datetime, datetime | None]:
    """When the office is open next, which is now while it is, and then when it closes."""
    opens = clock.next_working(calendar, now)
    return opens, clock.ledger(calendar, now, now + _FAR)[0].end if opens == now else None


def steps_of(ticket: Ticket, runs: Sequence[StepRun]) -> list[StepState]:
    """The six steps of `ticket`, whose runs are given in their order."""
    newest, sop = {Step(run.step): run for run in runs}, SopRevision.kept(ticket.sop_id)
    return [
        StepState(
            step=step,
            state=_state(ticket, step, newest.get(step)),
            minimum=run.minimum if (run := newest.get(step)) else sop.standards[step].minimum,
            maximum=run.maximum if run else sop.standards[step].maximum,
            run=run,
            attempts=run.attempt if run else 0,
        )
        for step in Step
    ]


def _state(ticket: Ticket, step: Step, run: StepRun | None) -> str:
    current = ticket.step
    if step == current:
        return "current"
    if run is None:
        return "waiting"
    if current is not None:
        return "done" if step < current else "back"
    return "done" if ticket.status == Status.DONE or run.outcome in FORWARD else "stopped"
