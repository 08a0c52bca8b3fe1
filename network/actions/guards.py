"""What every action stands on: the lock, the moment, and constraints that answer at the field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.prepared import prepared
from jobs.instants import database_now
from network import triggers
from network.models import Device

ValueT = TypeVar("ValueT")

#: Constraint → (field, sentence). A constraint that is not here is a bug and stays an IntegrityError.
_SENTENCES = {
    "ipassignment_address_live_unique": ("address", gettext_lazy("Alamat IP ini baru saja diambil perangkat lain.")),
    triggers.ADDRESS_NOT_IN_SUBNET: ("address", gettext_lazy("Alamat ini tidak berada di subnet yang terdaftar.")),
    triggers.ADDRESS_NOT_USABLE: ("address", gettext_lazy("Alamat ini tidak boleh diberikan kepada perangkat.")),
    "nameassignment_live_unique": ("pc_name", gettext_lazy("Nama PC ini baru saja diambil perangkat lain.")),
    "device_mac_unique": ("mac", gettext_lazy("Alamat MAC ini sudah tercatat pada perangkat lain.")),
    "subnet_no_overlap": ("cidr", gettext_lazy("Subnet ini tumpang tindih dengan subnet lain.")),
    "subnet_gateway_inside": ("gateway", gettext_lazy("Gateway harus berada di dalam subnet.")),
    "subnet_vlan_range": ("vlan", gettext_lazy("Nomor VLAN antara 1 dan 4094.")),
    triggers.SUBNET_IN_USE: (
        "cidr",
        gettext_lazy("Ada alamat yang sedang dipakai di luar subnet yang baru, atau sama dengan gateway yang baru."),
    ),
    "subnetexclusion_first_before_last": (
        "exclusions",
        gettext_lazy("Alamat pertama rentang harus mendahului alamat terakhirnya."),
    ),
    triggers.EXCLUSION_IN_SUBNET: ("exclusions", gettext_lazy("Rentang harus berada di dalam subnet.")),
    triggers.EXCLUSION_OVERLAP: ("exclusions", gettext_lazy("Rentang tidak boleh tumpang tindih.")),
    triggers.EXCLUSION_IN_USE: ("exclusions", gettext_lazy("Ada alamat yang sedang dipakai di dalam rentang ini.")),
    "workgroup_name_unique": ("name", gettext_lazy("Grup jaringan dengan nama ini sudah ada.")),
}


@contextmanager
def field_errors(*, savepoint: bool = True) -> Iterator[None]:
    """A savepoint whose violated constraint becomes a ValidationError on its field; without one of its own where the
    error leaves what stands around it, which is a transaction or a savepoint."""
    try:
        with transaction.atomic(savepoint=savepoint):
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _SENTENCES:
            raise
        field, sentence = _SENTENCES[name]
        raise ValidationError({field: ValidationError(sentence, code=name)}) from error


def cleaned(field: str, clean: Callable[[ValueT], ValueT], value: ValueT) -> ValueT:
    """`clean(value)`; its ValidationError under the name of the field."""
    try:
        return clean(value)
    except ValidationError as error:
        raise ValidationError({field: error}) from error


def moment(now: datetime | None) -> datetime:
    """`now`, or the database's clock, read in its own statement after the lock."""
    return now or database_now()


@prepared
def locked_rows(first: int, second: int) -> QuerySet[Device]:
    """One device or two, in the one order in which all lock them."""
    return Device.objects.select_for_update(no_key=True).filter(Q(pk=first) | Q(pk=second)).order_by("pk")


def locked(device: Device, *, in_service: bool = True) -> Device:
    """The device's row as it is now, locked. Raises ValidationError on `device` if it is out of service."""
    (fresh,) = locked_rows(device.pk, device.pk)
    if in_service and not fresh.in_service:
        raise ValidationError({"device": [_("Perangkat ini sudah tidak dipakai lagi.")]})
    return fresh
