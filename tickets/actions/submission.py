"""Step 1 begins: an employee asks for something."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.prepared import Statement
from accounts.writing import insert, update
from network.models import Device
from tickets import permissions
from tickets.actions import core
from tickets.models import Category, SopRevision, Ticket
from tickets.workflow import Action, Status

# As long as the ticket's columns are.
_LIMITS: Final = {"title": 120, "room": 100, "contact": 40, "device_text": 200}

_SUBMITTED: Final = Statement(
    "submitted", "SELECT ticket_id FROM tickets_ticketevent WHERE by_id = $1 AND key = $2 AND kind = 'submit'",
    ["bigint", "uuid"],
)  # fmt: skip
_LATELY: Final = Statement(
    "submitted_lately", "SELECT count(*) FROM tickets_ticketevent WHERE by_id = $1 AND at > $2 AND kind = 'submit'",
    ["bigint", "timestamptz"],
)  # fmt: skip
_NUMBER: Final = Statement(
    "next_number",
    "INSERT INTO tickets_numberseries (year, last) VALUES ($1, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = tickets_numberseries.last + 1 RETURNING last",
    ["integer"],
)


def submit(
    *,
    by: User,
    requester: User,
    category: str,
    title: str,
    contact: str,
    room: str,
    unit: Unit,
    description: str = "",
    device: Device | None = None,
    device_text: str = "",
    key: UUID | None = None,
    origin: str | None = None,
    now: datetime | None = None,
) -> Ticket:
    """SOP step 1, first half. The same `key` from the same person gives the same ticket again.

    Raises PermissionDenied for somebody else's request, ValidationError where the gate is not met.
    """
    if not permissions.may_submit_for(by, requester):
        raise PermissionDenied(_("Anda hanya dapat mengajukan tiket untuk diri sendiri."))
    if key is not None and (earlier := _submitted_with(by, key)):
        return earlier
    _gate(requester, device, category=category, title=title, room=room, contact=contact, device_text=device_text)
    core.fits(core.LONGEST_TEXT, description=description)
    ticket = Ticket(
        requester=requester, category=category, title=" ".join(title.split()),
        description=description.strip(), device=device, device_text="" if device else device_text.strip(),
        unit=unit, room=room.strip(), contact=contact.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            at = (now or core.database_now()).replace(microsecond=0)
            return _open(ticket, by=by, key=key, origin=origin, at=at)
    except IntegrityError as error:
        # Two sendings of one form at once: the second waited for the first, and finds its key taken.
        if key is not None and (earlier := _submitted_with(by, key)):
            return earlier
        raise core.key_is_taken(error) from error


def _gate(requester: User, device: Device | None, *, category: str, device_text: str, **texts: str) -> None:
    core.needs(category=category, **texts)
    for field, limit in _LIMITS.items():
        core.fits(limit, **{field: texts.get(field, device_text)})
    if category not in Category.values:
        raise ValidationError({"category": _("Pilih salah satu kategori.")})
    if not requester.is_active:
        raise ValidationError({"requester": _("Pemohon ini sudah tidak aktif.")})
    if device is None and not device_text.strip():
        raise ValidationError({"device_text": _("Pilih perangkat Anda, atau jelaskan perangkatnya dengan kata-kata.")})
    if device is not None and (device.owner_id != requester.pk or not device.in_service):
        raise ValidationError({"device": _("Perangkat ini bukan milik pemohon atau sudah tidak dipakai.")})


def _submitted_with(by: User, key: UUID) -> Ticket | None:
    found = _SUBMITTED.rows(by.pk, key)
    return Ticket.objects.get(pk=found[0][0]) if found else None


def submitted_lately(by: User, since: datetime) -> int:
    """How many tickets `by` has submitted since then, for whomever."""
    ((number,),) = _LATELY.rows(by.pk, since)
    return int(number)


def was_submitted(by: User, key: UUID) -> bool:
    """Whether this sending of the form has arrived already."""
    return bool(_SUBMITTED.rows(by.pk, key))


def _open(ticket: Ticket, *, by: User, key: UUID | None, origin: str | None, at: datetime) -> Ticket:
    ticket.sop = SopRevision.objects.in_force(at)
    ticket.submitted_at = at
    ticket.number = next_number(timezone.localdate(at).year)
    insert(ticket)
    act = core.Act(
        ticket=ticket, action=Action.SUBMIT, by=by, at=at, origin=origin,
        status_from="", status_to=Status.SUBMITTED, run=None,
    )  # fmt: skip
    core.enter(act)
    update(ticket, "current_run")
    core.record(
        act,
        key=key,
        requester=ticket.requester_id,
        category=ticket.category,
        device=ticket.device_id,
        request_sha256=request_sha256(ticket),
    )
    return ticket


def request_sha256(ticket: Ticket) -> str:
    """What the chain holds of the requester's words."""
    return core.sha256(f"{ticket.title}\n{ticket.description}")


def next_number(year: int) -> str:
    """The year's next ticket number. The row stays locked until the transaction ends, so no number is ever missing."""
    ((number,),) = _NUMBER.rows(year)
    return f"HC-{year}-{number:06d}"
