"""The read model of the page that explains one run's time: the rows of its ledger by day, with what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Final

from django.http import Http404
from django.utils import timezone

from accounts.models import User
from tickets import ledger
from tickets.models import Hold, StepRun, Ticket
from tickets.workflow import Notice
from worktime.models import CalendarRevision

# kind of row → icon
ICONS: Final = {
    "work": "clock",
    "lunch": "mood-smile",
    "night": "moon",
    "weekend": "calendar",
    "holiday": "flag",
    ledger.HOLD: "player-pause",
    ledger.REST: "dots",
}


@dataclass(frozen=True)
class Line:
    """One line of the account: a stretch of time (`row`, a hold's with its `hold`), or what stands at a moment.

    `mark` is start, due, now or end.
    """

    at: datetime
    mark: str = ""
    row: ledger.Row | None = None
    hold: Hold | None = None
    icon: str = ""

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    @property
    def last_day(self) -> date:
        """The day of the stretch's last second: midnight at its end is 24.00 of the day before."""
        return timezone.localdate(self.row.end - timedelta(seconds=1)) if self.row else self.day


@dataclass(frozen=True)
class Move:
    """The run was reckoned anew with a newer calendar."""

    at: datetime
    by: User | None
    before: CalendarRevision | None
    due_before: datetime | None


def load_run(ticket: Ticket, pk: int) -> StepRun:
    """A run of `ticket`, with what its account needs. Raises Http404."""
    runs = ticket.runs.select_related("calendar", "technician", "ended_by").defer("calendar__data")
    run = runs.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


class LedgerPage:
    """What templates/tickets/ledger.html draws."""

    def __init__(self, ticket: Ticket, run: StepRun, now: datetime) -> None:
        self.ticket = ticket
        self.run = run
        self.now = now

    @cached_property
    def holds(self) -> list[Hold]:
        return list(self.run.holds.select_related("reason", "started_by").order_by("started_at", "pk"))

    @cached_property
    def open_hold(self) -> Hold | None:
        return next((hold for hold in self.holds if hold.ended_at is None), None)

    @cached_property
    def ledger(self) -> ledger.Ledger:
        run = self.run
        return ledger.reckon(
            run.calendar.calendar,
            run.started_at,
            [(hold.started_at, hold.ended_at) for hold in self.holds if hold.ended_at],
            run.ended_at or max(self.now, run.started_at),
            maximum=run.maximum,
            held_since=self.open_hold.started_at if self.open_hold else None,
            goes_on=run.ended_at is None,
        )

    @property
    def is_late(self) -> bool:
        return self.ledger.left < 0

    @property
    def starts_outside(self) -> bool:
        return self.ledger.counts_from > self.ledger.start

    @cached_property
    def days(self) -> list[tuple[date, list[Line]]]:
        """The account, by local day."""
        return [(day, list(lines)) for day, lines in groupby(self._lines(), key=lambda line: line.day)]

    def _lines(self) -> Iterator[Line]:
        marks = self._marks()
        for row in self.ledger.rows:
            while marks and marks[0].at <= row.start:
                yield marks.pop(0)
            hold = self.holds[row.pause] if row.pause is not None else None
            yield Line(row.start, row=row, hold=hold, icon=ICONS[row.kind])
        yield from (mark for mark in marks if mark.at <= self._until)

    @property
    def _until(self) -> datetime:
        return self.ledger.rows[-1].end if self.ledger.rows else self.ledger.end

    def _marks(self) -> list[Line]:
        account = self.ledger
        marks = [Line(account.start, "start"), Line(account.end, "end" if self.run.ended_at else "now")]
        if account.due is not None and account.due <= self._until:
            marks.append(Line(account.due, "due"))
        order = ("start", "due", "now", "end")
        return sorted(marks, key=lambda line: (line.at, order.index(line.mark)))

    @cached_property
    def moves(self) -> list[Move]:
        events = list(self.run.events.filter(kind=Notice.RECKONED_ANEW).select_related("by").order_by("seq"))
        revisions = CalendarRevision.objects.defer("data").in_bulk([event.data["calendar_before"] for event in events])
        return [
            Move(
                event.at,
                event.by,
                revisions.get(event.data["calendar_before"]),
                datetime.fromisoformat(due) if (due := event.data["due_before"]) else None,
            )
            for event in events
        ]
