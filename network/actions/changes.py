"""A device in service moves, is renamed or gets another address, outside of any plan."""

from dataclasses import dataclass
from datetime import datetime

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from network.actions.devices import change_device, in_plan
from network.actions.guards import locked
from network.actions.records import activate
from network.models import Device, State, Workgroup


@dataclass(frozen=True)
class Record:
    """Where a device stands and what it holds in the network."""

    unit: Unit
    room: str
    address: str
    pc_name: str
    workgroup: Workgroup


def change_record(
    device: Device, record: Record, *, reason: str, by: User | None, now: datetime | None = None
) -> Device:
    """Write what differs; what it held before stays in the history, the reason beside each row of the trail.

    Refused while a plan rests on the device or a reservation stands: they would be lost.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Tulis alasannya.")]})
    with pghistory.context(user=by.pk if by else None, reason=reason), transaction.atomic():
        device = locked(device)
        _no_plan(device)
        facts = {name: value for name, value in (("unit", record.unit), ("room", record.room))
                 if value != getattr(device, name)}  # fmt: skip
        if not facts and _holds(device, record):
            raise ValidationError({"device": [_("Belum ada yang diubah.")]})
        if facts:
            change_device(device, facts=facts, by=by, now=now)
        activate(device, address=record.address, pc_name=record.pc_name, workgroup=record.workgroup, by=by, now=now)
        device.refresh_from_db()
    return device


def _no_plan(device: Device) -> None:
    if device.plans:
        raise ValidationError({"device": [in_plan(device)]})
    if device.addresses.reserved().exists() or device.names.reserved().exists():
        raise ValidationError({"device": [_("Alamat atau nama masih dipesan untuk perangkat ini.")]})


def _holds(device: Device, record: Record) -> bool:
    held = device.addresses.filter(state=State.ACTIVE, address=record.address.strip()).exists()
    return held and (device.pc_name, device.workgroup) == (record.pc_name.strip(), record.workgroup)
