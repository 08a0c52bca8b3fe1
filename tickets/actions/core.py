"""The one way in which a ticket moves: lock, look again, decide, change, record.

Every action is one transaction that begins with `begin` and writes history with `record`. Nothing else writes a
ticket's status or a run's clock.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Required, TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import prepared
from accounts.writing import insert, update
from jobs import doorbell
from jobs.instants import database_now as database_now  # for the rest of this room too
from tickets import permissions, sla
from tickets.models import Hold, Outbox, SopStep, StepRun, Ticket, TicketEvent, TicketText
from tickets.workflow import CLOSED, DOCUMENTED, STEP_OF, Action, Notice, Status, Step, WorkflowError, next_status
from worktime.clock import Calendar
from worktime.models import CalendarRevision

# Of comments, reasons and reports alike; what a TicketText holds.
LONGEST_TEXT: Final = 5000
# NUL, and halves of a surrogate pair: Python carries them, PostgreSQL and UTF-8 do not.
_UNKEEPABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


class Caller(TypedDict, total=False):
    """Who asks for a move, and from where.

    `run` is the id of the run that the user's screen was drawn for; None or left out where there was no screen.
    `origin` is the client's address. `now` is for simulation and tests; by default it is the database's clock, read
    after the lock.
    """

    by: Required[User]
    run: int | None
    origin: str | None
    now: datetime | None


@dataclass
class Act:
    """One move of one locked ticket. `run` is the open run when the move began, None for a closed ticket; `runs` are
    all of the ticket's so far, `holds` the open run's, each oldest first."""

    ticket: Ticket
    action: Action
    by: User
    at: datetime
    origin: str | None
    status_from: Status | Literal[""]
    status_to: Status
    run: StepRun | None
    runs: list[StepRun] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    @property
    def pauses(self) -> list[sla.Pause]:
        """The open run's holds as (start, end), an open one ending now."""
        return [(hold.started_at, hold.ended_at or self.at) for hold in self.holds]

    @cached_property
    def revision(self) -> CalendarRevision:
        """Today's calendar, looked up once."""
        return CalendarRevision.objects.current()

    @property
    def calendar(self) -> Calendar:
        """The open run's: mostly today's, which the move needs anyway."""
        run = self.open_run
        if run.calendar_id == self.revision.pk:
            run.calendar = self.revision
        return run.calendar.calendar

    @property
    def open_run(self) -> StepRun:
        """The open run of a move that needs one; the table gives such moves to open tickets only."""
        if self.run is None:
            raise WorkflowError(_("Tiket ini tidak sedang berjalan."), self.ticket)
        return self.run


# What every move begins with.


@prepared
def _locked(ticket: int) -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update(no_key=True).defer("search").filter(pk=ticket)


@prepared
def _locked_runs(ticket: int) -> QuerySet[StepRun]:
    return StepRun.objects.select_for_update(no_key=True).filter(ticket=ticket).order_by("pk")


@prepared
def _holds(run: int) -> QuerySet[Hold]:
    return Hold.objects.filter(run=run).order_by("started_at")


def begin(ticket: Ticket, action: Action, **caller: Unpack[Caller]) -> Act:
    """Locks the ticket and its open run, looks again and decides; must be called in a transaction.

    Raises PermissionDenied, WorkflowError.
    """
    by = caller["by"]
    (locked,) = _locked(ticket.pk)
    for kept in (Ticket.sop, Ticket.requester, Ticket.unit):  # for ever
        if kept.is_cached(ticket):
            kept.field.set_cached_value(locked, kept.field.get_cached_value(ticket))
    runs = _locked_runs(ticket.pk)
    current = next((run for run in runs if run.ended_at is None), None)
    locked.current_run = current
    status_to = check(locked, action, by=by, run=caller.get("run"))
    holds = _holds(current.pk) if current else []
    at = (caller.get("now") or database_now()).replace(microsecond=0)
    at = max(at, _latest(locked, current, holds))
    return Act(locked, action, by, at, caller.get("origin"), Status(locked.status), status_to, current, runs, holds)


def _latest(ticket: Ticket, run: StepRun | None, holds: list[Hold]) -> datetime:
    """The ticket's clock so far: where a machine's time runs backwards, no second may count twice."""
    if run is None:
        return ticket.closed_at or ticket.submitted_at
    noticed = (at for at in (run.warned_at, run.overdue_at, run.escalated_at) if at is not None)
    return max([run.started_at, *noticed, *(hold.ended_at or hold.started_at for hold in holds)])


def check(ticket: Ticket, action: Action, *, by: User, run: int | None = None) -> Status:
    """The status that the move leads to, if `by` may make it and it is possible on this row.

    Asked once by the view, before it looks at the form, and again under the lock.
    """
    permissions.require(by, action, ticket)
    try:
        status_to = next_status(Status(ticket.status), ticket.on_hold, action)
        if run is not None and run != claim(ticket):
            raise WorkflowError(_("Tiket ini sudah berubah sejak halaman Anda dibuka. Berikut keadaannya sekarang."))
    except WorkflowError as error:
        error.ticket = ticket
        raise
    return status_to


def claim(ticket: Ticket) -> int | None:
    """The run that a form drawn now must carry: the open one, or the last one of a closed ticket."""
    if ticket.current_run_id is not None:
        return ticket.current_run_id
    return ticket.runs.order_by("-pk").values_list("pk", flat=True).first()


def leave(act: Act, *, counts: bool = True, forward: bool = False) -> None:
    """Ends the open run and measures it. `counts` is False where it was cut off by somebody else's decision."""
    run = act.open_run
    close_hold(act)
    time = sla.spent(act.calendar, run.started_at, act.pauses, act.at)
    run.ended_at, run.ended_by, run.outcome = act.at, act.by, act.action
    run.net_seconds, run.held_seconds = time.net, time.held
    run.verdict = sla.verdict(net=time.net, maximum=run.maximum, counts=counts)
    run.too_fast = (
        counts and forward and run.attempt == 1 and sla.is_too_fast(time, minimum=run.minimum, maximum=run.maximum)
    )
    if run.overdue_at is None and time.net > run.maximum * sla.MINUTE:
        run.overdue_at = act.at
    update(
        run, "ended_at", "ended_by", "outcome", "net_seconds", "held_seconds", "verdict", "too_fast", "overdue_at",
    )  # fmt: skip


def close_hold(act: Act) -> None:
    for hold in act.holds:
        if hold.ended_at is None:
            hold.ended_at, hold.ended_by = act.at, act.by
            update(hold, "ended_at", "ended_by")


def enter(act: Act) -> None:
    """Opens a run of the step that the move leads to, with its full standard, on today's calendar."""
    ticket, step = act.ticket, STEP_OF[act.status_to]
    standard = _standard(ticket, step)
    limits = sla.thresholds(act.revision.calendar, act.at, [], maximum=standard.maximum)
    earlier = max((run.attempt for run in act.runs if run.step == step), default=0)
    run = StepRun(
        ticket=ticket,
        step=step,
        attempt=earlier + 1,
        technician_id=None if step == Step.SUBMISSION else ticket.technician_id,
        calendar=act.revision,
        minimum=standard.minimum,
        maximum=standard.maximum,
        started_at=act.at,
        warn_at=limits.warn_at,
        due_at=limits.due_at,
        escalate_at=limits.escalate_at,
    )
    ticket.current_run = insert(run)


def _standard(ticket: Ticket, step: Step) -> SopStep:
    """The step as the ticket's SOP has it, from what the ticket brought along where it did."""
    if Ticket.sop.is_cached(ticket):
        return ticket.sop.standards[step]
    return SopStep.objects.get(revision_id=ticket.sop_id, number=step)


def move(act: Act, *changed: str) -> None:
    """Writes the ticket's new status; `changed` names the other fields that the action set.

    Opens a run where the ticket comes to a step; a ticket that closes has none.
    """
    ticket = act.ticket
    ticket.status = act.status_to
    ticket.closed_at = act.at if act.status_to in CLOSED else None
    if act.status_to in CLOSED:
        ticket.current_run = None
    else:
        enter(act)
    update(ticket, "status", "current_run", "closed_at", *changed)


def record(
    act: Act,
    *,
    text: str = "",
    internal: bool = False,
    key: UUID | None = None,
    **data: Any,
) -> TicketEvent:
    """Appends the act to the history, its outbox row beside it. `data` holds ids and facts, never names."""
    event = TicketEvent(
        ticket=act.ticket,
        kind=act.action,
        at=act.at,
        by=act.by,
        origin=act.origin,
        run=act.run or act.ticket.current_run,
        status_from=act.status_from,
        status_to=act.status_to,
        data=data,
        text=insert(TicketText(ticket=act.ticket, body=text)) if text else None,
        text_sha256=sha256(text) if text else "",
        internal=internal,
        key=key,
    )
    insert(Outbox(event=insert(event)))
    doorbell.ring_on_commit("tickets.tasks.deliver", queue="outbox")
    if act.action in DOCUMENTED:
        doorbell.ring_on_commit("tickets.tasks.file_documents", queue="jobs")
    return event


def note(act: Act, kind: Notice, **data: Any) -> TicketEvent:
    """Appends something that is no move of the table; nobody is told."""
    return TicketEvent.objects.create(
        ticket=act.ticket, kind=kind, at=act.at, by=act.by, origin=act.origin, run=act.run,
        status_from=act.status_from, status_to=act.status_from, data=data,
    )  # fmt: skip


def key_is_taken(error: IntegrityError) -> Exception:
    """What to raise for `error`: the refusal of a form's key that was used up for something else, or `error` itself."""
    if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) == "event_key_once":
        return WorkflowError(_("Formulir ini sudah pernah dikirim. Muat ulang halaman, lalu kirim lagi."))
    return error


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def needs(**texts: str) -> None:
    """Raises ValidationError at every field that was left empty, or that cannot be kept."""
    empty = {field: _("Bagian ini wajib diisi.") for field, text in texts.items() if not text.strip()}
    if empty:
        raise ValidationError(empty)
    fits(LONGEST_TEXT, **texts)


def fits(limit: int, /, **texts: str) -> None:
    """Raises ValidationError at every text that the database would refuse or that is longer than its field.

    The forms stop these at the edge; what comes by another way must not become a database error.
    """
    faults = {field: fault for field, text in texts.items() if (fault := _fault(text, limit))}
    if faults:
        raise ValidationError(faults)


def _fault(text: str, limit: int) -> str:
    if len(text) > limit:
        return _("Paling panjang %(limit)d karakter; tulisan ini %(length)d.") % {"limit": limit, "length": len(text)}
    if _UNKEEPABLE.search(text):
        return _("Tulisan ini memuat karakter yang tidak dapat disimpan.")
    return ""
