"""The demo office before its first ticket: units, people, subnets, devices with their network records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts import roles
from accounts.models import Unit, User
from demo import texts
from demo.guard import MAIL_DOMAIN
from network import actions as network
from network.models import Device, Subnet, Workgroup
from tickets.models import CheckItem, HoldReason

PASSWORD: Final = "halocik-demo"  # noqa: S105  # printed on the log-in page in demo mode
PEOPLE: Final = 60
PROVINCE: Final = "1700"
_ADMINS, _TECHNICIANS, _SUPERVISORS = 2, 5, 2


@dataclass
class Office:
    """What the stories draw on. `free` yields addresses that nobody has been given yet, a stream for each unit."""

    rng: random.Random
    people: list[User] = field(default_factory=list)
    admins: list[User] = field(default_factory=list)
    technicians: list[User] = field(default_factory=list)
    free: dict[int, Iterator[str]] = field(default_factory=dict)
    workgroups: dict[int, Workgroup] = field(default_factory=dict)
    devices: dict[int, list[Device]] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)  # in use, by device
    numbers: dict[int, int] = field(default_factory=dict)
    checks: list[str] = field(default_factory=lambda: list(CheckItem.objects.values_list("code", flat=True)))
    hold_reasons: list[HoldReason] = field(default_factory=lambda: list(HoldReason.objects.all()))

    def new_name(self, unit: Unit) -> str:
        """A PC name by the office's rule, for example 1700-PC-042."""
        self.numbers[unit.pk] = self.numbers.get(unit.pk, 0) + 1
        return f"{unit.code}-PC-{self.numbers[unit.pk]:03d}"

    def new_mac(self) -> str:
        return "02:" + ":".join(f"{self.rng.randrange(256):02X}" for _ in range(5))

    def new_asset_number(self) -> str:
        return f"3100102001.{self.rng.randrange(10_000):04d}"


def furnish(rng: random.Random, at: datetime) -> Office:
    """Makes the office as it stood at `at`."""
    office = Office(rng)
    units = [Unit.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in texts.UNITS]
    Unit.objects.exclude(code=PROVINCE).filter(parent=None).update(parent=units[0])
    _hire(office, units)
    _lay_cables(office, units, at)
    for person in office.people:
        _equip(office, person, at)
    return office


def _hire(office: Office, units: list[Unit]) -> None:
    rng = office.rng
    password = make_password(PASSWORD)
    names = [f"{first} {last}" for first in texts.FIRST_NAMES for last in texts.LAST_NAMES]
    rng.shuffle(names)
    cast = [*texts.ACCOUNTS, *((name.lower().replace(" ", "."), name) for name in names[: PEOPLE - 4])]
    for index, (username, name) in enumerate(cast):
        in_province = index < 26
        unit = units[0] if in_province else units[1 + index % (len(units) - 1)]
        person = User.objects.create(
            username=username, full_name=name, email=f"{username}{MAIL_DOMAIN}", nip=_nip(rng, index), unit=unit,
            room=rng.choice(texts.ROOMS), phone=f"08{rng.randrange(10**9, 10**10)}", password=password,
        )  # fmt: skip
        office.people.append(person)
    admins, technicians = [office.people[1]], [office.people[2]]
    admins += office.people[4 : 4 + _ADMINS - 1]
    technicians += office.people[6 : 6 + _TECHNICIANS - 1]
    for person in admins:
        person.set_roles([roles.ADMIN])
    for person in technicians:
        person.set_roles([roles.TECHNICIAN])
    for person in [office.people[3], *office.people[12 : 12 + _SUPERVISORS - 1]]:
        person.set_roles([roles.SUPERVISOR])
    office.admins, office.technicians = admins, technicians


def _nip(rng: random.Random, index: int) -> str:
    """Birth date, month of appointment, sex, serial number: 18 digits."""
    born = rng.randrange(1970, 1999)
    return (
        f"{born}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
        f"{born + rng.randrange(22, 27)}{rng.randrange(1, 13):02d}{1 + index % 2}{index + 1:03d}"
    )


def _lay_cables(office: Office, units: list[Unit], at: datetime) -> None:
    admin = office.admins[0]
    for position, unit in enumerate(units):
        net = f"10.17.{position}"
        network.save_subnet(
            Subnet(cidr=f"{net}.0/24", name=f"LAN {unit.name}", unit=unit, gateway=f"{net}.1", vlan=100 + position),
            exclusions=[(f"{net}.2", f"{net}.19"), (f"{net}.240", f"{net}.254")],
            by=admin,
            now=at,
        )
        office.workgroups[unit.pk] = network.save_workgroup(Workgroup(name=f"BPS{unit.code}"), by=admin, now=at)
        office.free[unit.pk] = _hosts(net)


def _hosts(net: str) -> Iterator[str]:
    for host in range(20, 240):
        yield f"{net}.{host}"


def _equip(office: Office, person: User, at: datetime) -> None:
    rng = office.rng
    kinds = ["pc"] if rng.random() < 0.65 else ["laptop"]
    if rng.random() < 0.2:
        kinds.append("printer")
    office.devices[person.pk] = [_install(office, person, kind, at) for kind in kinds]


def _install(office: Office, person: User, kind: str, at: datetime) -> Device:
    unit = person.unit
    assert unit is not None  # _hire gives everybody one
    device = network.register_device(
        kind=kind, owner=person, unit=unit, room=person.room, brand_model=office.rng.choice(texts.BRANDS[kind]),
        asset_number=office.new_asset_number(), mac=office.new_mac(), by=office.admins[0], now=at,
    )  # fmt: skip
    held = network.activate(
        device, address=next(office.free[unit.pk]), pc_name=office.new_name(unit),
        workgroup=office.workgroups[unit.pk], by=office.technicians[0], now=at,
    )  # fmt: skip
    office.addresses[device.pk] = held.address.address
    return held.address.device


def analyse() -> None:
    """Lets the planner know the new rows: right after a bulk load its guesses would be far off."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
