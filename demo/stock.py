"""The demo office's shelves: filled before the first ticket, counted at the end, with something to buy."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from accounts.models import User
from tickets import actions
from tickets.models import Equipment

# What comes in at first, and what should always be there.
_SHELVES: Final = {
    "Konektor RJ45": (500, 50), "Kabel jaringan": (5000, 300), "Tang krimping": (4, 2), "Tester kabel": (3, 2),
    "Printer": (1, 0), "Komputer": (2, 0),
}  # fmt: skip
_LEFT: Final = 38  # connectors, fewer than there should be


def fill_shelves(admin: User, at: datetime) -> None:
    for item in Equipment.objects.in_use():
        quantity, item.minimum = _SHELVES[item.name]
        item.save(update_fields=["minimum"])
        actions.receive_stock(item, quantity=quantity, by=admin, reason="Stok awal", now=at)


def count_shelves(admin: User, now: datetime) -> None:
    connectors = Equipment.objects.get(name="Konektor RJ45")
    actions.correct_stock(connectors, counted=_LEFT, by=admin, reason="Dihitung bersama teknisi", now=now)
