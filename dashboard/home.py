"""Beranda: what each role needs first. Roles add up, so their sections do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User, all_but_name
from accounts.prepared import prepared
from accounts.viewer import viewer_of
from dashboard import metrics
from dashboard.metrics import Scope
from dashboard.models import MonthlyReport
from dashboard.periods import Period, Unit
from tickets import permissions, polls, rows
from tickets.forms.filters import period_start
from tickets.kept import open_tally, until_next_event
from tickets.loads import loads
from tickets.models import Equipment, Hold, StepRun, Ticket
from tickets.queries import TicketQuerySet
from tickets.views.polls import renewed
from tickets.workflow import Status

#: Rows of one section; the rest is one link away.
SHOWN: Final = 8
CLOSED_SHOWN: Final = 5
#: For so long a monthly report is news.
NEWS: Final = timedelta(days=14)
_UNSHOWN: Final = [*all_but_name("requester"), *all_but_name("technician")]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx its region `#home`; a poll (`?v=`) gets 204 while nothing has changed."""
    viewer = viewer_of(request)
    seen = polls.glance(viewer)
    return renewed(request, seen, lambda: _drawn(request, viewer, seen))


def _drawn(request: HttpRequest, viewer: User, seen: polls.Glance) -> HttpResponse:
    region = request.headers.get("HX-Target") == "home"
    return render(request, "dashboard/home_region.html" if region else "dashboard/home.html", _context(viewer, seen))


def _context(viewer: User, seen: polls.Glance) -> dict[str, Any]:
    now, today = seen.now, timezone.localdate(seen.now)
    only_own = None if viewer.has_perm("tickets.view_all_tickets") else viewer.pk
    tally = open_tally(seen, viewer)
    sections: dict[str, Any] = {"own": _own(viewer.pk)}
    if permissions.is_manager(viewer):
        known = None if only_own else until_next_event(seen, viewer, "loads", loads)
        sections["loads"] = loaded = metrics.technicians_load(today, only_own, known)
        sections["approvals"] = _approvals(now, only_own) if tally["approval"] else []
        is_missing_anybody = any(load.open and load.away_until for load in loaded)
        sections["stranded"] = _stranded(now, today, only_own) if is_missing_anybody else []
        sections["low_stock"] = _low_stock()
    if viewer.has_perm("tickets.work_ticket"):
        sections["tasks"] = _tasks(now, viewer.pk, only_own)
    if viewer.has_perm("tickets.view_figures"):
        sections["overdue"] = _overdue(now, only_own, approvals="approvals" not in sections) if tally["overdue"] else []
        sections |= _figures(viewer, seen)
        sections["report"] = next(iter(_reports(now - NEWS)), None)
    is_staff_home = len(sections) > 1
    sections["closed"] = _closed(viewer.pk, period_start("30d", now))
    drawn = _as_rows(sections, viewer, now)
    return {
        **sections,
        "tally": tally,
        "is_staff_home": is_staff_home,
        "own_query": "?state=open" if only_own else "?state=open&whose=mine",
        "version": polls.version(seen, [tally["next_due"], *rows.moments_of(drawn)]),
        "now": now,
        "bell": seen.bell,
        "shown": SHOWN,
    }


def _as_rows(sections: dict[str, Any], viewer: User, now: datetime) -> list[rows.Row]:
    """Makes rows of the sections' tickets, and reads the holds of all of them at once."""
    listed = [name for name in ("own", "approvals", "stranded", "tasks", "overdue", "closed") if name in sections]
    holds = Prefetch("current_run__holds", Hold.objects.select_related("reason"))
    held = [ticket for name in listed for ticket in sections[name] if ticket.on_hold]
    prefetch_related_objects(held, holds)
    runs = _own_runs(viewer.pk) if sections["own"] else []
    for name in listed:
        sections[name] = rows.rows_of(sections[name], viewer, now, runs if name == "own" else ())
    return [row for name in listed for row in sections[name]]


def _figures(viewer: User, seen: polls.Glance) -> dict[str, Any]:
    today = timezone.localdate(seen.now)
    if not viewer.has_perm("tickets.view_all_tickets"):
        return {"lately": metrics.lately(Ticket.objects.visible_to(viewer), seen.now)}

    def counted() -> dict[str, Any]:
        month = metrics.course(Scope(Period.around(today, Unit.MONTH)))
        return {"lately": metrics.lately(Ticket.objects.all(), seen.now), "month": month}

    return until_next_event(seen, viewer, ("home", today), counted)


# What the sections list; `only_own` is who sees no tickets but their own.


@prepared
def _approvals(now: datetime, only_own: int | None) -> Any:
    return _first_queued(Ticket.objects.of_requester(only_own).awaiting_approval(), now)


@prepared
def _stranded(now: datetime, today: date, only_own: int | None) -> Any:
    tickets = metrics.of_absent_technicians(Ticket.objects.of_requester(only_own), today)
    return _first_queued(tickets, now)


@prepared
def _tasks(now: datetime, technician: int, only_own: int | None) -> Any:
    return _first_queued(Ticket.objects.of_requester(only_own).filter(technician=technician).open(), now)


@prepared
def _overdue(now: datetime, only_own: int | None, *, approvals: bool) -> Any:
    """Without `approvals` where late ones lead the list of those already."""
    overdue = Ticket.objects.of_requester(only_own).overdue(now)
    return _first_queued(overdue if approvals else overdue.exclude(status=Status.SUBMITTED), now)


@prepared
def _own(requester: int) -> Any:
    return _first(Ticket.objects.of_requester(requester).open().newest_first())


@prepared
def _own_runs(requester: int) -> Any:
    """What the tracker shows of the tickets of `_own`."""
    first = Ticket.objects.of_requester(requester).open().newest_first().values("pk")[:SHOWN]
    runs = StepRun.objects.filter(ticket__in=first).order_by("started_at", "pk")
    return runs.only("ticket", "step", "attempt", "minimum", "maximum", "ended_at", "outcome", "verdict")


@prepared
def _closed(requester: int, since: datetime) -> Any:
    return _first(Ticket.objects.of_requester(requester).closed_since(since).last_closed_first())[:CLOSED_SHOWN]


@prepared
def _low_stock() -> Any:
    return Equipment.objects.low()[:SHOWN]


@prepared
def _reports(since: datetime) -> Any:
    return MonthlyReport.objects.filter(made_at__gte=since)[:1]


def _first_queued(tickets: TicketQuerySet, now: datetime) -> Any:
    """The first in queue order; only of these is read who they are about."""
    first = tickets.in_queue_order(now).values("pk")[:SHOWN]
    return _first(Ticket.objects.filter(pk__in=first).in_queue_order(now))


def _first(tickets: TicketQuerySet) -> Any:
    """With what a row shows, but for the holds."""
    return tickets.with_people().prefetch_related(None).defer(*_UNSHOWN)[:SHOWN]
