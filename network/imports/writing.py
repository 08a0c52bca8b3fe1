"""Writes planned rows in bulk: one transaction, the devices locked and everything looked at again before.

What the actions do for one device in some ten statements, this does for all of them at once, in the same order: locks,
look, releases, then what is new. Constraints and triggers judge each row as they always do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.instants import database_now
from jobs.plans import Line
from network.actions.guards import field_errors
from network.imports.columns import ADDRESS, NAME
from network.imports.plan import DeviceRow, plan
from network.models import Device, IPAssignment, NameAssignment, State

BATCH: Final = 1000
#: How often the registry may change under our hands before we give up.
_TRIES: Final = 3

Tell = Callable[[int], None]

_UPDATED: Final = (
    "pk", "kind", "brand_model", "asset_number", "mac", "owner_id", "unit_id", "room", "workgroup_id", "pc_name",
)  # fmt: skip
_UPDATE: Final = """
    UPDATE network_device d SET kind = v.kind, brand_model = v.brand_model, asset_number = v.asset_number, mac = v.mac,
        owner_id = v.owner, unit_id = v.unit, room = v.room, workgroup_id = v.workgroup, pc_name = v.pc_name
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[],
        %s::bigint[], %s::text[]) AS v (id, kind, brand_model, asset_number, mac, owner, unit, room, workgroup, pc_name)
    WHERE d.id = v.id"""
_RESPELL: Final = """
    UPDATE network_nameassignment n SET name = v.name FROM unnest(%s::bigint[], %s::text[]) AS v (device, name)
    WHERE n.device_id = v.device AND n.state = 'active' AND n.name <> v.name AND upper(n.name) = upper(v.name)"""


class BadRows(Exception):
    """There are rows with errors, and they were not to be left out."""

    def __init__(self, rows: list[DeviceRow]) -> None:
        super().__init__(len(rows))
        self.rows = rows


def write(lines: Sequence[Line], *, skip: bool, by: User, tell: Tell = lambda _done: None) -> list[DeviceRow]:
    """Plans anew and stores all rows, or with `skip` those without an error; returns them all.

    Raises BadRows, or ValidationError where the registry does not stand still; nothing is stored then.
    """
    for _try in range(_TRIES):
        try:
            with pghistory.context(user=by.pk, reason=_("Impor perangkat")), transaction.atomic():
                rows = _planned_under_locks(lines, tell)
                if not skip and any(row.errors for row in rows):
                    raise BadRows(rows)
                with field_errors():
                    _store([row for row in rows if row.state in ("added", "updated")], by, tell)
                return rows
        except ValidationError:
            continue  # taken between our look and our write: the next look names it
    raise ValidationError(_("Registri terus berubah saat disimpan. Coba lagi sebentar lagi."))


def _planned_under_locks(lines: Sequence[Line], tell: Tell) -> list[DeviceRow]:
    """A look tells which devices are to be locked; the look under their locks is the one that counts."""
    locked: set[int] = set()
    for _try in range(_TRIES):
        rows = plan(lines, tell)
        wanted = {row.device.pk for row in rows if row.state == "updated"}
        if wanted <= locked:
            return rows
        devices = Device.objects.filter(pk__in=wanted - locked).order_by("pk")
        locked |= set(devices.select_for_update(no_key=True).values_list("pk", flat=True))
    raise ValidationError(_("Registri terus berubah saat disimpan. Coba lagi sebentar lagi."))


def _store(rows: Sequence[DeviceRow], by: User, tell: Tell) -> None:
    at = database_now()
    new = [row for row in rows if row.is_new]
    old = [row for row in rows if not row.is_new]
    _release(IPAssignment.objects.filter(device__in=[r.device.pk for r in old if ADDRESS in r.changed]), by, at)
    renamed = [row for row in old if NAME in row.changed]
    with connection.cursor() as cursor:
        cursor.execute(_RESPELL, [[row.device.pk for row in renamed], [row.name for row in renamed]])
    kept = set(
        NameAssignment.objects.active()
        .filter(device__in=[row.device.pk for row in renamed])
        .values_list("device_id", "name")
    )
    renamed = [row for row in renamed if (row.device.pk, row.name) not in kept]
    _release(NameAssignment.objects.filter(device__in=[row.device.pk for row in renamed]), by, at)
    for done, batch in _batches(new):
        for row in batch:
            row.device.registered_at = at
        Device.objects.bulk_create([row.device for row in batch])
        tell(done)
    for done, batch in _batches(old):
        _update([row.device for row in batch])
        tell(len(new) + done)
    _hold(rows, {row.device.pk for row in renamed}, by, at)


def _hold(rows: Sequence[DeviceRow], renamed: set[int], by: User, at: datetime) -> None:
    """In the order of what is held: two who write at once wait for each other, and do not lock each other out."""
    active: dict[str, Any] = {"state": State.ACTIVE, "activated_at": at, "activated_by": by}
    addresses = sorted((row for row in rows if ADDRESS in row.changed), key=lambda row: row.address)
    IPAssignment.objects.bulk_create(
        (IPAssignment(device=row.device, subnet=row.subnet, address=row.address, **active) for row in addresses),
        batch_size=BATCH,
    )
    names = sorted(
        (row for row in rows if NAME in row.changed and (row.is_new or row.device.pk in renamed)),
        key=lambda row: row.name.upper(),
    )
    NameAssignment.objects.bulk_create(
        (NameAssignment(device=row.device, name=row.name, **active) for row in names), batch_size=BATCH
    )


def _release(records: Any, by: User, at: datetime) -> None:
    """What is in use; nothing is reserved for these devices."""
    since = Greatest(at, Coalesce("reserved_at", at), Coalesce("activated_at", at))
    records.active().update(state=State.RELEASED, released_at=since, released_by=by)


def _update(devices: Sequence[Device]) -> None:
    columns = [[getattr(device, name) for device in devices] for name in _UPDATED]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, columns)


def _batches(rows: Sequence[DeviceRow]) -> Iterator[tuple[int, Sequence[DeviceRow]]]:
    """Some rows at a time, and how many there are with them."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        yield start + len(batch), batch
