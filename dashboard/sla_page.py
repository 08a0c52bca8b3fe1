"""What the SLA dashboard shows, each number with the list of exactly what it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR

from accounts.models import User
from dashboard import metrics
from dashboard.figure_lists import Lists, Number
from dashboard.metrics import Busy, ReasonFigures, Scope, Share, StandardFigures
from dashboard.sla_rows import (
    WIDTH,
    Bar,
    BusyRow,
    HourRow,
    ReasonRow,
    StandardRow,
    TestFigures,
    TrendRow,
    change,
    step_row,
)
from tickets.kept import until_next_event
from tickets.polls import Glance
from tickets.workflow import Action, Step


class Page:
    """Everything that the page shows of a scope; reads the database once for each kind of figure."""

    part_names = ("net", "held", "outside")

    def __init__(self, scope: Scope, today: date, seen: Glance, viewer: User) -> None:
        self.scope, self.lists, self.today = scope, Lists(scope), today
        self.course, self.whole, self._submitted = until_next_event(
            seen, viewer, ("dashboard", scope),
            lambda: (metrics.course(scope), metrics.of_tickets(scope), metrics.submitted(scope)),
        )  # fmt: skip
        self.steps = [step_row(one, self.lists) for one in metrics.of_steps(scope, compared=True)]
        people, units = metrics.busiest(scope)
        self.technicians, self.units = self._busy(people, "technician"), self._busy(units, "unit")
        self.reasons = self._reasons(metrics.of_reasons(scope))

    @property
    def change(self) -> int | None:
        return change(self.course.now.on_time, self.course.earlier.on_time)

    @property
    def is_empty(self) -> bool:
        now = self.course.now
        nothing_closed = not (now.on_time.whole or now.rejected or now.cancelled)
        return nothing_closed and not self._submitted.n and not any(row.figures.outcomes for row in self.steps)

    @property
    def totals(self) -> dict[str, Number]:
        now, lists = self.course.now, self.lists
        outcomes = self._outcomes
        return {
            "submitted": Number.of(self._submitted.n, lists.tickets("submitted")),
            "done": Number.of(now.on_time.whole, lists.tickets("done")),
            "on_time": Number.of(now.on_time.part, lists.tickets("done", verdict="on_time")),
            "late": Number.of(now.on_time.rest, lists.tickets("done", verdict="late")),
            "rejected": Number.of(now.rejected, lists.tickets("rejected")),
            "cancelled": Number.of(now.cancelled, lists.tickets("cancelled")),
            "reopened": Number.of(now.reopened, lists.reopened()),
            "declined": Number.of(outcomes(Action.DECLINE), lists.all_runs("declined")),
            "reassigned": Number.of(outcomes(Action.REASSIGN), lists.all_runs("reassigned")),
            "cut_off": Number.of(sum(row.figures.cut_off for row in self.steps), lists.all_runs("cut_off")),
        }

    def _outcomes(self, action: Action) -> int:
        return sum(row.figures.outcomes[action] for row in self.steps)

    @property
    def whole_standards(self) -> list[StandardRow]:
        """The whole SOP, under each sum of standard times that held."""
        return [
            StandardRow(
                one,
                Bar.of(one),
                Number.of(one.on_time.whole, self._done_under(one)),
                Number.of(one.on_time.rest, self._done_under(one, verdict="late")),
            )
            for one in self.whole.standards
        ]

    def _done_under(self, one: StandardFigures, **more: Any) -> str:
        return self.lists.tickets("done", standard=f"{one.minimum}-{one.maximum}", **more)

    @property
    def too_fast(self) -> Share:
        """Of all runs whose standard is a range."""
        shares = [row.figures.too_fast for row in self.steps if row.figures.too_fast]
        return Share(sum(share.part for share in shares), sum(share.whole for share in shares))

    @property
    def too_fast_number(self) -> Number:
        return Number.of(self.too_fast.part, self.lists.all_runs("too_fast"))

    @property
    def ranged_number(self) -> Number:
        return Number.of(self.too_fast.whole, self.lists.all_runs("ranged"))

    @property
    def tests(self) -> TestFigures:
        step = self.steps[Step.TEST - 1].figures
        runs = {
            "tested": step.tests.whole,
            "passed": step.tests.part,
            "first_tested": step.first_tests.whole,
            "first_passed": step.first_tests.part,
        }
        numbers = {name: Number.of(n, self.lists.runs(Step.TEST, name)) for name, n in runs.items()}
        failed = Number.of(step.tests.rest, self.lists.runs(Step.TEST, "failed"))
        return TestFigures(first=step.first_tests, failed=failed, **numbers)

    @property
    def trend(self) -> list[TrendRow]:
        """What has begun of it."""
        return [
            TrendRow(one, Number.of(one.on_time.whole, self.lists.tickets("done", during=one.period)))
            for one in self.course.buckets
            if one.period.first <= self.today
        ]

    @property
    def hours(self) -> list[HourRow]:
        """The hours from the first to the last in which something was submitted."""
        table, most = self._submitted.hours, self._submitted.most
        used = [hour for hour, n in self._submitted.by_hour.items() if n]
        rows = []
        for hour in range(min(used), max(used) + 1) if used else ():
            cells = [(self._at(table[day][hour], day, hour), -(-table[day][hour] * 5 // most)) for day in table]
            total = Number.of(self._submitted.by_hour[hour], self.lists.tickets("submitted", hour=hour))
            rows.append(HourRow(hour, cells, total))
        return rows

    @property
    def weekday_names(self) -> list[str]:
        return [str(WEEKDAYS_ABBR[day]) for day in range(7)]

    @property
    def weekdays(self) -> list[Number]:
        return [
            Number.of(n, self.lists.tickets("submitted", weekday=day)) for day, n in self._submitted.by_weekday.items()
        ]

    def _at(self, n: int, day: int, hour: int) -> Number:
        return Number.of(n, self.lists.tickets("submitted", weekday=day, hour=hour))

    def _busy(self, ranked: list[Busy], kind: str) -> list[BusyRow]:
        most = ranked[0].on_time.whole if ranked else 1
        return [
            BusyRow(
                one,
                Number.of(one.on_time.whole, self.lists.tickets("done", **dict[str, Any]({kind: one.pk}))),
                round(one.on_time.whole * WIDTH / most, 1),
            )
            for one in ranked
        ]

    def _reasons(self, reasons: list[ReasonFigures]) -> list[ReasonRow]:
        most = reasons[0].n if reasons else 1
        return [
            ReasonRow(
                one,
                Number.of(one.n, self.lists.holds(reason=one.pk)),
                Number.of(one.open, self.lists.holds(reason=one.pk, lasting=1)),
                round(one.n * WIDTH / most, 1),
            )
            for one in reasons
        ]
