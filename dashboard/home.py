"""Beranda: what each role needs first. Roles add up, so their sections do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.viewer import viewer_of
from dashboard import metrics
from dashboard.metrics import Scope
from dashboard.models import MonthlyReport
from dashboard.periods import Period, Unit
from tickets import permissions, polls, rows
from tickets.forms.filters import PollForm, period_start
from tickets.models import Equipment, Ticket
from tickets.views.polls import answered

#: Rows of one section; the rest is one link away.
SHOWN: Final = 8
CLOSED_SHOWN: Final = 5
#: For so long a monthly report is news.
NEWS: Final = timedelta(days=14)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx its region `#home`; a poll (`?v=`) gets 204 while nothing has changed."""
    viewer = viewer_of(request)
    seen = polls.glance(viewer)
    if claim := PollForm(request.GET).claim:
        current = polls.is_current(claim, seen)
        return answered(request, seen, current=current, draw=lambda: _drawn(request, viewer, seen))
    return _drawn(request, viewer, seen)


def _drawn(request: HttpRequest, viewer: User, seen: polls.Glance) -> HttpResponse:
    region = request.headers.get("HX-Target") == "home"
    return render(request, "dashboard/home_region.html" if region else "dashboard/home.html", _context(viewer, seen))


def _context(viewer: User, seen: polls.Glance) -> dict[str, Any]:
    now = seen.now
    visible = Ticket.objects.visible_to(viewer)
    tally = visible.tally(now)
    sections: dict[str, Any] = {"own": _own(viewer, now)}
    if permissions.is_manager(viewer):
        sections["approvals"] = _rows(visible.awaiting_approval().in_queue_order(now), viewer, now)
        sections["stranded"] = _rows(metrics.of_absent_technicians(visible, now).in_queue_order(now), viewer, now)
        sections["low_stock"] = list(Equipment.objects.low()[:SHOWN])
        sections["loads"] = metrics.technicians_load(visible, now)
    if viewer.has_perm("tickets.work_ticket"):
        sections["tasks"] = _rows(visible.allocated_to(viewer).open().in_queue_order(now), viewer, now)
    if viewer.has_perm("tickets.view_figures"):
        overdue = visible.overdue(now)
        if "approvals" in sections:  # late ones lead that list already
            overdue = overdue.exclude(pk__in=visible.awaiting_approval().values("pk"))
        sections["overdue"] = _rows(overdue.in_queue_order(now), viewer, now)
        sections["figures"] = {
            "open": metrics.open_tickets(visible),
            "overdue": metrics.overdue_tickets(visible, now),
            "on_time": metrics.on_time_share(visible, now),
            "finished_today": metrics.finished_today(visible, now),
        }
        sections["report"] = MonthlyReport.objects.filter(made_at__gte=now - NEWS).first()
        if viewer.has_perm("tickets.view_all_tickets"):
            sections["month"] = metrics.course(Scope(Period.around(timezone.localdate(now), Unit.MONTH)))
    drawn = [row for name in ("own", "approvals", "stranded", "tasks", "overdue") for row in sections.get(name, [])]
    return {
        **sections,
        "closed": _closed(viewer, now),
        "tally": tally,
        "is_staff_home": len(sections) > 1,
        "own_query": "?state=open&whose=mine" if viewer.has_perm("tickets.view_all_tickets") else "?state=open",
        "version": polls.version(seen, [tally["next_due"], *rows.moments_of(drawn)]),
        "now": now,
        "bell": seen.bell,
        "shown": SHOWN,
    }


def _rows(tickets: Any, viewer: User, now: datetime) -> list[rows.Row]:
    return rows.rows_of(tickets.with_people()[:SHOWN], viewer, now)


def _own(viewer: User, now: datetime) -> list[rows.Row]:
    return _rows(Ticket.objects.requested_by(viewer).open().with_runs().newest_first(), viewer, now)


def _closed(viewer: User, now: datetime) -> list[rows.Row]:
    closed = Ticket.objects.requested_by(viewer).closed_since(period_start("30d", now)).last_closed_first()
    return rows.rows_of(closed.with_people()[:CLOSED_SHOWN], viewer, now)
