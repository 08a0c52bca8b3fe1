"""The table of devices: its columns, a device as a row, the example to fill in.

What `cells_of` writes, `plan` reads as unchanged.
"""

from __future__ import annotations

from typing import Final

from jobs.tables import as_read
from network.models import Device

NUMBER: Final = "nomor"
KIND: Final = "jenis"
MAC: Final = "mac"
ASSET: Final = "nup"
OWNER: Final = "pemegang"
UNIT: Final = "unit"
ROOM: Final = "ruang"
NAME: Final = "nama pc"
ADDRESS: Final = "alamat ip"
WORKGROUP: Final = "grup jaringan"

#: Those whose cell is simply the text of a field.
TEXTS: Final = {"merek dan tipe": "brand_model", ASSET: "asset_number", ROOM: "room"}
COLUMNS: Final = (
    NUMBER, NAME, ADDRESS, WORKGROUP, KIND, "merek dan tipe", ASSET, MAC, OWNER, UNIT, ROOM,
)  # fmt: skip
RECORD: Final = (NAME, ADDRESS, WORKGROUP)
#: What the list of bad rows adds to them: a mended list can be uploaded as it is.
FAULTS: Final = ("baris", "galat")
#: Empties what may be empty; an empty cell changes nothing.
CLEAR: Final = "-"

EXAMPLE: Final = (
    ["", "PC-CONTOH", "10.17.0.23", "BPS1700", "PC", "Rakitan", "3100102001-12", "3C:52:82:1A:0B:4F",
     "contoh.pegawai", "1700", "Ruang TU"],
)  # fmt: skip


def cells_of(device: Device, address: str) -> list[str]:
    """The device as a row, in the order of COLUMNS; its owner, unit and workgroup are fetched."""
    return [
        str(device.pk),
        device.pc_name,
        address,
        device.workgroup.name if device.workgroup else "",
        device.get_kind_display(),
        plain(device.brand_model),
        plain(device.asset_number),
        device.mac,
        device.owner.username if device.owner else "",
        device.unit.code,
        plain(device.room),
    ]


def plain(text: str) -> str:
    """A stored text as it comes back from a table."""
    return " ".join(as_read(text).split())
