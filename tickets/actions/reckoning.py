"""The explicit move of open runs to the newest calendar.

A run keeps the calendar that it began with; this is the one recorded exception, for an office that publishes a
holiday or changed hours while work is open (domain, "The clock").
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from tickets import sla
from tickets.actions import core
from tickets.models import StepRun, Ticket, TicketEvent
from tickets.workflow import Notice
from worktime.models import CalendarRevision

PERMISSION = "tickets.manage_tickets"


@transaction.atomic
def reckon_anew(ticket: Ticket, *, by: User, origin: str | None = None, now: datetime | None = None) -> bool:
    """Reckons the ticket's open run with the newest calendar; False where it has none or has that calendar already.

    A flag whose threshold now lies ahead is taken back; what was told stays told and is not told again. Raises
    PermissionDenied.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    locked = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    run = StepRun.objects.select_for_update(no_key=True).filter(ticket=locked, ended_at=None).first()
    newest = CalendarRevision.objects.current()
    if run is None or run.calendar_id == newest.pk:
        return False
    at = (now or core.database_now()).replace(microsecond=0)
    before = {"calendar_before": run.calendar_id, "due_before": _text(run.due_at)}
    run.calendar = newest
    if not run.on_hold:
        _set_thresholds(run, at)
    run.save(update_fields=["calendar", *_CLOCK])
    TicketEvent.objects.create(
        ticket=locked,
        kind=Notice.RECKONED_ANEW,
        at=at,
        by=by,
        origin=origin,
        run=run,
        status_from=locked.status,
        status_to=locked.status,
        data={**before, "calendar": newest.pk, "due_at": _text(run.due_at)},
    )
    return True


_CLOCK = ("warn_at", "due_at", "escalate_at", "warned_at", "overdue_at", "escalated_at")


def on_older_calendars() -> QuerySet[StepRun]:
    """Open runs that began with an earlier calendar than the newest, soonest due first, with ticket and holds."""
    newest = CalendarRevision.objects.current()
    runs = StepRun.objects.filter(ended_at=None).exclude(calendar=newest).select_related("ticket", "calendar")
    return runs.defer("calendar__data").prefetch_related("holds").order_by("due_at", "pk")


def limits_by(run: StepRun, calendar: CalendarRevision) -> sla.Thresholds:
    """The open run's thresholds if it were reckoned by this calendar; of one on hold, if it were resumed at once."""
    holds = sorted(run.holds.all(), key=lambda hold: hold.started_at)
    pauses = [(hold.started_at, hold.ended_at) for hold in holds if hold.ended_at]
    return sla.thresholds(calendar.calendar, run.started_at, pauses, maximum=run.maximum)


def _set_thresholds(run: StepRun, at: datetime) -> None:
    limits = limits_by(run, run.calendar)
    run.warn_at, run.due_at, run.escalate_at = limits.warn_at, limits.due_at, limits.escalate_at
    run.warned_at = None if limits.warn_at >= at else run.warned_at
    run.overdue_at = None if limits.due_at >= at else run.overdue_at
    run.escalated_at = None if limits.escalate_at >= at else run.escalated_at


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
