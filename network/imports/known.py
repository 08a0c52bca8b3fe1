"""The registry as it is, read once for all rows: who is who, who holds what, which subnet an address lies in."""

from __future__ import annotations

import bisect
import ipaddress
from dataclasses import dataclass
from typing import Final

from accounts.models import Unit, User
from network.models import Device, IPAssignment, NameAssignment, State, Subnet, Workgroup


@dataclass(frozen=True, slots=True)
class Holding:
    """A live row: an address (as text) or a name, and the device that it belongs to."""

    pk: int
    device: int
    text: str


class Known:
    def __init__(self) -> None:
        self.devices = {device.pk: device for device in Device.objects.in_service()}
        self.by_mac = {device.mac: device for device in self.devices.values() if device.mac}
        self.by_name = {device.pc_name.upper(): device for device in self.devices.values() if device.pc_name}
        self.by_asset: dict[str, list[Device]] = {}
        for device in self.devices.values():
            if device.asset_number:
                self.by_asset.setdefault(device.asset_number.upper(), []).append(device)
        self.units = {unit.code.upper(): unit.pk for unit in Unit.objects.all()}
        self.workgroups = {group.name.upper(): group for group in Workgroup.objects.all()}
        self.workgroup_names = {group.pk: group.name for group in self.workgroups.values()}
        self._read_people()
        self._read_holdings()
        self.subnets = Subnets()

    def _read_people(self) -> None:
        people = list(User.objects.values_list("pk", "username", "nip", "email", "is_active"))
        self.usernames = {pk: username for pk, username, *_rest in people}
        self.active = {pk for pk, *_names, active in people if active}
        self.people: dict[str, int] = {}
        for place in (3, 2, 1):  # a user name counts before a NIP, and that before an address
            self.people |= {str(person[place]).lower(): person[0] for person in people if person[place]}

    def _read_holdings(self) -> None:
        """By what is held, and what each device has in use; `reserved`: devices for which something waits."""
        addresses = IPAssignment.objects.live().values_list("pk", "device_id", "address", "state")
        names = NameAssignment.objects.live().values_list("pk", "device_id", "name", "state")
        self.reserved: set[int] = set()
        self.address_of: dict[int, Holding] = {}
        self.name_of: dict[int, Holding] = {}
        self.holder_of_address: dict[str, int] = {}
        self.holder_of_name: dict[str, int] = {}
        for rows, held, holders in (
            (addresses, self.address_of, self.holder_of_address),
            (names, self.name_of, self.holder_of_name),
        ):
            for pk, device, text, state in rows:
                holders[text.upper() if holders is self.holder_of_name else text] = device
                if state == State.ACTIVE:
                    held[device] = Holding(pk, device, text)
                else:
                    self.reserved.add(device)


class Subnets:
    """Which registered subnet an address lies in; they never overlap."""

    def __init__(self) -> None:
        self._subnets = sorted(Subnet.objects.prefetch_related("exclusions"), key=_first)
        self._firsts: Final = [_first(subnet) for subnet in self._subnets]

    def holding(self, address: str) -> Subnet | None:
        parsed = ipaddress.ip_address(address)
        at = bisect.bisect_right(self._firsts, (parsed.version, int(parsed))) - 1
        subnet = self._subnets[at] if at >= 0 else None
        return subnet if subnet is not None and parsed in subnet.cidr else None


def _first(subnet: Subnet) -> tuple[int, int]:
    return subnet.cidr.version, int(subnet.cidr.network_address)
