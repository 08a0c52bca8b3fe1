"""A device enters the registry, its facts change, it leaves."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.writing import insert
from network import validators
from network.actions.guards import cleaned, field_errors, locked, moment
from network.actions.records import release
from network.models import Device, State

#: What `change_device` may change; names and addresses have their own way.
FACTS = frozenset({"kind", "brand_model", "asset_number", "mac", "owner", "unit", "room"})


def register_device(
    *,
    kind: str,
    owner: User | None,
    unit: Unit,
    room: str,
    brand_model: str = "",
    asset_number: str = "",
    mac: str = "",
    plan: str = "",
    by: User | None,
    now: datetime | None = None,
) -> Device:
    """With `plan`, a plan of this reference rests on it from the beginning (see `rely_on`), and an error undoes the
    whole act that it is a part of: not to be caught within its transaction."""
    device = Device(
        kind=kind,
        owner=owner,
        unit=unit,
        room=room,
        brand_model=brand_model,
        asset_number=asset_number,
        mac=cleaned("mac", validators.clean_mac, mac),
        registered_at=moment(now),
        plans=[plan] if plan else [],
    )
    device.clean_fields(exclude={"owner", "unit"})  # rows that are there, as the database makes sure
    with field_errors(savepoint=not plan):
        insert(device)
    return device


def change_device(device: Device, *, facts: dict[str, Any], by: User | None, now: datetime | None = None) -> Device:
    """Write the given facts (keys of FACTS, else KeyError) of a device in service; returns the fresh device."""
    if unknown := facts.keys() - FACTS:
        raise KeyError(*unknown)
    with transaction.atomic():
        device = locked(device)
        for name, value in facts.items():
            setattr(device, name, cleaned("mac", validators.clean_mac, value) if name == "mac" else value)
        device.clean_fields()
        with field_errors():
            device.save(update_fields=sorted(facts))
    return device


def decommission(device: Device, *, reason: str, by: User | None, now: datetime | None = None) -> Device:
    """Take the device out of service for good and free its address and name. Refused while a reservation stands
    or a plan rests on it."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Tulis alasannya.")]})
    with transaction.atomic():
        device = locked(device)
        if device.plans:
            raise ValidationError({"device": [in_plan(device)]})
        if device.addresses.reserved().exists() or device.names.reserved().exists():
            raise ValidationError(
                {"device": [_("Alamat atau nama masih dipesan untuk perangkat ini. Selesaikan dahulu tiketnya.")]}
            )
        at = moment(now)
        release(device, [State.ACTIVE], by=by, at=at)
        device.decommissioned_at, device.decommission_reason = max(at, device.registered_at), reason
        device.pc_name, device.workgroup = "", None
        device.save(update_fields=["decommissioned_at", "decommission_reason", "pc_name", "workgroup"])
    return device


def in_plan(device: Device) -> str:
    return _("Perangkat ini sedang disiapkan lewat %(plans)s. Selesaikan atau batalkan dahulu.") % {
        "plans": ", ".join(device.plans)
    }
