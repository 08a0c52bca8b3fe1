"""People for tests, and the cast that every room's tests speak of. Nobody here is real."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from accounts import roles
from accounts.models import Unit, User

PASSWORD = "kata-sandi-uji-1"
_numbers = count(1)


def UnitFactory(**values: Any) -> Unit:
    """A unit with a code of its own; the same code gives the same unit."""
    code = values.pop("code", f"9{next(_numbers):04d}")
    unit, _created = Unit.objects.get_or_create(code=code, defaults={"name": f"Unit {code}", **values})
    return unit


def UserFactory(*holding: str, **values: Any) -> User:
    """A user with the roles named (and Pegawai), a unit, and PASSWORD as password."""
    number = next(_numbers)
    username = values.pop("username", f"orang{number}")
    password = values.pop("password", PASSWORD)
    values.setdefault("full_name", f"Orang {number}")
    values.setdefault("email", f"{username.lower()}@example.com")
    if "unit" not in values:
        values["unit"] = UnitFactory(code="1700", name="BPS Provinsi Bengkulu")
    user = User(username=username, **values)
    user.set_password(password)
    user.save()
    if holding:
        user.set_roles(holding)
    return user


@dataclass(frozen=True)
class Cast:
    requester: User
    colleague: User
    admin: User
    technician: User
    other_technician: User
    supervisor: User


def make_cast() -> Cast:
    return Cast(
        requester=UserFactory(username="rini", full_name="Rini Pemohon"),
        colleague=UserFactory(username="kiki", full_name="Kiki Rekan"),
        admin=UserFactory(roles.ADMIN, username="ani", full_name="Ani Admin"),
        technician=UserFactory(roles.TECHNICIAN, username="tono", full_name="Tono Teknisi"),
        other_technician=UserFactory(roles.TECHNICIAN, username="tika", full_name="Tika Teknisi"),
        supervisor=UserFactory(roles.SUPERVISOR, username="pimp", full_name="Pak Pimpinan"),
    )
