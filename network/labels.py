"""Labels to stick on devices: made when somebody asks, not kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from accounts.links import public_link
from jobs import papers
from network.models import Device, IPAssignment

#: Ten sheets. More at once is a slip of the filter, and a wait.
MOST: Final = 210


def sheet(devices: Sequence[Device], at: datetime) -> bytes:
    """The PDF of these devices' labels, with the addresses in use; a reservation is no label's business."""
    active = IPAssignment.objects.active().filter(device__in=devices)
    addresses = dict(active.values_list("device", "address"))
    content = {
        "title": "Label perangkat",
        "institution": "HaloCIK",
        "help": "Pindai untuk riwayat dan bantuan · HaloCIK",
        "labels": [_label(device, addresses.get(device.pk, "")) for device in devices],
    }
    return papers.render("labels", content, at)


def _label(device: Device, address: str) -> dict[str, Any]:
    return {
        "qr": papers.Drawing(papers.qr_code(public_link(device.get_absolute_url()))),
        "name": papers.Drawing(device.pc_name) if device.pc_name else str(device),
        "address": address,
        "unit": device.unit.name,
        "note": f"NUP {device.asset_number}" if device.asset_number else "",
    }
