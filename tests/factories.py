"""People for tests, and the cast that every room's tests speak of. Nobody here is real."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

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


def enrol(*people: tuple[User, tuple[str, ...]]) -> None:
    """Saves new users with these roles (and Pegawai), as `save` and `set_roles` would, but all in three queries."""
    for user, held in people:
        user.is_staff = roles.ADMIN in held
    User.objects.bulk_create(user for user, _held in people)
    groups = {group.name: group.pk for group in Group.objects.all()}
    membership = User.groups.through
    membership.objects.bulk_create(
        membership(user_id=user.pk, group_id=groups[role]) for user, held in people for role in (roles.EMPLOYEE, *held)
    )


def make_cast() -> Cast:
    unit, password = UnitFactory(code="1700", name="BPS Provinsi Bengkulu"), make_password(PASSWORD)

    def person(username: str, name: str) -> User:
        email = f"{username}@example.com"
        return User(username=username, full_name=name, email=email, unit=unit, password=password)

    cast = Cast(
        requester=person("rini", "Rini Pemohon"),
        colleague=person("kiki", "Kiki Rekan"),
        admin=person("ani", "Ani Admin"),
        technician=person("tono", "Tono Teknisi"),
        other_technician=person("tika", "Tika Teknisi"),
        supervisor=person("pimp", "Pak Pimpinan"),
    )
    enrol(
        (cast.requester, ()),
        (cast.colleague, ()),
        (cast.admin, (roles.ADMIN,)),
        (cast.technician, (roles.TECHNICIAN,)),
        (cast.other_technician, (roles.TECHNICIAN,)),
        (cast.supervisor, (roles.SUPERVISOR,)),
    )
    return cast
