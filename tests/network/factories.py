"""A small registry for tests: one office's subnet, a workgroup, devices."""

from itertools import count
from typing import Any

from network import actions
from network.models import Device, Subnet, Workgroup
from tests.factories import UnitFactory

_numbers = count(1)


def make_subnet(cidr: str = "10.17.0.0/24", exclusions: tuple[tuple[str, str], ...] = (), **values: Any) -> Subnet:
    values.setdefault("name", "LAN kantor")
    values.setdefault("unit", UnitFactory(code="1700", name="BPS Provinsi Bengkulu"))
    return actions.save_subnet(Subnet(cidr=cidr, **values), exclusions=exclusions, by=None)


def make_workgroup(name: str = "BPS1700") -> Workgroup:
    return actions.save_workgroup(Workgroup(name=name), by=None)


def make_device(**values: Any) -> Device:
    values.setdefault("kind", Device.Kind.PC)
    values.setdefault("owner", None)
    values.setdefault("unit", UnitFactory(code="1700", name="BPS Provinsi Bengkulu"))
    values.setdefault("room", f"Ruang {next(_numbers)}")
    values.setdefault("by", None)
    return actions.register_device(**values)
