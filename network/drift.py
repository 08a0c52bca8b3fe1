"""Where registry and reality part: what differs, who has gone silent, who answers without being registered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Device, IPAssignment, Observation, Subnet

#: Earlier findings that a device's page tells.
MOST_EARLIER: Final = 5


class Drift(TextChoices):
    DIFFERS = "differs", gettext_lazy("Berbeda")
    UNREGISTERED = "unregistered", gettext_lazy("Tidak terdaftar")
    SILENT = "silent", gettext_lazy("Lama diam")


@dataclass(frozen=True)
class Fact:
    """One fact as the registry has it, beside what the machine says; empty where it is not known."""

    name: str
    label: str
    recorded: str
    told: str

    @property
    def differs(self) -> bool:
        return bool(self.recorded and self.told) and self.recorded.upper() != self.told.upper()

    @property
    def agrees(self) -> bool:
        return bool(self.recorded and self.told) and not self.differs


def facts_of(found: Observation | None, device: Device | None) -> list[Fact]:
    workgroup = str(device.workgroup or "") if device else ""
    pc_name, mac = (device.pc_name, device.mac) if device else ("", "")
    said = (found.name, found.workgroup, found.mac) if found else ("", "", "")
    return [
        Fact("pc_name", _("Nama PC"), pc_name, said[0]),
        Fact("workgroup", _("Grup jaringan"), workgroup, said[1]),
        Fact("mac", _("Alamat MAC"), mac, said[2]),
    ]


@dataclass(frozen=True)
class Reality:
    """What is known of a device at the address that it holds, or shall hold. `obstacle`: why it cannot be asked."""

    device: Device
    address: str
    obstacle: str
    found: Observation | None
    earlier: Sequence[Observation]

    @property
    def facts(self) -> list[Fact]:
        return facts_of(self.found, self.device)

    @property
    def differs(self) -> bool:
        return any(fact.differs for fact in self.facts)

    @property
    def correction(self) -> str:
        return _correction_of(self.device, self.facts)


def reality_of(device: Device) -> Reality | None:
    """None for a device that holds no address."""
    held = IPAssignment.objects.live().filter(device=device).select_related("subnet").order_by("state").first()
    if held is None:
        return None
    rows = list(device.observations.filter(address=held.address).order_by("-is_current", "-at")[: MOST_EARLIER + 1])
    current = rows.pop(0) if rows and rows[0].is_current else None
    return Reality(device, held.address, obstacle_in(held.subnet), current, rows[:MOST_EARLIER])


def obstacle_in(subnet: Subnet) -> str:
    """Why nobody in this subnet can be asked; empty where they can."""
    if not settings.REALITY_CHECK:
        return _("Pemeriksaan dimatikan pada server ini.")
    if not subnet.seen_directly:
        return _("Subnet ini tidak ditandai terlihat langsung oleh server, jadi tidak pernah ditanyai.")
    if subnet.cidr.version == 6:
        return _("Alamat IPv6 tidak dapat ditanyai dengan cara ini.")
    return ""


@dataclass(frozen=True)
class Line:
    """One line of the list. `known`: another device that has the name or the MAC which was told here."""

    found: Any  # Observation with `kind`
    known: Device | None

    @property
    def kind(self) -> Drift:
        return Drift(self.found.kind)

    @property
    def device(self) -> Device | None:
        return self.found.device if self.kind != Drift.UNREGISTERED else None

    @property
    def facts(self) -> list[Fact]:
        return facts_of(self.found, self.device)

    @property
    def correction(self) -> str:
        """The page on which the registry is set right, filled in as far as it can be."""
        if self.device is not None:
            return _correction_of(self.device, self.facts)
        told = {"address": self.found.address, "workgroup": self.found.workgroup}
        if self.known is not None:
            return _with(reverse("network:device-record", args=[self.known.pk]), told)
        return _with(reverse("network:device-create"), told | {"pc_name": self.found.name, "mac": self.found.mac})

    @property
    def title(self) -> str:
        """What a ticket about it would be called."""
        words = {
            Drift.DIFFERS: _("%(device)s: jaringan berbeda dari catatan"),
            Drift.SILENT: _("%(device)s lama tidak menjawab di jaringan"),
            Drift.UNREGISTERED: _("Perangkat tidak terdaftar di %(address)s"),
        }
        return words[self.kind] % {"device": self.device, "address": self.found.address}

    @property
    def told(self) -> str:
        """What was found, as lines of text."""
        lines = [f"{_('Alamat IP')}: {self.found.address}"]
        for fact in self.facts:
            if fact.recorded or fact.told:
                lines.append(
                    _("%(fact)s: tercatat %(recorded)s, menurut perangkat %(told)s")
                    % {"fact": fact.label, "recorded": fact.recorded or "–", "told": fact.told or "–"}
                )
        return "\n".join(lines)


def lines_of(rows: Iterable[Any]) -> list[Line]:
    rows = list(rows)
    by_name, by_mac = _known(rows)
    lines = []
    for row in rows:
        known = by_mac.get(row.mac) or by_name.get(row.name.upper())
        lines.append(Line(row, known if known and known.pk != row.device_id else None))
    return lines


def _known(rows: Sequence[Observation]) -> tuple[dict[str, Device], dict[str, Device]]:
    """Devices in service that have a name, or a MAC, which one of these rows tells."""
    names, macs = ({row.name for row in rows} - {""}), ({row.mac for row in rows} - {""})
    wanted = Q(mac__in=macs)
    for name in names:
        wanted |= Q(pc_name__iexact=name)
    devices = list(Device.objects.in_service().filter(wanted)) if rows else []
    addresses = dict(IPAssignment.objects.active().filter(device__in=devices).values_list("device_id", "address"))
    for device in devices:
        device.current_address = addresses.get(device.pk, "")
    return (
        {device.pc_name.upper(): device for device in devices if device.pc_name},
        {device.mac: device for device in devices if device.mac},
    )


def _correction_of(device: Device, facts: Iterable[Fact]) -> str:
    told = {fact.name: fact.told for fact in facts if fact.differs}
    if set(told) == {"mac"}:
        return _with(reverse("network:device-edit", args=[device.pk]), told)
    if told:
        return _with(reverse("network:device-record", args=[device.pk]), told)
    return device.get_absolute_url()


def _with(address: str, values: dict[str, str]) -> str:
    return f"{address}?{urlencode({name: value for name, value in values.items() if value})}"
