"""The life of a network record: reserved, active, released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import prepared
from accounts.writing import insert, update
from network import validators
from network.actions.guards import field_errors, locked, moment
from network.models import Device, IPAssignment, NameAssignment, State, Subnet, Workgroup


@dataclass(frozen=True)
class Reservation:
    """A device's network record: planned after `reserve`, in use after `activate`."""

    address: IPAssignment
    name: NameAssignment
    workgroup: Workgroup


def reserve(
    device: Device,
    *,
    address: str,
    pc_name: str,
    workgroup: Workgroup,
    plan: str = "",
    by: User | None,
    now: datetime | None = None,
) -> Reservation:
    """Plan this record for the device, in place of an earlier plan; what is active already is used as it stands.

    With `plan` as with `rely_on`; it is a part of a ticket's act then, which an error undoes as a whole: not to
    be caught within its transaction.
    """
    address, pc_name = _cleaned_record(address, pc_name)
    with transaction.atomic(savepoint=not plan):
        device = locked(device)
        at = moment(now)
        held_address, held_name, others = _own_or_new(device, address, pc_name)
        with field_errors(savepoint=False):
            _end([record for record in others if record.state == State.RESERVED], by=by, at=at)
            for record in (held_address, held_name):
                if not record.state:
                    record.state, record.reserved_at, record.reserved_by = State.RESERVED, at, by
                    insert(record)
            if plan:
                _rest(device, plan)
    return Reservation(held_address, held_name, workgroup)


def activate(
    device: Device,
    *,
    address: str,
    pc_name: str,
    workgroup: Workgroup,
    plan: str = "",
    by: User | None,
    now: datetime | None = None,
) -> Reservation:
    """Make this record the device's only one, whether planned before or not; whatever else it held is released.

    `plan`, if given, is done with this, as with `let_go`; as with `reserve`, an error undoes the whole act.
    """
    address, pc_name = _cleaned_record(address, pc_name)
    with transaction.atomic(savepoint=not plan):
        device = locked(device)
        at = moment(now)
        held_address, held_name, others = _own_or_new(device, address, pc_name)
        with field_errors(savepoint=False):
            _end(others, by=by, at=at)
            if held_name.name != pc_name:
                held_name.name = pc_name
                update(held_name, "name")
            for record in (held_address, held_name):
                _make_active(record, by=by, at=at)
            device.pc_name, device.workgroup = pc_name, workgroup
            device.plans = [other for other in device.plans if other != plan]
            update(device, "pc_name", "workgroup", "plans")
    return Reservation(held_address, held_name, workgroup)


def release_reservation(device: Device, *, by: User | None, now: datetime | None = None) -> None:
    """Give back what is reserved for the device; what is active stays. Harmless when nothing is reserved."""
    with transaction.atomic():
        device = locked(device, in_service=False)
        release(device, [State.RESERVED], by=by, at=moment(now))


def rely_on(device: Device, *, plan: str) -> None:
    """From now on a plan of this reference rests on the device, which cannot be taken out of service until `let_go`.

    Needed beside `reserve`, which reserves nothing where a plan keeps the record that is active already.
    """
    with transaction.atomic():
        _rest(locked(device), plan)


def _rest(device: Device, plan: str) -> None:
    if plan not in device.plans:
        device.plans = sorted([*device.plans, plan])
        update(device, "plans")


def let_go(device: Device, *, plan: str) -> None:
    """The plan of this reference rests on the device no longer. Harmless when it did not."""
    with transaction.atomic():
        device = locked(device, in_service=False)
        if plan in device.plans:
            device.plans = [other for other in device.plans if other != plan]
            update(device, "plans")


def release(device: Device, states: Sequence[State], *, by: User | None, at: datetime) -> None:
    """Release the locked device's records in these states."""
    _end([*device.addresses.filter(state__in=states), *device.names.filter(state__in=states)], by=by, at=at)


def _end(records: Sequence[IPAssignment | NameAssignment], *, by: User | None, at: datetime) -> None:
    for record in records:
        record.state, record.released_by = State.RELEASED, by
        record.released_at = max(filter(None, [at, record.reserved_at, record.activated_at]))
        update(record, "state", "released_at", "released_by")


def _make_active(record: IPAssignment | NameAssignment, *, by: User | None, at: datetime) -> None:
    if record.state == State.ACTIVE:
        return
    is_new = not record.state
    record.state, record.activated_by = State.ACTIVE, by
    record.activated_at = max(filter(None, [at, record.reserved_at]))
    if is_new:
        insert(record)
    else:
        update(record, "state", "activated_at", "activated_by")


def _cleaned_record(address: str, pc_name: str) -> tuple[str, str]:
    """Both in canonical form. Raises ValidationError with the faults of both at once."""
    errors: dict[str, ValidationError] = {}
    try:
        address = validators.clean_address(address)
    except ValidationError as error:
        errors["address"] = error
    try:
        pc_name = validators.clean_pc_name(pc_name)
    except ValidationError as error:
        errors["pc_name"] = error
    if errors:
        raise ValidationError(errors)
    return address, pc_name


@prepared
def _addresses(device: int, address: str) -> QuerySet[IPAssignment]:
    return IPAssignment.objects.live().filter(Q(device=device) | Q(address=address))


@prepared
def _subnets(address: str) -> QuerySet[Subnet]:
    return Subnet.objects.holding(address)


@prepared
def _names(device: int, pc_name: str) -> QuerySet[NameAssignment]:
    return NameAssignment.objects.live().filter(Q(device=device) | Q(name__iexact=pc_name))


def _own_or_new(
    device: Device, address: str, pc_name: str
) -> tuple[IPAssignment, NameAssignment, list[IPAssignment | NameAssignment]]:
    """The locked device's own live rows of this address and name, or new unsaved ones with an empty state; and what
    else it holds.

    Asking first gives the common refusal its sentence without waiting, and so keeps two devices that want each
    other's address from a deadlock. Those who ask at the same moment are told apart by the unique indexes.
    """
    addresses = _addresses(device.pk, address)
    names = _names(device.pk, pc_name)
    held_address = next((row for row in addresses if row.address == address), None)
    held_name = next((row for row in names if row.name.upper() == pc_name.upper()), None)
    errors: dict[str, str] = {}
    if held_name and held_name.device_id != device.pk:
        errors["pc_name"] = _("Nama %(name)s sudah milik perangkat lain.") % {"name": held_name}
    subnet = None
    if held_address is None:
        subnet = next(iter(_subnets(address)), None)
        errors |= unusable(address, subnet)
    elif held_address.device_id != device.pk:
        errors["address"] = _("Alamat %(address)s sudah milik perangkat %(device)s.") % {
            "address": address,
            "device": held_address.device,
        }
    if errors:
        raise ValidationError(errors)
    wanted_address = held_address or IPAssignment(device=device, subnet=subnet, address=address, state="")
    wanted_name = held_name or NameAssignment(device=device, name=pc_name, state="")
    live: list[IPAssignment | NameAssignment] = [*addresses, *names]
    others = [row for row in live if row not in (held_address, held_name)]
    return wanted_address, wanted_name, others


def unusable(address: str, subnet: Subnet | None) -> dict[str, str]:
    """Why an address that nobody holds may be given to nobody; what is held, no subnet can lose (see triggers)."""
    if subnet is None:
        return {"address": _("Alamat %(address)s tidak berada di subnet yang terdaftar.") % {"address": address}}
    if not subnet.may_give(address):
        return {
            "address": _("Alamat %(address)s adalah alamat jaringan, gateway, atau rentang khusus.")
            % {"address": address}
        }
    return {}
