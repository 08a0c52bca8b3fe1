"""What each address of a subnet is used for, a block of at most 256 at a time."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Func, Q, TextChoices, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.instants import database_now
from network.fields import Address, CidrField, Network
from network.models import IPAssignment, Subnet

#: Prefix of a block, by version: 256 addresses.
BLOCK: Final = {4: 24, 6: 120}
#: A subnet of more blocks shows only those in which something is.
MANY_BLOCKS: Final = 256


class Use(TextChoices):
    ACTIVE = "active", _("Dipakai")
    RESERVED = "reserved", _("Dipesan")
    COOLING = "cooling", _("Mendingin")
    FREE = "free", _("Bebas")
    EXCLUDED = "excluded", _("Dikecualikan")
    GATEWAY = "gateway", _("Gateway")
    EDGE = "edge", _("Alamat jaringan atau broadcast")


#: Stands in a cell beside its colour.
MARKS: Final[dict[Use, str | Promise]] = {
    Use.ACTIVE: pgettext_lazy("alamat dipakai", "D"), Use.RESERVED: pgettext_lazy("alamat dipesan", "P"),
    Use.COOLING: pgettext_lazy("alamat mendingin", "M"), Use.FREE: "", Use.EXCLUDED: "×", Use.GATEWAY: "G",
    Use.EDGE: "–",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    address: str
    label: str  # the address's last part
    use: Use
    held: IPAssignment | None = None  # who has it
    until: datetime | None = None  # a cooling one is proposed again from then on

    @property
    def mark(self) -> str | Promise:
        return MARKS[self.use]


@dataclass(frozen=True)
class Block:
    """256 addresses of a larger subnet, and how many of them are in use."""

    network: Network
    active: int
    reserved: int
    capacity: int

    @property
    def live(self) -> int:
        return self.active + self.reserved


@dataclass(frozen=True)
class Figures:
    """How many addresses of a subnet may be had by devices at all, and what has become of them."""

    capacity: int
    active: int
    reserved: int
    cooling: int

    @property
    def free(self) -> int:
        return self.capacity - self.active - self.reserved - self.cooling

    @property
    def percent(self) -> int:
        """How much of it is in use, rounded up: one address of many is not nothing."""
        return -(-100 * (self.active + self.reserved) // self.capacity) if self.capacity else 100


class AddressMap:
    """Reads about one subnet (`with_use`), as it is at `now` (None: at present)."""

    def __init__(self, subnet: Subnet, now: datetime | None = None) -> None:
        self.subnet = subnet
        self.now = now or database_now()
        self.size: int = BLOCK[subnet.cidr.version]
        self.ranges = [
            (ipaddress.ip_address(row.first), ipaddress.ip_address(row.last)) for row in subnet.exclusions.all()
        ]

    @property
    def in_blocks(self) -> bool:
        return self.subnet.cidr.prefixlen < self.size

    @cached_property
    def cooling(self) -> dict[str, datetime]:
        """Addresses that cool down, and until when."""
        days = timedelta(days=settings.ADDRESS_COOLING_DAYS)
        released = IPAssignment.objects.within(self.subnet.cidr).filter(
            state="released", released_at__gt=self.now - days
        )
        live = IPAssignment.objects.within(self.subnet.cidr).live().values("address")
        rows = released.exclude(address__in=live).order_by("released_at").values_list("address", "released_at")
        return {address: at + days for address, at in rows if at and self._kept_for(address) is None}

    @cached_property
    def figures(self) -> Figures:
        used = IPAssignment.objects.filter(subnet=self.subnet).aggregate(
            active=Count("pk", filter=Q(state="active")), reserved=Count("pk", filter=Q(state="reserved"))
        )
        return Figures(self.subnet.capacity(), used["active"], used["reserved"], len(self.cooling))

    def block_around(self, text: str) -> Network | None:
        """The block in which this address lies; None for what is no address of the subnet."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return None
        if address not in self.subnet.cidr:
            return None
        return ipaddress.ip_network((address, self.size), strict=False) if self.in_blocks else self.subnet.cidr

    def cells(self, block: Network) -> list[Cell]:
        rows = IPAssignment.objects.within(block).live().select_related("device__owner")
        held = {row.address: row for row in rows}
        return [self._cell(address, held.get(str(address))) for address in block]

    def _cell(self, address: Address, held: IPAssignment | None) -> Cell:
        text = str(address)
        label = text.rpartition("." if address.version == 4 else ":")[2] or "0"
        if held:
            return Cell(text, label, Use(held.state), held=held)
        if text in self.cooling:
            return Cell(text, label, Use.COOLING, until=self.cooling[text])
        return Cell(text, label, self._kept_for(text) or Use.FREE)

    def _kept_for(self, text: str) -> Use | None:
        """Why an address may belong to no device."""
        address = ipaddress.ip_address(text)
        if text == self.subnet.gateway:
            return Use.GATEWAY
        if address in self.subnet.edges():
            return Use.EDGE
        inside = any(int(first) <= int(address) <= int(last) for first, last in self.ranges)
        return Use.EXCLUDED if inside else None

    def blocks(self) -> list[Block]:
        """All blocks of the subnet; those in use where there are too many."""
        used = self._used()
        networks: list[Network]
        if 2 ** (self.size - self.subnet.cidr.prefixlen) <= MANY_BLOCKS:
            networks = list(self.subnet.cidr.subnets(new_prefix=self.size))
        else:
            networks = sorted(used, key=_first_of)
        return [self._block(net, *used.get(net, (0, 0))) for net in networks]

    def _block(self, network: Network, active: int, reserved: int) -> Block:
        return Block(network, active, reserved, self._capacity(network))

    def _used(self) -> dict[Network, tuple[int, int]]:
        """Active and reserved addresses of each block that has any."""
        masked = Func(F("address"), Value(self.size), function="set_masklen")
        rows = (
            IPAssignment.objects.live()
            .filter(subnet=self.subnet)
            .annotate(block=Func(masked, function="network", output_field=CidrField()))
            .values("block")
            .annotate(used=Count("pk", filter=Q(state="active")), held=Count("pk", filter=Q(state="reserved")))
        )
        return {row["block"]: (row["used"], row["held"]) for row in rows}

    def _capacity(self, block: Network) -> int:
        first, last = int(block.network_address), int(block.broadcast_address)
        excluded = sum(max(0, min(int(b), last) - max(int(a), first) + 1) for a, b in self.ranges)
        special = [*self.subnet.edges(), *([ipaddress.ip_address(self.subnet.gateway)] if self.subnet.gateway else [])]
        apart = {
            address
            for address in special
            if address in block and not any(int(a) <= int(address) <= int(b) for a, b in self.ranges)
        }
        return block.num_addresses - excluded - len(apart)


def _first_of(network: Network) -> int:
    return int(network.network_address)
