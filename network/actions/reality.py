"""Looks at what is really there, and writes down what it found."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from network import pace
from network.actions.guards import moment
from network.models import IPAssignment, Observation, Subnet
from network.probe.asking import ask
from network.probe.packets import Status
from network.probe.wire import CannotSend, NotAllowed, check_allowed, open_wire

#: A subnet with more addresses is not walked through: only those are asked of which something is known.
MOST_ADDRESSES: Final = 4096
#: What a scan has found is stored, and its progress told, after so many answers and silences.
_BATCH: Final = 32

Findings = Mapping[str, Status | None]


@dataclass(frozen=True)
class Scan:
    """How many addresses were asked, and how many answered."""

    asked: int
    answered: int


def look_at(address: str) -> Status | None:
    """Asks one address now and stores what it said; None for silence. Two seconds at most, but for the pace.

    Raises ValidationError where it cannot be asked, or not now.
    """
    with _sentences():
        check_allowed(address)
        pace.LOOKUPS.turn()
        with open_wire() as wire:
            findings = dict(ask([address], wire, pace.PACKETS.turn))
    if subnet := Subnet.objects.holding(address).first():  # still there
        record(subnet, findings)
    return findings[address]


def scan(subnet: Subnet, *, tell: Callable[[int, int], None]) -> Scan:
    """Asks a whole subnet, calling `tell(done, total)` as it goes. What is found is stored on the way.

    Raises ValidationError where it cannot be asked, also where the mark is taken off the subnet meanwhile.
    """
    addresses = addresses_to_ask(subnet)
    done = answered = 0
    tell(done, len(addresses))
    with _sentences(), open_wire() as wire, closing(ask(addresses, wire, pace.PACKETS.turn)) as found:
        while findings := dict(islice(found, _BATCH)):
            record(subnet, findings)
            done += len(findings)
            answered += sum(status is not None for status in findings.values())
            tell(done, len(addresses))
    return Scan(done, answered)


@contextmanager
def _sentences() -> Iterator[None]:
    """Why somebody could not be asked, for people."""
    try:
        yield
    except NotAllowed as error:
        raise ValidationError(
            _("Alamat di subnet ini tidak boleh ditanyai: tidak ditandai terlihat langsung oleh server.")
        ) from error
    except pace.Busy as error:
        raise ValidationError(_("Sedang banyak pemeriksaan. Coba lagi beberapa detik lagi.")) from error
    except CannotSend as error:
        raise ValidationError(
            _("Server ini tidak dapat mengirim ke alamat itu. Periksa rute dan firewall server.")
        ) from error


def addresses_to_ask(subnet: Subnet) -> list[str]:
    """Those that a device may have; of a very large subnet those that are held, or have answered before."""
    if isinstance(subnet.cidr, ipaddress.IPv6Network):
        return []
    if subnet.cidr.num_addresses <= MOST_ADDRESSES:
        return list(_givable(subnet))
    held = IPAssignment.objects.live().filter(subnet=subnet).values_list("address", flat=True)
    seen = Observation.objects.current().filter(subnet=subnet).values_list("address", flat=True)
    return sorted({*held, *seen}, key=ipaddress.ip_address)


def _givable(subnet: Subnet) -> Iterator[str]:
    ranges = [
        (int(ipaddress.ip_address(row.first)), int(ipaddress.ip_address(row.last))) for row in subnet.exclusions.all()
    ]
    special = {str(address) for address in subnet.edges()} | {subnet.gateway}
    for address in subnet.cidr:
        if str(address) not in special and not any(first <= int(address) <= last for first, last in ranges):
            yield str(address)


def record(subnet: Subnet, findings: Findings, *, now: datetime | None = None) -> list[Observation]:
    """Stores what was found at these addresses of the subnet; nothing where the mark was taken off it meanwhile.

    The subnet's row is the lock: of two who looked at once, the second sees what the first has written.
    """
    with transaction.atomic():
        fresh = Subnet.objects.select_for_update(no_key=True).get(pk=subnet.pk)
        if not fresh.seen_directly:
            return []
        at = moment(now)
        holders = _holders(findings)
        known = {row.address: row for row in Observation.objects.current().filter(address__in=findings)}
        found = [
            _found(fresh, address, status, holders.get(address), known.get(address), at)
            for address, status in findings.items()
        ]
        return _stored([pair for pair in found if pair[0].device_id or pair[0].answered_at])


def _holders(addresses: Iterable[str]) -> dict[str, int]:
    live = IPAssignment.objects.live().filter(address__in=list(addresses))
    return dict(live.values_list("address", "device_id"))


def _found(
    subnet: Subnet, address: str, status: Status | None, holder: int | None, before: Observation | None, at: datetime
) -> tuple[Observation, Observation | None]:
    """What is so now, and the row before it; a silent device carries on what it last said."""
    now = Observation(subnet=subnet, address=address, device_id=holder, answered=status is not None, since=at, at=at)
    if before is not None:
        now.since = now.at = max(at, before.at)
    if status is not None:
        now.name, now.workgroup, now.mac, now.answered_at = status.name, status.workgroup, status.mac, now.at
    elif before is not None and before.device_id == holder:
        now.name, now.workgroup, now.mac = before.name, before.workgroup, before.mac
        now.answered_at = before.answered_at
    return now, before


def _stored(found: Iterable[tuple[Observation, Observation | None]]) -> list[Observation]:
    """The rows as they stand then: one that says the same again is that row, seen once more."""
    rows = []
    for now, before in found:
        if before is not None and _says(before) == _says(now):
            before.at, before.answered_at = now.at, now.answered_at
            before.save(update_fields=["at", "answered_at"])
            rows.append(before)
            continue
        if before is not None:
            before.is_current = False
            before.save(update_fields=["is_current"])
        now.save(force_insert=True)
        rows.append(now)
    return rows


def _says(row: Observation) -> tuple[object, ...]:
    return row.subnet_id, row.device_id, row.answered, row.name, row.workgroup, row.mac
