"""Employees from a table: what a row does, beside each way in which it fails."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from accounts import import_files, imports, roles
from accounts.models import User
from jobs.plans import Line
from tests.factories import Cast, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

NIP = "199003122014032001"
OTHER_NIP = "198501012010011001"


@pytest.fixture(autouse=True)
def _unit(db: None) -> None:
    UnitFactory(code="1771", name="BPS Kota Bengkulu")


def row(**cells: str) -> dict[str, str]:
    return {"nama": "Wati Lestari", "username": "wati", **cells}


def lines(*rows: dict[str, str]) -> list[Line]:
    return list(enumerate(rows, start=2))


def plan(*rows: dict[str, str], by: User | None = None) -> imports.Plan:
    return imports.plan(lines(*rows), by=by)


def apply(*rows: dict[str, str], by: User | None = None) -> imports.Plan:
    return imports.apply(lines(*rows), by=by)


def errors(*rows: dict[str, str], by: User | None = None) -> list[set[str]]:
    return [set(person.errors) for person in plan(*rows, by=by).people]


# The file's shape


def lines_of(header: list[str], rows: list[tuple[int, list[str]]]) -> list[Line]:
    csv = "\n".join(";".join(cells) for cells in [header, *(cells for _line, cells in rows)])
    return import_files.read(io.BytesIO(csv.encode()))


def test_rows_become_cells_by_column() -> None:
    assert lines_of(["nama", "username"], [(2, [" Wati   Lestari", "wati"])]) == [
        (2, {"nama": "Wati Lestari", "username": "wati"})
    ]


@pytest.mark.parametrize(
    ("header", "says"),
    [(["nama"], "username"), (["nip"], "nama, username"), (["nama", "username", "gaji"], "gaji")],
)
def test_missing_and_unknown_columns_are_named(header: list[str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        lines_of(header, [(2, ["x"] * len(header))])


def test_a_file_without_people_is_refused() -> None:
    with pytest.raises(ValidationError, match="belum ada pegawai"):
        lines_of(["nama", "username"], [])


# Success


def test_a_new_employee_is_added_with_everything() -> None:
    apply(row(nip=NIP, email="Wati@Example.com", unit="1771", telepon="0812 111 222", ruang="IPDS", peran="Teknisi"))
    user = User.objects.get(username="wati")
    assert (user.full_name, user.nip, user.email) == ("Wati Lestari", NIP, "wati@example.com")
    assert (user.unit and user.unit.code, user.phone, user.room) == ("1771", "0812 111 222", "IPDS")
    assert user.roles == [roles.EMPLOYEE, roles.TECHNICIAN]
    assert not user.has_usable_password()


def test_a_new_employee_without_a_role_is_pegawai() -> None:
    apply(row())
    assert User.objects.get(username="wati").roles == [roles.EMPLOYEE]


@pytest.mark.parametrize("words", ["Admin", "admin/pjk tip", "PJK TIP", "Pegawai, Admin", "admin; pegawai"])
def test_roles_are_understood_as_people_write_them(words: str) -> None:
    apply(row(peran=words))
    user = User.objects.get(username="wati")
    assert user.roles == [roles.EMPLOYEE, roles.ADMIN]
    assert user.is_staff


def test_a_person_is_recognised_by_nip_and_may_get_a_new_user_name() -> None:
    stored = UserFactory(username="lama", nip=NIP)
    planned = apply(row(nip=NIP))
    stored.refresh_from_db()
    assert stored.username == "wati"
    assert planned.counts == {"added": 0, "updated": 1, "unchanged": 0, "error": 0}


def test_a_person_without_nip_is_recognised_by_user_name_in_any_case() -> None:
    stored = UserFactory(username="wati", nip=None, full_name="Wati")
    planned = apply(row(username="WATI", nip=NIP))
    stored.refresh_from_db()
    assert (stored.full_name, stored.nip) == ("Wati Lestari", NIP)
    assert planned.people[0].changed == ["nip", "nama", "username"]


def test_the_same_file_again_changes_nothing() -> None:
    cells = row(nip=NIP, email="wati@example.com", unit="1771", peran="Teknisi")
    apply(cells)
    assert apply(cells).counts == {"added": 0, "updated": 0, "unchanged": 1, "error": 0}


def test_an_empty_cell_leaves_what_is_stored() -> None:
    stored = UserFactory(roles.TECHNICIAN, username="wati", full_name="Wati Lestari", phone="0812", room="A")
    assert plan(row(telepon="", ruang="", email="", unit="", peran="")).people[0].state == "unchanged"
    apply(row(ruang="B"))
    stored.refresh_from_db()
    assert (stored.phone, stored.room, stored.roles) == ("0812", "B", [roles.EMPLOYEE, roles.TECHNICIAN])


def test_naming_pegawai_alone_takes_the_other_roles_away() -> None:
    stored = UserFactory(roles.ADMIN, username="wati", full_name="Wati Lestari")
    apply(row(peran="Pegawai"))
    stored = User.objects.get(pk=stored.pk)
    assert stored.roles == [roles.EMPLOYEE]
    assert not stored.is_staff


def test_an_update_leaves_password_and_activity_alone() -> None:
    stored = UserFactory(username="wati", is_active=False, language="en")
    apply(row())
    stored.refresh_from_db()
    assert stored.has_usable_password()
    assert (stored.is_active, stored.language) == (False, "en")


def test_planning_changes_nothing() -> None:
    stored = UserFactory(username="wati", full_name="Wati")
    plan(row(), row(username="baru"))
    stored.refresh_from_db()
    assert stored.full_name == "Wati"
    assert not User.objects.filter(username="baru").exists()


def test_who_imported_is_kept_in_the_history(cast: Cast) -> None:
    apply(row(), row(username=cast.colleague.username, nama="Kiki Baru"), by=cast.admin)
    entries = LogEntry.objects.order_by("action_flag")
    assert [(entry.user, entry.object_repr, entry.action_flag) for entry in entries] == [
        (cast.admin, "Wati Lestari", 1),
        (cast.admin, "Kiki Baru", 2),
    ]


# Failure


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"nama": ""}, "nama"),
        ({"nama": "x" * 151}, "nama"),
        ({"username": ""}, "username"),
        ({"username": "wati@example.com"}, "username"),
        ({"username": "wa ti"}, "username"),
        ({"nip": "123"}, "nip"),
        ({"nip": "199013322014032001"}, "nip"),
        ({"email": "bukan-email"}, "email"),
        ({"unit": "9999"}, "unit"),
        ({"telepon": "abc"}, "telepon"),
        ({"ruang": "x" * 101}, "ruang"),
        ({"peran": "Kepala"}, "peran"),
        ({"peran": "Teknisi, Raja"}, "peran"),
    ],
)
def test_a_bad_cell_is_an_error_at_its_column(cells: dict[str, str], column: str) -> None:
    assert errors(row(**cells)) == [{column}]


def test_all_errors_of_all_rows_are_told_at_once() -> None:
    assert errors(row(nip="1", unit="x"), row(username="b", email="x"), row(username="c")) == [
        {"nip", "unit"},
        {"email"},
        set(),
    ]


@pytest.mark.parametrize(
    "cells",
    [{"nip": NIP}, {"email": "sama@example.com"}, {"email": "SAMA@example.com"}],
)
def test_the_same_person_twice_in_the_file_is_an_error_at_the_second(cells: dict[str, str]) -> None:
    first = {"nip": NIP, "email": "sama@example.com"}
    people = plan(row(**{key: first[key] for key in cells}), row(username="lain", **cells)).people
    assert not people[0].errors
    assert people[1].errors == {next(iter(cells)): ["Sama dengan baris 2."]}


def test_the_same_user_name_in_other_case_is_the_same() -> None:
    assert errors(row(), row(username="WATI")) == [set(), {"username"}]


def test_names_of_somebody_else_are_refused() -> None:
    UserFactory(username="kiki", full_name="Kiki", nip=OTHER_NIP, email="kiki@example.com")
    UserFactory(username="wati", nip=NIP)
    people = plan(row(nip=NIP, email="kiki@example.com"), row(nip=NIP, username="kiki")).people
    assert people[0].errors == {"email": ["Sudah dipakai oleh Kiki."]}
    assert "Sudah dipakai oleh Kiki." in people[1].errors["username"]


def test_a_user_name_whose_nip_differs_is_no_silent_change() -> None:
    UserFactory(username="wati", nip=OTHER_NIP)
    assert errors(row(nip=NIP)) == [{"username"}]


def test_one_bad_row_stores_nothing_at_all() -> None:
    planned = apply(row(), row(username="b", nip="1"))
    assert planned.counts == {"added": 1, "updated": 0, "unchanged": 0, "error": 1}
    assert not User.objects.filter(username="wati").exists()


def test_a_superuser_is_out_of_an_admins_reach(cast: Cast) -> None:
    UserFactory(username="root", is_superuser=True)
    taken_over = row(username="root", email="saya@example.com")
    assert errors(taken_over, by=cast.admin) == [{"username"}]
    assert errors(taken_over, by=None) == [set()]


def test_a_clash_that_arises_while_storing_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else adds the same user between our look and our write."""

    def store(person: imports.Person) -> None:
        User.objects.bulk_create([User(username=person.user.username, full_name="Lebih Cepat")])
        person.user.save()

    monkeypatch.setattr(imports, "_store", store)
    with pytest.raises(ValidationError, match="berubah"):
        apply(row())


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        plan(*(row(username=f"orang{n}", email=f"orang{n}@example.com") for n in range(50)))
