"""The live board: the six steps as columns, with the open tickets that stand in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.prepared import prepared
from accounts.viewer import viewer_of
from tickets import polls, rows
from tickets.kept import open_tally
from tickets.models import Ticket
from tickets.views.polls import renewed
from tickets.workflow import STEP_OF, Status, Step

#: Cards of one column; the rest is one link away.
SHOWN: Final = 10


@dataclass(frozen=True)
class Column:
    """`rows` are the most urgent of the `open` tickets that stand in `step`."""

    step: Step
    rows: list[rows.Row]
    open: int
    overdue: int
    held: int

    @property
    def rest(self) -> int:
        return self.open - len(self.rows)


def columns(viewer: User | None, now: datetime, most: int) -> list[Column]:
    """The six columns, of all tickets and in a fixed number of queries; at most `most` cards in each."""
    cards: dict[Step | None, list[rows.Row]] = {step: [] for step in Step}
    for row in rows.rows_of(_cards(now, most=most), viewer, now):
        cards[row.ticket.step].append(row)
    tallied = {STEP_OF[Status(status)]: counts for status, *counts in _tallied(now)}
    return [Column(step, cards[step], *tallied.get(step, (0, 0, 0))) for step in Step]


@prepared
def _cards(now: datetime, *, most: int) -> Any:
    return Ticket.objects.for_board(now, most).with_people()


@prepared
def _tallied(now: datetime) -> Any:
    return Ticket.objects.all().tallied_by_step(now)


@require_safe
@permission_required("tickets.view_all_tickets", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx its region `#board`; a poll (`?v=`) gets 204 while nothing has changed."""
    viewer = viewer_of(request)
    seen = polls.glance(viewer)
    return renewed(request, seen, lambda: _drawn(request, viewer, seen))


def _drawn(request: HttpRequest, viewer: User, seen: polls.Glance) -> HttpResponse:
    region = request.headers.get("HX-Target") == "board"
    return render(request, "dashboard/board_region.html" if region else "dashboard/board.html", _context(viewer, seen))


def _context(viewer: User, seen: polls.Glance) -> dict[str, Any]:
    tally = open_tally(seen, viewer)
    drawn = columns(viewer, seen.now, SHOWN)
    moments = rows.moments_of(row for column in drawn for row in column.rows)
    return {
        "columns": drawn,
        "tally": tally,
        "version": polls.version(seen, [tally["next_due"], *moments]),
        "now": seen.now,
        "bell": seen.bell,
    }
