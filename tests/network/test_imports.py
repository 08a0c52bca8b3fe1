"""Devices from a table: what a row does, beside each way in which it fails; what is written, and what comes back."""

from __future__ import annotations

import io
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from jobs import plans, tables
from network import actions
from network.imports import columns, writing
from network.imports import plan as planning
from network.imports.columns import COLUMNS, cells_of
from network.imports.plan import DeviceRow, plan
from network.imports.writing import BadRows
from network.integrity import INVARIANTS
from network.models import Device, IPAssignment, NameAssignment, State, Subnet, Workgroup
from tests.factories import Cast, UserFactory
from tests.network.factories import make_device, make_subnet
from tickets.integrity import violations

pytestmark = pytest.mark.usefixtures("subnet", "workgroup")

MAC = "3C:52:82:1A:0B:4F"


def row(**cells: str) -> dict[str, str]:
    """Of a new device with everything; keys with underscores for blanks."""
    full = {
        "nama_pc": "PC-BARU", "alamat_ip": "10.17.0.20", "grup_jaringan": "BPS1700", "jenis": "PC",
        "merek_dan_tipe": "Rakitan", "nup": "31-1", "mac": MAC, "unit": "1700", "ruang": "R-1",
    }  # fmt: skip
    return spaced({**full, **cells})


def of(device: Device, **cells: str) -> dict[str, str]:
    """A row that changes these cells of the device alone."""
    return spaced({"nomor": str(device.pk), **cells})


def spaced(cells: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", " "): text for name, text in cells.items()}


def lines(*rows: dict[str, str]) -> list[plans.Line]:
    return list(enumerate(rows, start=2))


def planned(*rows: dict[str, str]) -> list[DeviceRow]:
    return plan(lines(*rows))


def faults(*rows: dict[str, str]) -> list[set[str]]:
    return [set(one.errors) for one in planned(*rows)]


def write(*rows: dict[str, str], skip: bool = False, by: User | None = None) -> list[DeviceRow]:
    return writing.write(lines(*rows), skip=skip, by=by or UserFactory())


@pytest.fixture
def live(device: Device, workgroup: Workgroup) -> Device:
    """PC-1 at 10.17.0.10."""
    actions.activate(device, address="10.17.0.10", pc_name="PC-1", workgroup=workgroup, by=None)
    device.refresh_from_db()
    return device


@pytest.fixture
def neighbour(workgroup: Workgroup) -> Device:
    """PC-2 at 10.17.0.11."""
    other = make_device(mac="3C:52:82:00:00:02")
    actions.activate(other, address="10.17.0.11", pc_name="PC-2", workgroup=workgroup, by=None)
    other.refresh_from_db()
    return other


def held(device: Device) -> tuple[str, str]:
    """Address and name in use."""
    name = device.names.active().values_list("name", flat=True).first() or ""
    return Device.objects.get(pk=device.pk).current_address, name


# Success


def test_a_new_device_comes_with_its_facts_and_its_record(subnet: Subnet) -> None:
    owner = UserFactory(username="wati", nip="199003122014032001")
    (one,) = write(row(pemegang="199003122014032001", mac="3c-52-82-1a-0b-4f", alamat_ip="10.17.0.20"))
    assert one.state == "added"
    device = Device.objects.get(pk=one.device.pk)
    facts = (device.kind, device.brand_model, device.asset_number, device.mac, device.owner, device.room)
    assert facts == ("pc", "Rakitan", "31-1", MAC, owner, "R-1")
    assert (held(device), device.pc_name, str(device.workgroup)) == (("10.17.0.20", "PC-BARU"), "PC-BARU", "BPS1700")
    assert device.addresses.get().subnet == subnet


def test_a_printer_without_a_record_comes_alone() -> None:
    write(row(jenis="printer", nama_pc="", alamat_ip="", grup_jaringan=""))
    assert Device.objects.get().kind == "printer" and not IPAssignment.objects.exists()


def test_an_empty_cell_changes_nothing_and_a_dash_empties(live: Device) -> None:
    actions.change_device(live, facts={"room": "Aula", "mac": MAC, "owner": UserFactory()}, by=None)
    write(of(live, ruang="", mac="-", pemegang="-"))
    live.refresh_from_db()
    assert (live.room, live.mac, live.owner) == ("Aula", "", None)


def test_a_changed_record_keeps_the_old_one_in_history(live: Device) -> None:
    write(of(live, alamat_ip="10.17.0.30", nama_pc="PC-LAIN"))
    assert held(live) == ("10.17.0.30", "PC-LAIN")
    assert live.addresses.get(state=State.RELEASED).address == "10.17.0.10"
    assert live.names.get(state=State.RELEASED).name == "PC-1"
    live.refresh_from_db()
    assert (live.pc_name, str(live.workgroup)) == ("PC-LAIN", "BPS1700")


def test_a_name_in_other_case_is_respelt_and_no_other_life(live: Device) -> None:
    write(of(live, nama_pc="pc-1"))
    assert list(live.names.values_list("name", "state")) == [("pc-1", "active")]
    live.refresh_from_db()
    assert live.pc_name == "pc-1"


def test_two_devices_may_change_addresses_and_names(live: Device, neighbour: Device) -> None:
    write(of(live, alamat_ip="10.17.0.11", nama_pc="PC-2"), of(neighbour, alamat_ip="10.17.0.10", nama_pc="PC-1"))
    assert (held(live), held(neighbour)) == (("10.17.0.11", "PC-2"), ("10.17.0.10", "PC-1"))


@pytest.mark.parametrize("cells", [{"mac": "3C:52:82:00:00:02"}, {"nama_pc": "pc-2"}, {"nup": "7-7"}])
def test_a_device_is_known_by_mac_name_or_asset_number(neighbour: Device, cells: dict[str, str]) -> None:
    actions.change_device(neighbour, facts={"asset_number": "7-7"}, by=None)
    (one,) = planned(spaced({**cells, "ruang": "Gudang"}))
    assert (one.state, one.device.pk) == ("updated", neighbour.pk)


def test_a_row_that_says_what_is_there_is_unchanged(neighbour: Device) -> None:
    assert (
        planned(of(neighbour, nama_pc="PC-2", alamat_ip="10.17.0.11", grup_jaringan="bps1700"))[0].state == "unchanged"
    )


def test_what_is_written_stands_in_the_trail(live: Device, cast: Cast) -> None:
    write(of(live, ruang="Gudang"), row(), by=cast.admin)
    for device in (live, Device.objects.latest("pk")):
        event = Device.pgh_event_model.objects.filter(pgh_obj=device).latest("pgh_id")  # type: ignore[attr-defined]
        assert event.pgh_context.metadata == {"user": cast.admin.pk, "reason": "Impor perangkat"}


def test_the_registry_is_sound_after_it(live: Device, neighbour: Device) -> None:
    write(of(live, alamat_ip="10.17.0.11"), of(neighbour, alamat_ip="10.17.0.12"), row(), row(
        nama_pc="PC-X", alamat_ip="10.17.0.10", mac="", nup="x"))  # fmt: skip
    assert INVARIANTS.keys() and list(violations()) == []


# Failure


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"jenis": "kulkas"}, "jenis"),
        ({"jenis": ""}, "jenis"),
        ({"unit": "9999"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"mac": "x"}, "mac"),
        ({"mac": "FF:FF:FF:FF:FF:FF"}, "mac"),
        ({"pemegang": "tidak.ada"}, "pemegang"),
        ({"pemegang": "pensiun"}, "pemegang"),
        ({"nama_pc": "PC_BARU"}, "nama pc"),
        ({"nama_pc": "123"}, "nama pc"),
        ({"nama_pc": ""}, "nama pc"),
        ({"alamat_ip": "10.17.0.300"}, "alamat ip"),
        ({"alamat_ip": "192.168.1.1"}, "alamat ip"),
        ({"alamat_ip": "10.17.0.1"}, "alamat ip"),
        ({"alamat_ip": "10.17.0.0"}, "alamat ip"),
        ({"alamat_ip": "10.17.0.210"}, "alamat ip"),
        ({"grup_jaringan": "LAIN"}, "grup jaringan"),
        ({"grup_jaringan": ""}, "grup jaringan"),
        ({"merek_dan_tipe": "x" * 101}, "merek dan tipe"),
        ({"nup": "9" * 51}, "nup"),
        ({"nomor": "999999"}, "nomor"),
        ({"nomor": "x"}, "nomor"),
        ({"nomor": "9" * 40}, "nomor"),
    ],
)
def test_what_cannot_be_is_told_at_its_column(cells: dict[str, str], column: str) -> None:
    UserFactory(username="pensiun", is_active=False)
    assert faults(row(**cells)) == [{column}]


def test_all_errors_of_all_rows_are_told_at_once() -> None:
    first = row(jenis="x", unit="x", mac="x", nama_pc="_", alamat_ip="x", grup_jaringan="x", pemegang="x")
    second = row(alamat_ip="10.17.0.1")
    assert faults(first, second) == [
        {"nama pc", "alamat ip", "grup jaringan", "jenis", "mac", "pemegang", "unit"}, {"alamat ip"},
    ]  # fmt: skip


def test_a_row_that_names_nothing_cannot_be_known() -> None:
    assert faults(row(nama_pc="", alamat_ip="", grup_jaringan="", mac="", nup="")) == [{"nomor"}]


def test_an_asset_number_that_several_have_tells_nobody_apart() -> None:
    for _number in range(2):
        make_device(asset_number="7-7")
    assert faults(spaced({"nup": "7-7", "ruang": "X"})) == [{"nomor"}]


@pytest.mark.parametrize(
    ("cells", "columns_"),
    [
        ({"mac": MAC}, {"mac"}),
        ({"nama_pc": "pc-baru"}, {"nama pc"}),
        ({"alamat_ip": "10.17.0.20"}, {"alamat ip"}),
    ],
)
def test_the_same_twice_in_the_file_is_an_error_at_the_second(cells: dict[str, str], columns_: set[str]) -> None:
    other = {"mac": "", "nup": "31-2", "nama_pc": "PC-B", "alamat_ip": "10.17.0.21", **cells}
    found = planned(row(), row(**other))
    assert [set(one.errors) for one in found] == [set(), columns_]
    assert "Sama dengan baris 2." in found[1].errors[columns_.copy().pop()]


def test_one_device_twice_is_an_error_however_it_is_named(neighbour: Device) -> None:
    assert faults(of(neighbour, ruang="A"), spaced({"mac": neighbour.mac, "ruang": "B"})) == [set(), {"nomor"}]


def test_what_another_device_holds_is_refused_and_its_holder_named(live: Device, neighbour: Device) -> None:
    (one,) = planned(row(alamat_ip="10.17.0.10", mac=neighbour.mac, nomor=str(live.pk), nama_pc="PC-2"))
    assert "PC-2" in one.errors["mac"][0] and "PC-2" in one.errors["nama pc"][0]
    (one,) = planned(row(alamat_ip="10.17.0.10"))
    assert one.errors == {"alamat ip": ["Sudah milik perangkat PC-1."]}


def test_who_is_refused_gives_nothing_up(live: Device, neighbour: Device) -> None:
    """PC-1 would take PC-2's address, a third one PC-1's; but PC-2's own row is wrong."""
    found = faults(
        row(alamat_ip="10.17.0.10"),
        of(live, alamat_ip="10.17.0.11"),
        of(neighbour, alamat_ip="10.17.0.12", jenis="kulkas"),
    )
    assert found == [{"alamat ip"}, {"alamat ip"}, {"jenis"}]


def test_a_chain_of_rows_that_take_from_each_other_costs_as_much_as_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of 5,000 rows takes the address and the name of the next device; what the last one wants is not given up,
    which refuses all of them, from the last to the first."""
    length, looks, known = 5000, Counter[str](), _chain(5000)
    gives_up = planning._gives_up
    monkeypatch.setattr(planning, "_gives_up", lambda *asked: looks.update(["look"]) or gives_up(*asked))
    rows = [_takes_from_the_next(known, number) for number in range(length)]
    planning._refuse_conflicts(rows, known)
    assert all(set(one.errors) == {"alamat ip", "nama pc"} for one in rows)
    assert looks["look"] <= 2 * 2 * length
    looks.clear()
    ring = [_takes_from_the_next(known, number) for number in range(length)]
    ring[-1].address, ring[-1].name = "A-0", "N-0"  # what the first one gives up
    planning._refuse_conflicts(ring, known)
    assert not any(one.errors for one in ring)
    assert looks["look"] == 2 * length


def _chain(length: int) -> Any:
    """What is known of `length` devices, and one more, that hold an address and a name each."""
    devices = {number + 1: Device(pk=number + 1, pc_name=f"N-{number}") for number in range(length + 1)}
    return SimpleNamespace(
        devices=devices,
        by_mac={},
        holder_of_address={f"A-{number}": number + 1 for number in range(length + 1)},
        holder_of_name={f"N-{number}": number + 1 for number in range(length + 1)},
    )


def _takes_from_the_next(known: Any, number: int) -> DeviceRow:
    facts: dict[str, Any] = {"device": known.devices[number + 1], "changed": ["nama pc", "alamat ip"], "is_new": False}
    return DeviceRow(line=number + 2, cells={}, address=f"A-{number + 1}", name=f"N-{number + 1}", **facts)


def test_a_plan_and_a_reservation_are_respected(live: Device, workgroup: Workgroup) -> None:
    actions.reserve(live, address="10.17.0.40", pc_name="PC-1", workgroup=workgroup, plan="HC-2026-000001", by=None)
    (one,) = planned(of(live, alamat_ip="10.17.0.41"))
    assert "HC-2026-000001" in one.errors["alamat ip"][0]
    assert faults(of(live, ruang="Gudang")) == [{"ruang"}]
    assert faults(of(live, merek_dan_tipe="Lenovo")) == [set()]
    assert faults(row(alamat_ip="10.17.0.40")) == [{"alamat ip"}]


def test_a_device_out_of_service_is_not_there(live: Device) -> None:
    actions.decommission(live, reason="Rusak.", by=None)
    assert faults(of(live, ruang="X")) == [{"nomor"}]
    assert faults(row(nama_pc="PC-1", alamat_ip="10.17.0.10")) == [set()]


# All or nothing, or without the bad rows


def test_one_bad_row_stores_nothing_at_all() -> None:
    with pytest.raises(BadRows) as bad:
        write(row(), row(nama_pc="_", alamat_ip="10.17.0.21", mac="", nup="b"))
    assert [one.state for one in bad.value.rows] == ["added", "error"]
    assert not Device.objects.exists()


def test_without_the_bad_rows_the_others_are_stored() -> None:
    found = write(row(), row(nama_pc="_", alamat_ip="10.17.0.21", mac="", nup="b"), skip=True)
    assert plans.counts(found) == {"added": 1, "updated": 0, "unchanged": 0, "error": 1}
    assert Device.objects.get().pc_name == "PC-BARU"


def test_the_constraints_judge_what_is_written(live: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that sees nothing of a conflict: the index does, and nothing is stored."""
    monkeypatch.setattr("network.imports.plan._refuse_conflicts", lambda _rows, _known: None)
    with pytest.raises(ValidationError, match="terus berubah"):
        write(row(alamat_ip="10.17.0.10"))
    assert Device.objects.count() == 1


def test_an_error_that_is_no_conflict_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.imports.plan._set_unit", lambda _row, _known: None)
    with pytest.raises(IntegrityError):
        write(row())


# There and back


def test_what_is_exported_is_read_as_unchanged(subnet: Subnet, workgroup: Workgroup) -> None:
    """Whatever texts people have typed, as CSV and as XLSX."""
    make_subnet("fd00:17::/64", name="IPv6", unit=subnet.unit)
    owner = UserFactory(username="wati")
    texts = [
        "",
        "-",
        "=1+1",
        "'=1+1",
        "@x",
        "+62",
        "a;b",
        'kata "kutip"',
        "  jarang  sekali ",
        "É 日本",
        "007",
        "1e5",
        "''x",
    ]
    for number, text in enumerate(texts):
        device = make_device(
            kind=list(Device.Kind)[number % 3], brand_model=text, asset_number=text, room=text,
            owner=owner if number % 2 else None, mac=f"3C:52:82:00:00:{number:02X}" if number % 3 else "",
        )  # fmt: skip
        if number % 4:
            address = f"fd00:17::{number:x}" if number % 4 == 1 else f"10.17.0.{number + 2}"
            actions.activate(device, address=address, pc_name=f"Pc-{number}", workgroup=workgroup, by=None)
    planning = make_device()
    actions.reserve(planning, address="10.17.0.99", pc_name="PC-99", workgroup=workgroup, plan="X", by=None)
    devices = list(Device.objects.select_related("owner", "unit", "workgroup"))
    cells = [cells_of(device, device.current_address) for device in devices]
    for write_table in (tables.write_csv, tables.write_xlsx):
        stream = io.BytesIO()
        write_table(stream, COLUMNS, cells)
        table = tables.read_rows(io.BytesIO(stream.getvalue()))
        rows = plan(plans.lines_of(table, known=COLUMNS, required=(), empty=""))
        assert {(one.state, *one.changes) for one in rows} == {("unchanged",)}
        assert len(rows) == len(texts) + 1


def test_the_example_is_read_without_a_wrong_column() -> None:
    assert len(columns.EXAMPLE[0]) == len(COLUMNS)


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries: Any) -> None:
    many = [
        row(nama_pc=f"PC-{n}", alamat_ip=f"10.17.0.{n + 10}", mac="", nup=f"n-{n}") for n in range(60)
    ]  # fmt: skip
    with django_assert_max_num_queries(35):
        write(*many)
    assert NameAssignment.objects.active().count() == 60
