"""Employees from a table: a plan that shows every row's errors at once, then all or nothing.

A row updates the user with its NIP, else the one with its user name, else it adds one. An empty cell leaves what is
stored as it is. Nobody is deactivated by being absent from the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Unit, User
from jobs.plans import Line, PlannedRow, counts, refuse_duplicates

COLUMNS = ("nip", "nama", "username", "email", "unit", "telepon", "ruang", "peran")
REQUIRED = ("nama", "username")
MAX_ROWS = 1000
_FIELDS = {  # column: field, as far as a cell is simply the field's text
    "nip": "nip",
    "nama": "full_name",
    "username": "username",
    "email": "email",
    "telepon": "phone",
    "ruang": "room",
}
_COLUMN_OF = {name: column for column, name in _FIELDS.items()}
_ROLES = {role.lower(): role for role in roles.ROLES} | {"admin": roles.ADMIN, "pjk tip": roles.ADMIN}


@dataclass(kw_only=True)
class Person(PlannedRow):
    """One row and what it would do."""

    user: User
    roles: list[str] | None = None  # None: leave them


@dataclass
class Plan:
    people: list[Person]

    def count(self, state: str) -> int:
        return self.counts[state]

    @property
    def counts(self) -> dict[str, int]:
        return counts(self.people)


class _Known:
    """What is stored already, read once: users by their three names, units by code."""

    def __init__(self) -> None:
        users = list(User.objects.select_related("unit").prefetch_related("groups"))
        self.by: dict[str, dict[str, User]] = {
            "nip": {user.nip: user for user in users if user.nip},
            "username": {user.username.lower(): user for user in users},
            "email": {user.email: user for user in users if user.email},
        }
        self.units = {unit.code.lower(): unit for unit in Unit.objects.all()}

    def match(self, cells: dict[str, str]) -> User | None:
        """The stored user whom the row means."""
        return self.by["nip"].get(cells.get("nip", "")) or self.by["username"].get(cells.get("username", "").lower())


def plan(lines: list[Line], *, by: User | None) -> Plan:
    """What the rows would do, with all their errors. Changes nothing. `by` is None for the command line."""
    known = _Known()
    people = [_plan_row(line, cells, known, by) for line, cells in lines]
    refuse_duplicates(people, _names)
    for person in people:
        person.errors = {column: person.errors[column] for column in COLUMNS if column in person.errors}
    return Plan(people)


def _names(person: Person) -> Iterator[tuple[str, str]]:
    for column in ("nip", "username", "email"):
        if value := person.cells[column].lower():
            yield column, value


def _plan_row(line: int, cells: dict[str, str], known: _Known, by: User | None) -> Person:
    stored = known.match(cells)
    # A copy of the stored user: two rows of the file that mean the same one must not see each other's changes.
    user = User.from_db("default", *_row_of(stored)) if stored else User()
    all_cells = {column: cells.get(column, "") for column in COLUMNS}
    person = Person(line=line, cells=all_cells, is_new=stored is None, user=user)
    if stored and stored.is_superuser and by is not None and not by.is_superuser:
        person.refuse("username", _("Akun ini hanya dapat diubah oleh superuser."))
        return person
    for column, name in _FIELDS.items():
        if text := person.cells[column]:
            _set(person, column, name, text.lower() if column == "email" else text)
    if stored and "nip" in person.changed and stored.nip:
        person.refuse("username", _("Nama pengguna ini milik %(name)s dengan NIP lain.") % {"name": stored})
    _set_unit(person, known)
    _set_roles(person, stored)
    _validate(person, known, stored)
    return person


def _row_of(user: User) -> tuple[list[str], list[object]]:
    names = [column.attname for column in User._meta.concrete_fields]
    return names, [getattr(user, name) for name in names]


def _set(person: Person, column: str, name: str, value: object) -> None:
    if getattr(person.user, name) != value:
        setattr(person.user, name, value)
        person.changed.append(column)


def _set_unit(person: Person, known: _Known) -> None:
    if code := person.cells["unit"]:
        unit = known.units.get(code.lower())
        if unit is None:
            person.refuse("unit", _("Unit dengan kode ini tidak ada."))
        else:
            _set(person, "unit", "unit_id", unit.pk)


def _set_roles(person: Person, stored: User | None) -> None:
    words = [word.strip() for word in person.cells["peran"].replace(";", ",").split(",") if word.strip()]
    for word in words:
        if word.lower() not in _ROLES:
            person.refuse(
                "peran",
                _("Peran “%(role)s” tidak dikenal. Yang dikenal: %(known)s.")
                % {"role": word, "known": ", ".join(roles.ROLES)},
            )
    if words and "peran" not in person.errors:
        person.roles = sorted({roles.EMPLOYEE, *(_ROLES[word.lower()] for word in words)}, key=roles.ROLES.index)
        if (stored.roles if stored else [roles.EMPLOYEE]) != person.roles:
            person.changed.append("peran")


def _validate(person: Person, known: _Known, stored: User | None) -> None:
    try:
        person.user.clean_fields(exclude=["password"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            person.refuse(_COLUMN_OF.get(name, "username"), *messages)
    for column, others in known.by.items():
        owner = others.get(person.cells[column].lower())
        if owner is not None and (stored is None or owner.pk != stored.pk):
            person.refuse(column, _("Sudah dipakai oleh %(name)s.") % {"name": owner})


def apply(lines: list[Line], *, by: User | None) -> Plan:
    """Plan anew and store all rows, or none. Returns the plan; if it holds errors, nothing was stored.

    New users have no password: they make one with "Lupa kata sandi", or an admin sets one.
    Raises ValidationError if somebody else changed the same users in between.
    """
    try:
        with transaction.atomic():
            planned = plan(lines, by=by)
            if not planned.count("error"):
                for person in planned.people:
                    _store(person)
                _log(planned, by)
            return planned
    except IntegrityError as error:
        raise ValidationError(_("Data pegawai berubah saat disimpan. Unggah berkasnya sekali lagi.")) from error


def _store(person: Person) -> None:
    if person.state == "added":
        person.user.set_unusable_password()
        person.user.save(force_insert=True)
    elif names := [_FIELDS.get(column, "unit") for column in person.changed if column != "peran"]:
        person.user.save(update_fields=names)
    if person.roles is not None and "peran" in person.changed:
        person.user.set_roles(person.roles)


def _log(planned: Plan, by: User | None) -> None:
    """Who did it stays visible in the admin site's history of each user."""
    for state, flag in (("added", ADDITION), ("updated", CHANGE)):
        users = [person.user for person in planned.people if person.state == state]
        if by is not None and users:
            LogEntry.objects.log_actions(by.pk, users, flag, change_message=_("Impor pegawai"))
