"""More people for the demo office, with their devices and network records, in bulk."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from django.contrib.auth.models import Group

from accounts import roles
from accounts.models import User
from demo import texts
from demo.guard import MAIL_DOMAIN
from demo.office import Office
from network import actions as network
from network.models import Device, IPAssignment, NameAssignment, State, Subnet

_ROLES: Final = {roles.ADMIN: 400, roles.TECHNICIAN: 60, roles.SUPERVISOR: 600}  # one in so many
_BRANDS: Final = [(kind, brand) for kind in ("pc", "laptop") for brand in texts.BRANDS[kind]]
_NET: Final = ipaddress.IPv4Network("10.64.0.0/10")


class Desk(NamedTuple):
    """Somebody who asks, at a device with its network record in use."""

    person: User
    device: int
    ip: str
    address: int
    name: int
    pc_name: str
    workgroup: int


def grow(office: Office, count: int, at: datetime) -> None:
    """So many people more, each with a device; some of them admins, technicians and supervisors."""
    people = User.objects.bulk_create(_people(office, count))
    _give_roles(office, people)
    _equip(office, people, at)
    office.people += people


def desks(office: Office) -> list[Desk]:
    """The places of those who only ask: nobody is then told of what they did themselves."""
    acting = {person.pk for person in (*office.admins, *office.technicians)}
    people = {person.pk: person for person in office.people if person.pk not in acting}
    in_use = Device.objects.filter(
        owner__in=people, addresses__state=State.ACTIVE, names__state=State.ACTIVE, kind__in=["pc", "laptop"]
    )
    facts: Any = in_use.order_by("pk").values_list(
        "owner", "pk", "addresses__address", "addresses", "names", "pc_name", "workgroup"
    )
    return [Desk(people[owner], *rest) for owner, *rest in facts]


def _people(office: Office, count: int) -> Iterator[User]:
    template, rng = office.people[0], office.rng
    units = list({person.unit_id: person.unit for person in office.people}.values())
    for number in range(count):
        name = f"{rng.choice(texts.FIRST_NAMES)} {rng.choice(texts.FIRST_NAMES)} {rng.choice(texts.LAST_NAMES)}"
        username = f"{name.lower().replace(' ', '.')}.{number}"
        yield User(
            username=username, full_name=name, email=f"{username}{MAIL_DOMAIN}", unit=units[number % len(units)],
            room=rng.choice(texts.ROOMS), phone=f"08{rng.randrange(10**9, 10**10)}", password=template.password,
        )  # fmt: skip


def _give_roles(office: Office, people: list[User]) -> None:
    groups = {group.name: group for group in Group.objects.filter(name__in=roles.ROLES)}
    chosen: list[tuple[User, str]] = [(person, roles.EMPLOYEE) for person in people]
    rest = iter(people)
    for role, one_in in _ROLES.items():
        holders = list(islice(rest, len(people) // one_in))
        chosen += [(person, role) for person in holders]
        office.admins += holders if role == roles.ADMIN else []
        office.technicians += holders if role == roles.TECHNICIAN else []
    membership = User.groups.through
    membership.objects.bulk_create(membership(user=person, group=groups[role]) for person, role in chosen)
    User.objects.filter(groups=groups[roles.ADMIN]).update(is_staff=True)


def _equip(office: Office, people: list[User], at: datetime) -> None:
    """Each unit in a subnet of its own, wide enough; records in use since `at`."""
    by_unit: dict[int, list[User]] = {}
    for person in people:
        by_unit.setdefault(person.unit_id or 0, []).append(person)
    for (unit, members), net in zip(by_unit.items(), _NET.subnets(new_prefix=20), strict=False):
        subnet = Subnet(cidr=str(net), name="LAN", unit_id=unit, gateway=str(net[1]))
        network.save_subnet(subnet, exclusions=[], by=office.admins[0], now=at)
        devices = Device.objects.bulk_create(_devices(office, unit, members, at))
        held = {"state": State.ACTIVE, "activated_at": at, "activated_by": office.admins[0]}
        IPAssignment.objects.bulk_create(
            IPAssignment(device=device, subnet=subnet, address=str(net[2 + place]), **held)
            for place, device in enumerate(devices)
        )
        NameAssignment.objects.bulk_create(NameAssignment(device=d, name=d.pc_name, **held) for d in devices)


def _devices(office: Office, unit: int, members: list[User], at: datetime) -> Iterator[Device]:
    for number, person in enumerate(members, start=1000):
        kind, brand = office.rng.choice(_BRANDS)
        yield Device(
            kind=kind, brand_model=brand, owner=person, unit_id=unit, room=person.room,
            workgroup=office.workgroups[unit], pc_name=f"{office.workgroups[unit].name}-{number}",
            registered_at=at, asset_number=office.new_asset_number(), mac=office.new_mac(),
        )  # fmt: skip


def rest_plans(plans: list[tuple[int, str]]) -> None:
    """Open tickets' plans rest on their devices."""
    by_device: dict[int, list[str]] = {}
    for device, number in plans:
        by_device.setdefault(device, []).append(number)
    for pk, numbers in by_device.items():
        Device.objects.filter(pk=pk).update(plans=sorted(numbers))
