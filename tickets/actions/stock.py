"""Equipment and material: booked when it is used, received and corrected by an admin; each change one movement.

Locks: whatever of a ticket is locked comes first, then the equipment in the order of its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import prepared
from tickets.actions import core
from tickets.models import Equipment, MaterialUse, StockMovement
from tickets.models.stock import MOST_STOCK

MOST_AT_ONCE: Final = 10_000


@prepared
def in_use() -> QuerySet[Equipment]:
    return Equipment.objects.in_use()


def named(items: Iterable[str]) -> dict[str, Equipment]:
    """The catalogue's rows that bear these names, by the name as it was typed."""
    catalogue = {equipment.name.casefold(): equipment for equipment in in_use()}
    found = {item: catalogue.get(item.strip().casefold()) for item in items}
    return {item: equipment for item, equipment in found.items() if equipment is not None}


def book(uses: Sequence[MaterialUse], *, by: User, at: datetime) -> None:
    """Takes what was used from the stock, in the transaction that keeps `uses`.

    The stock never falls below nothing: what was used beyond it was there all the same, so that it is kept as the
    row's `shortage`, for an admin to put the record right.
    """
    wanted = {use.equipment_id for use in uses if use.equipment_id}
    locked = {equipment.pk: equipment for equipment in _locked(wanted) if equipment.consumable}
    booked = [use for use in uses if use.equipment_id in locked]
    movements = []
    for use in booked:
        equipment = locked[use.equipment_id]  # type: ignore[index]  # `booked` are those that have one
        taken = min(use.quantity, equipment.stock)
        use.shortage = use.quantity - taken
        equipment.stock -= taken
        equipment.uncounted += use.shortage
        if taken:
            movements.append(
                StockMovement(
                    equipment=equipment,
                    kind=StockMovement.Kind.USE,
                    quantity=-taken,
                    after=equipment.stock,
                    at=at,
                    by=by,
                    use=use,
                )
            )
    Equipment.objects.bulk_update(locked.values(), ["stock", "uncounted"])
    MaterialUse.objects.bulk_update([use for use in booked if use.shortage], ["shortage"])
    StockMovement.objects.bulk_create(movements)


@transaction.atomic
def receive_stock(
    equipment: Equipment, *, quantity: int, by: User, reason: str = "", now: datetime | None = None
) -> Equipment:
    """Adds what has come in. Raises PermissionDenied, ValidationError."""
    row = _in_hand(equipment, by, reason)
    if not 1 <= quantity <= MOST_AT_ONCE:
        raise ValidationError({"quantity": _("Jumlah antara 1 dan 10.000.")})
    return _move(row, StockMovement.Kind.RECEIPT, quantity, by, reason, now)


@transaction.atomic
def correct_stock(
    equipment: Equipment,
    *,
    counted: int,
    by: User,
    reason: str,
    expected: int | None = None,
    now: datetime | None = None,
) -> Equipment:
    """Sets the stock to what was counted, also where that is what the record says. `expected` is the stock that the
    counter's screen showed.

    Raises PermissionDenied, ValidationError.
    """
    row = _in_hand(equipment, by, reason)
    core.needs(reason=reason)
    if not 0 <= counted <= MOST_STOCK:
        raise ValidationError({"counted": _("Isi stok yang ada, 0 atau lebih.")})
    if expected is not None and expected != row.stock:
        raise ValidationError({"counted": _("Stoknya baru saja berubah menjadi %d. Hitung lagi.") % row.stock})
    row.uncounted = 0
    return _move(row, StockMovement.Kind.CORRECTION, counted - row.stock, by, reason, now)


def may_keep_stock(user: User) -> bool:
    return user.has_perm("tickets.change_equipment")


def _in_hand(equipment: Equipment, by: User, reason: str) -> Equipment:
    """The row under its lock, as it is now."""
    if not may_keep_stock(by):
        raise PermissionDenied(_("Anda tidak berwenang mengubah stok."))
    core.fits(200, reason=reason)
    return _locked([equipment.pk])[0]


def _locked(keys: Iterable[int]) -> list[Equipment]:
    return list(Equipment.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _move(
    row: Equipment, kind: StockMovement.Kind, quantity: int, by: User, reason: str, now: datetime | None
) -> Equipment:
    row.stock += quantity
    if row.stock > MOST_STOCK:
        raise ValidationError({"quantity": _("Stok sebanyak itu tidak dapat dicatat.")})
    row.save(update_fields=["stock", "uncounted"])
    StockMovement.objects.create(
        equipment=row, kind=kind, quantity=quantity, after=row.stock, at=now or core.database_now(), by=by,
        reason=reason.strip(),
    )  # fmt: skip
    return row
