"""Every run told anew from the history alone, and held against what is stored.

The second opinion on the clock: it trusts the events and, of a run, only what is frozen (its calendar, its standard).
Starts, ends, pauses, thresholds, flags, net and held time and verdicts all come out anew; `manage.py check_sla`
reports each difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Prefetch

from tickets import sla
from tickets.models import StepRun, Ticket, TicketEvent
from tickets.workflow import CLOSED, STEP_OF, Action, Notice, Status, Step

_STAYS: Final = {Action.HOLD, Action.RESUME, Action.CHANGE_PRIORITY, Action.COMMENT, *Notice}
_CUTS_OFF: Final = {Action.CANCEL, Action.REASSIGN}
_FORWARD: Final = {
    Action.APPROVE, Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH,
}  # fmt: skip
_FLAGS: Final = (("warned_at", "warn_at"), ("overdue_at", "due_at"), ("escalated_at", "escalate_at"))


@dataclass
class Pass:
    """One pass through a step, as the history tells it. The last pause ends with None while it lasts."""

    step: Step
    attempt: int
    started_at: datetime
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended_at: datetime | None = None
    outcome: str = ""
    ended_on_hold: bool = False

    @property
    def on_hold(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    def end(self, event: TicketEvent) -> None:
        self.ended_on_hold = self.on_hold
        self.resume(event.at)
        self.ended_at, self.outcome = event.at, event.kind

    def resume(self, at: datetime) -> None:
        if self.on_hold:
            self.pauses[-1] = (self.pauses[-1][0], at)


def passes(events: Iterable[TicketEvent]) -> list[Pass]:
    """A ticket's passes, oldest first, from its events in their order."""
    told: list[Pass] = []
    for event in events:
        if event.kind == Action.HOLD:
            told[-1].pauses.append((event.at, None))
        elif event.kind == Action.RESUME:
            told[-1].resume(event.at)
        if event.kind in _STAYS:
            continue
        if told and told[-1].ended_at is None:
            told[-1].end(event)
        if Status(event.status_to) not in CLOSED:
            step = STEP_OF[Status(event.status_to)]
            told.append(Pass(step, 1 + sum(earlier.step == step for earlier in told), event.at))
    return told


def differences(now: datetime, *, grace: int = 60) -> Iterator[str]:
    """Each difference between the stored clocks and the history, in words. Reads everything, a thousand tickets at a
    time; `grace`: seconds that a threshold may lie behind `now` without having been flagged."""
    tickets = Ticket.objects.select_related("sop").prefetch_related(
        "sop__steps",
        Prefetch("events", TicketEvent.objects.order_by("seq")),
        Prefetch("runs", StepRun.objects.select_related("calendar").defer("calendar__data").order_by("pk")),
    )
    for ticket in tickets.order_by("pk").iterator(chunk_size=1000):
        for difference in _of_ticket(ticket, now - timedelta(seconds=grace)):
            yield f"{ticket.number}: {difference}"


def _of_ticket(ticket: Ticket, flagged_until: datetime) -> Iterator[str]:
    told, runs = passes(ticket.events.all()), list(ticket.runs.all())
    if len(told) != len(runs):
        yield f"{len(runs)} runs, the history tells of {len(told)}"
        return
    for one, run in zip(told, runs, strict=True):
        where = f"step {run.step}, attempt {run.attempt}"
        for name, expected in _expected(one, run).items():
            if getattr(run, name) != expected:
                yield f"{where}: {name} is {getattr(run, name)}, should be {expected}"
        yield from (f"{where}: {fault}" for fault in _flag_faults(ticket, run, flagged_until))
    if ticket.status == Status.DONE:
        net = sum(run.net_seconds or 0 for run in runs)
        verdict = sla.verdict(net=net, maximum=ticket.sop.total_maximum, counts=True)
        if (ticket.net_seconds, ticket.verdict) != (net, verdict):
            yield f"{ticket.net_seconds} s {ticket.verdict} in total, should be {net} s {verdict}"


def _expected(one: Pass, run: StepRun) -> dict[str, Any]:
    """What the run's fields should hold."""
    calendar = run.calendar.calendar
    pauses = [(start, end) for start, end in one.pauses if end is not None]
    stands = one.on_hold or one.ended_on_hold
    earlier = pauses[:-1] if one.ended_on_hold else pauses
    limits = None if stands else sla.thresholds(calendar, one.started_at, earlier, maximum=run.maximum)
    values: dict[str, Any] = {
        "step": one.step,
        "attempt": one.attempt,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "outcome": one.outcome,
        **{name: limits and getattr(limits, name) for name in ("warn_at", "due_at", "escalate_at")},
    }
    if one.ended_at is None:
        return values
    time = sla.spent(calendar, one.started_at, pauses, one.ended_at)
    counts = one.outcome not in _CUTS_OFF
    fast = sla.is_too_fast(time, minimum=run.minimum, maximum=run.maximum)
    return {
        **values,
        "net_seconds": time.net,
        "held_seconds": time.held,
        "verdict": sla.verdict(net=time.net, maximum=run.maximum, counts=counts),
        "too_fast": counts and fast and one.attempt == 1 and one.outcome in _FORWARD,
    }


def _flag_faults(ticket: Ticket, run: StepRun, flagged_until: datetime) -> Iterator[str]:
    recorded = {(event.kind, event.at) for event in ticket.events.all() if event.run_id == run.pk}
    for flag, threshold in _FLAGS:
        at, limit = getattr(run, flag), getattr(run, threshold)
        if at is None and run.ended_at is None and limit is not None and limit < flagged_until:
            yield f"{threshold} {limit} has passed and is not flagged"
        if at is not None and limit is not None and at <= limit:
            yield f"{flag} {at} lies before {threshold} {limit}"
        if at is not None and at != run.ended_at and (flag.removesuffix("_at"), at) not in recorded:
            yield f"{flag} {at} is not in the history"
    if run.net_seconds is not None and (run.overdue_at is not None) != (run.net_seconds > run.maximum * sla.MINUTE):
        yield f"overdue_at is {run.overdue_at} after {run.net_seconds} s of {run.maximum} minutes"
