"""The board on a wall: no log-in, but a link that can be revoked; large, calm, and nothing that an office wall may not
show. It asks as every open page does, and a question costs one query while nothing has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.limits import too_often
from dashboard import board, metrics
from dashboard.models import Display
from jobs.instants import DatabaseNow
from tickets import polls, rows
from tickets.bell import Bell
from tickets.forms.filters import period_start
from tickets.forms.polls import PollForm
from tickets.models import Ticket
from tickets.views.polls import answered

#: What fits without scrolling.
CARDS: Final = 6
LATE: Final = 8

#: Wrong links in a minute and from one address: a program that tries tokens is stopped.
WRONG_A_MINUTE: Final = 20


@dataclass(frozen=True)
class Asked:
    display: Display
    seen: polls.Glance


@login_not_required
@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """The picture, or for htmx its region `#wall`; a poll (`?v=`) gets 204 while nothing has changed."""
    asked = _asked(token)
    if asked is None:
        if too_often(request, "wall-unknown", most=WRONG_A_MINUTE):
            return render(request, "429.html", status=429)
        raise Http404
    claim = PollForm(request.GET).claim
    current = bool(claim) and polls.is_current(claim, asked.seen)
    if not asked.display.saw(asked.seen.now, drawn=not current):
        return render(request, "429.html", status=429)
    with translation.override(asked.display.language):
        response = answered(request, asked.seen, current=current, draw=lambda: _drawn(request, asked, token))
        response.headers["Content-Language"] = asked.display.language
    return response


def _asked(token: str) -> Asked | None:
    """The display behind the token and what has happened so far, in one query."""
    asked = {"now": DatabaseNow(), "events": polls.newest_events()}
    display: Any = Display.objects.behind(token).annotate(**asked).first()
    return display and Asked(display, polls.Glance(display.now, sum(display.events), Bell.of([])))


def _drawn(request: HttpRequest, asked: Asked, token: str) -> HttpResponse:
    region = request.headers.get("HX-Target") == "wall"
    template = "dashboard/wall_region.html" if region else "dashboard/wall.html"
    return render(request, template, {"display": asked.display, "token": token, **picture(asked.seen)})


def picture(seen: polls.Glance) -> dict[str, Any]:
    """What the wall shows of all tickets."""
    now, tickets = seen.now, Ticket.objects.all()
    tally = tickets.tally(now)
    columns = board.columns(None, now, CARDS)
    late = rows.rows_of(tickets.overdue(now).in_queue_order(now).with_people()[:LATE], None, now)
    shown = [*late, *(row for column in columns for row in column.rows)]
    return {
        "columns": columns,
        "late": late,
        "more_late": tally["overdue"] - len(late),
        "tally": tally,
        "submitted": tickets.submitted_since(period_start("today", now)).count(),
        "on_time": metrics.on_time_today(tickets, now),
        "version": polls.version(seen, [tally["next_due"], *rows.moments_of(shown)]),
        "now": now,
    }
