"""Every figure told anew, slowly: one ticket after the other, from its events and what its runs keep frozen.

The second opinion on `dashboard.metrics`; it shares no query and no sum with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from dashboard import metrics
from dashboard.metrics import Scope, Share, StandardFigures, StepFigures, Times
from dashboard.periods import Period
from tickets import sla
from tickets.models import Hold, StepRun, Ticket, TicketEvent
from tickets.recount import passes
from tickets.workflow import Action, Step

CUT_OFF = ("cancel", "reassign")
FORWARD = ("approve", "accept", "identify", "complete_work", "pass_test", "finish")


@dataclass
class Ended:
    """A run that ended, as the history tells it."""

    run: StepRun
    ticket: Ticket
    step: int
    attempt: int
    ended_at: datetime
    gross: int
    net: int
    held: int
    outcome: str

    @property
    def counts(self) -> bool:
        return self.outcome not in CUT_OFF

    @property
    def on_time(self) -> bool:
        return self.net <= self.run.maximum * 60

    @property
    def too_fast(self) -> bool:
        fast = self.run.minimum < self.run.maximum and self.net < self.run.minimum * 60
        in_office = self.gross == self.net + self.held
        return fast and in_office and self.attempt == 1 and self.counts and self.outcome in FORWARD


@dataclass
class Told:
    """A ticket, as the history tells it; `closed_at` is None while it is open."""

    ticket: Ticket
    events: list[TicketEvent]
    runs: list[Ended]

    @property
    def status(self) -> str:
        return self.events[-1].status_to

    @property
    def closed_at(self) -> datetime | None:
        moves = [event for event in self.events if event.status_from != event.status_to]
        return moves[-1].at if self.status in ("done", "rejected", "cancelled") else None

    @property
    def net(self) -> int:
        return sum(run.net for run in self.runs)

    @property
    def gross(self) -> int:
        return int(((self.closed_at or self.events[0].at) - self.events[0].at).total_seconds())

    @property
    def standard(self) -> tuple[int, int]:
        steps = self.ticket.sop.steps.all()
        return sum(step.minimum for step in steps), sum(step.maximum for step in steps)

    @property
    def on_time(self) -> bool:
        return self.net <= self.standard[1] * 60


def tell() -> list[Told]:
    """Every ticket, told anew."""
    tickets = Ticket.objects.select_related("sop", "unit", "technician").prefetch_related(
        "sop__steps", "events__run__technician", "runs__technician", "runs__calendar"
    )
    return [_told(ticket) for ticket in tickets.order_by("pk")]


def _told(ticket: Ticket) -> Told:
    events = sorted(ticket.events.all(), key=lambda event: event.seq)
    runs = sorted(ticket.runs.all(), key=lambda run: run.pk)
    told = zip(passes(events), runs, strict=True)
    return Told(ticket, events, [_ended(ticket, one, run) for one, run in told if one.ended_at is not None])


def _ended(ticket: Ticket, one: Any, run: StepRun) -> Ended:
    pauses = [(start, end) for start, end in one.pauses if end is not None]
    time = sla.spent(run.calendar.calendar, one.started_at, pauses, one.ended_at)
    return Ended(run, ticket, one.step, one.attempt, one.ended_at, time.gross, time.net, time.held, one.outcome)


def at_rank(values: Iterable[int], percent: int) -> int | None:
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def times(values: list[int]) -> Times:
    return Times(len(values), at_rank(values, 50), at_rank(values, 90))


def whole_minutes(values: Iterable[int]) -> Times:
    return times([value // 60 * 60 for value in values])


class Recomputed:
    """All figures of a scope; the attributes are named as the functions of `dashboard.metrics`."""

    def __init__(self, scope: Scope, told: list[Told]) -> None:
        self.scope, self.period = scope, scope.period
        self.fitting = [
            one
            for one in told
            if scope.unit in (None, one.ticket.unit)
            and scope.priority in (None, one.ticket.priority)
            and scope.category in ("", one.ticket.category)
        ]
        self.runs = [run for one in self.fitting for run in one.runs if scope.technician in (None, run.run.technician)]
        self.tickets = [one for one in self.fitting if scope.technician in (None, one.ticket.technician)]
        self.done = [one for one in self.tickets if one.status == "done" and within(one.closed_at, self.period)]

    def of_steps(self) -> list[StepFigures]:
        return [self._step(step) for step in Step]

    def _step(self, step: Step) -> StepFigures:
        all_runs = [run for run in self.runs if run.step == step]
        earlier = [run for run in all_runs if within(run.ended_at, self.period.previous) and run.counts]
        ended = [run for run in all_runs if within(run.ended_at, self.period)]
        runs = [run for run in ended if run.counts]
        ranged = [run for run in runs if run.run.minimum < run.run.maximum]
        first_tests = [run for run in runs if run.outcome in ("pass_test", "fail_test") and run.attempt == 1]
        return StepFigures(
            step=step,
            on_time=share(runs, lambda run: run.on_time),
            again=share(runs, lambda run: run.attempt > 1),
            too_fast=share(ranged, lambda run: run.too_fast) if ranged else None,
            first_tests=share(first_tests, lambda run: run.outcome == "pass_test"),
            cut_off=len(ended) - len(runs),
            outcomes=Counter(run.outcome for run in ended),
            net=times([run.net for run in runs]),
            spent=metrics.Spent(
                len(runs),
                sum(run.net for run in runs),
                sum(run.held for run in runs),
                sum(run.gross for run in runs),
            ),
            standards=[
                StandardFigures(*standard, share(same, lambda run: run.on_time), times([run.net for run in same]))
                for standard in sorted({(run.run.minimum, run.run.maximum) for run in runs})
                for same in [[run for run in runs if (run.run.minimum, run.run.maximum) == standard]]
            ],
            earlier=share(earlier, lambda run: run.on_time),
        )

    def course(self) -> metrics.Course:
        period = self.period
        closings = [self._closings(one) for one in (period, period.previous, *period.buckets)]
        return metrics.Course(closings[0], closings[1], closings[2:])

    def _closings(self, period: Period) -> metrics.Closings:
        closed = [one for one in self.tickets if within(one.closed_at, period)]
        reopened = [
            event
            for one in self.fitting
            for event in one.events
            if event.kind == Action.REOPEN and event.run is not None and within(event.at, period)
            if self.scope.technician in (None, event.run.technician)
        ]
        return metrics.Closings(
            period,
            share([one for one in closed if one.status == "done"], lambda one: one.on_time),
            sum(one.status == "rejected" for one in closed),
            sum(one.status == "cancelled" for one in closed),
            len(reopened),
        )

    def of_tickets(self) -> metrics.WholeFigures:
        return metrics.WholeFigures(
            net=times([one.net for one in self.done]),
            gross=whole_minutes(one.gross for one in self.done),
            standards=[
                StandardFigures(*standard, share(same, lambda one: one.on_time), times([one.net for one in same]))
                for standard in sorted({one.standard for one in self.done})
                for same in [[one for one in self.done if one.standard == standard]]
            ],
        )

    def busiest(self) -> tuple[list[metrics.Busy], list[metrics.Busy]]:
        people = {one.ticket.technician for one in self.done}
        units = {one.ticket.unit for one in self.done}
        return (
            ranked(
                [(p.pk, p.full_name, [one for one in self.done if one.ticket.technician == p]) for p in people if p]
            ),
            ranked([(u.pk, u.name, [one for one in self.done if one.ticket.unit == u]) for u in units]),
        )

    def submitted(self) -> metrics.Submitted:
        hours = {weekday: dict.fromkeys(range(24), 0) for weekday in range(1, 8)}
        for one in self.tickets:
            at = timezone.localtime(one.events[0].at)
            if within(at, self.period):
                hours[at.isoweekday()][at.hour] += 1
        return metrics.Submitted(sum(sum(day.values()) for day in hours.values()), hours)

    def of_reasons(self) -> list[metrics.ReasonFigures]:
        holds = [
            hold
            for hold in Hold.objects.select_related("reason", "run__technician")
            if hold.run.ticket_id in {one.ticket.pk for one in self.fitting}
            and within(hold.started_at, self.period)
            and self.scope.technician in (None, hold.run.technician)
        ]
        found = []
        for reason in {hold.reason for hold in holds}:
            same = [hold for hold in holds if hold.reason == reason]
            ended = [int((h.ended_at - h.started_at).total_seconds()) for h in same if h.ended_at is not None]
            figures = metrics.ReasonFigures(
                reason.pk, reason.name, len(same), len(same) - len(ended), whole_minutes(ended)
            )
            found.append(figures)
        return sorted(found, key=lambda one: (-one.n, one.name, one.pk))


def agrees(scope: Scope, told: list[Told]) -> None:
    """Asserts that each figure of `scope` is what the slow way gives."""
    slow = Recomputed(scope, told)
    assert metrics.of_steps(scope, compared=True) == slow.of_steps()
    assert metrics.course(scope) == slow.course()
    assert metrics.of_tickets(scope) == slow.of_tickets()
    assert metrics.busiest(scope) == slow.busiest()
    assert metrics.submitted(scope) == slow.submitted()
    assert metrics.of_reasons(scope) == slow.of_reasons()


def within(at: datetime | None, period: Period) -> bool:
    return at is not None and period.first <= timezone.localtime(at).date() <= period.last


def share(things: list[Any], holds: Callable[[Any], bool]) -> Share:
    return Share(sum(1 for thing in things if holds(thing)), len(things))


def ranked(groups: list[tuple[int, str, list[Told]]]) -> list[metrics.Busy]:
    busy = [metrics.Busy(pk, name, share(tickets, lambda one: one.on_time)) for pk, name, tickets in groups]
    return sorted(busy, key=lambda one: (-one.on_time.whole, one.name, one.pk))
