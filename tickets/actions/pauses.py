"""Hold, resume, reopen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.writing import insert, update
from tickets import permissions, sla
from tickets.actions import core, registry
from tickets.actions.core import Caller
from tickets.models import Hold, HoldReason, Ticket
from tickets.workflow import Action, WorkflowError

# The database takes no time from here on.
NEVER: Final = datetime(2100, 1, 1, tzinfo=UTC)


@transaction.atomic
def hold(
    ticket: Ticket,
    *,
    reason: HoldReason,
    look_again_at: datetime,
    note: str = "",
    **caller: Unpack[Caller],
) -> Ticket:
    """Stops the open run's clock: no due time, no alerts, until it is resumed."""
    act = core.begin(ticket, Action.HOLD, **caller)
    if not reason.active:
        raise ValidationError({"reason": _("Alasan ini sudah tidak dipakai. Pilih yang lain.")})
    if reason.needs_text:
        core.needs(note=note)
    core.fits(300, note=note)
    if not act.at < look_again_at < NEVER:
        raise ValidationError({"look_again_at": _("Pilih waktu yang akan datang.")})
    held = Hold(
        run=act.open_run,
        reason=reason,
        note=note.strip(),
        look_again_at=look_again_at,
        started_at=act.at,
        started_by=act.by,
    )
    insert(held)
    _set_due(act, None)
    core.record(act, text=note.strip(), hold=held.pk, reason=reason.pk)
    return act.ticket


@transaction.atomic
def resume(ticket: Ticket, **caller: Unpack[Caller]) -> Ticket:
    """Starts the clock again with exactly the working seconds that were left."""
    act = core.begin(ticket, Action.RESUME, **caller)
    core.close_hold(act)
    run = act.open_run
    _set_due(act, sla.thresholds(act.calendar, run.started_at, act.pauses, maximum=run.maximum))
    core.record(act)
    return act.ticket


@transaction.atomic
def reopen(ticket: Ticket, *, reason: str, **caller: Unpack[Caller]) -> Ticket:
    """Back to step 4 with the same technician: an admin any time, the requester for three working days."""
    act = core.begin(ticket, Action.REOPEN, **caller)
    if not permissions.in_time_to_reopen(act.by, act.ticket, act.at):
        raise WorkflowError(_("Masa untuk membuka lagi tiket ini sudah lewat. Silakan ajukan tiket baru."), act.ticket)
    core.needs(reason=reason)
    registry.take_up_again(act)
    core.move(act)
    core.record(act, text=reason.strip())
    return act.ticket


def _set_due(act: core.Act, limits: sla.Thresholds | None) -> None:
    run = act.open_run
    run.warn_at = limits.warn_at if limits else None
    run.due_at = limits.due_at if limits else None
    run.escalate_at = limits.escalate_at if limits else None
    update(run, "warn_at", "due_at", "escalate_at")
