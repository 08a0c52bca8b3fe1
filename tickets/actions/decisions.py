"""What an admin (PJK TIP) decides; some of it the requester too."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Absence, User
from accounts.prepared import prepared
from accounts.writing import update
from tickets.actions import core, registry
from tickets.actions.core import Caller
from tickets.loads import is_able
from tickets.models import Priority, Ticket
from tickets.workflow import Action


@transaction.atomic
def approve(ticket: Ticket, *, priority: int, technician: User, **caller: Unpack[Caller]) -> Ticket:
    """SOP step 1, second half: priority and technician together."""
    act = core.begin(ticket, Action.APPROVE, **caller)
    act.ticket.priority = _known(priority)
    act.ticket.technician = _able(technician, act.at)
    core.leave(act, forward=True)
    core.move(act, "priority", "technician")
    core.record(act, priority=int(priority), technician=technician.pk)
    return act.ticket


@transaction.atomic
def reject(ticket: Ticket, *, reason: str, **caller: Unpack[Caller]) -> Ticket:
    act = core.begin(ticket, Action.REJECT, **caller)
    core.needs(reason=reason)
    core.leave(act)
    registry.give_back(act)  # of a ticket that came back from a later step
    core.move(act)
    core.record(act, text=reason.strip())
    return act.ticket


@transaction.atomic
def cancel(ticket: Ticket, *, reason: str, **caller: Unpack[Caller]) -> Ticket:
    """Ends an open ticket; a reservation that it holds is given back."""
    act = core.begin(ticket, Action.CANCEL, **caller)
    core.needs(reason=reason)
    core.leave(act, counts=False)
    registry.give_back(act)
    core.move(act)
    core.record(act, text=reason.strip())
    return act.ticket


@transaction.atomic
def reassign(ticket: Ticket, *, technician: User, reason: str, **caller: Unpack[Caller]) -> Ticket:
    """Another technician starts at step 2; reservation and plan stay and pre-fill step 3."""
    act = core.begin(ticket, Action.REASSIGN, **caller)
    core.needs(reason=reason)
    before = act.ticket.technician_id
    if technician.pk == before:
        raise ValidationError({"technician": _("Pilih teknisi lain; tiket ini sudah dialokasikan kepadanya.")})
    act.ticket.technician = _able(technician, act.at)
    core.leave(act, counts=False)
    core.move(act, "technician")
    core.record(act, text=reason.strip(), technician=technician.pk, technician_before=before)
    return act.ticket


@transaction.atomic
def change_priority(ticket: Ticket, *, priority: int, **caller: Unpack[Caller]) -> Ticket:
    """Changes the queue's order and no due time."""
    act = core.begin(ticket, Action.CHANGE_PRIORITY, **caller)
    before = act.ticket.priority
    if _known(priority) == before:
        raise ValidationError({"priority": _("Prioritas tiket ini memang sudah demikian.")})
    act.ticket.priority = priority
    update(act.ticket, "priority")
    core.record(act, priority=int(priority), priority_before=before)
    return act.ticket


def _known(priority: int) -> int:
    if priority not in Priority.values:
        raise ValidationError({"priority": _("Pilih salah satu prioritas.")})
    return priority


@prepared
def _absences(person: int, day: date) -> QuerySet[Absence]:
    return Absence.objects.on(day).filter(user=person)


def _able(technician: User, at: datetime) -> User:
    """A technician who can accept the ticket: active, and not away on that day."""
    if not is_able(technician):
        raise ValidationError({"technician": _("Orang ini bukan teknisi yang aktif.")})
    for absence in _absences(technician.pk, timezone.localdate(at)):
        sentence = _("%(person)s tidak hadir sampai %(until)s. Pilih teknisi lain.")
        words = {"person": technician, "until": date_format(absence.last_on, "D, j M Y")}
        raise ValidationError({"technician": sentence % words})
    return technician
