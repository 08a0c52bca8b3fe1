"""What machines of one demo office said when they were asked: most as recorded, some not. In a demo nobody is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from demo.office import Office
from network import actions as network
from network.actions.reality import record
from network.models import IPAssignment, Subnet
from network.probe.packets import Status

_DAY: Final = timedelta(days=1)
_FIRST_LOOK, _LAST_LOOK = 21 * _DAY, timedelta(hours=5)


def look_around(office: Office, now: datetime) -> None:
    """The last office's subnet was looked at three weeks ago and today. One PC calls itself otherwise, one has been in
    another workgroup all the time, one fell silent, and a stranger answers."""
    subnet = Subnet.objects.order_by("cidr").last()
    assert subnet is not None  # the office has one for each unit
    subnet.seen_directly = True
    ranges = list(subnet.exclusions.values_list("first", "last"))
    network.save_subnet(subnet, exclusions=ranges, by=office.admins[0], now=now)
    held = IPAssignment.objects.active().filter(subnet=subnet, device__kind="pc", activated_at__lt=now - _FIRST_LOOK)
    rows = list(held.select_related("device__workgroup").order_by("address"))
    before: dict[str, Status | None] = {row.address: _as_recorded(row) for row in rows}
    today = dict(before)
    for row, change in zip(rows, ("name", "workgroup", "silence"), strict=False):
        said = _as_recorded(row)
        if change == "name":
            today[row.address] = Status("DESKTOP-4K7QJ2M", said.workgroup, said.mac)
        elif change == "workgroup":
            before[row.address] = today[row.address] = Status(said.name, "WORKGROUP", said.mac)
        else:
            today[row.address] = None
    stranger = str(subnet.cidr.network_address + 77)
    record(subnet, before, now=now - _FIRST_LOOK)
    record(subnet, today | {stranger: Status("LAPTOP-TAMU", "WORKGROUP", "02:5E:10:00:00:4D")}, now=now - _LAST_LOOK)


def _as_recorded(row: IPAssignment) -> Status:
    device = row.device
    return Status(device.pc_name, str(device.workgroup or ""), device.mac)
