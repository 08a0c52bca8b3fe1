"""A device that moves, is renamed or gets another address, outside of a ticket."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from network import actions
from network.models import Device, NameAssignment, Subnet, Workgroup
from tests.factories import Cast, UnitFactory
from tests.network.factories import make_device, make_subnet, make_workgroup
from tests.network.test_tracking import events
from tests.network.test_views import get, post


@pytest.fixture
def held(device: Device, subnet: Subnet, workgroup: Workgroup) -> actions.Record:
    """What the device holds."""
    actions.activate(device, address="10.17.0.23", pc_name="PC-01", workgroup=workgroup, by=None)
    return actions.Record(device.unit, device.room, "10.17.0.23", "PC-01", workgroup)


def change(device: Device, record: actions.Record, reason: str = "Pindah ruang.", **who: Any) -> Device:
    return actions.change_record(device, record, reason=reason, **{"by": None, **who})


def refused(device: Device, record: actions.Record, **how: Any) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        change(device, record, **how)
    return set(caught.value.message_dict)


def test_everything_changes_at_once_and_the_old_stays_in_the_history(
    device: Device, held: actions.Record, cast: Cast
) -> None:
    unit, other = UnitFactory(code="1701"), make_workgroup("BPS1701")
    changed = change(device, actions.Record(unit, "Arsip", "10.17.0.24", "PC-02", other), by=cast.admin)
    assert (changed.unit, changed.room, changed.pc_name, changed.workgroup) == (unit, "Arsip", "PC-02", other)
    rows = list(device.addresses.order_by("pk").values_list("address", "state", "activated_by"))
    assert rows == [("10.17.0.23", "released", None), ("10.17.0.24", "active", cast.admin.pk)]
    assert list(device.names.order_by("pk").values_list("name", "state")) == [
        ("PC-01", "released"),
        ("PC-02", "active"),
    ]


def test_what_is_not_changed_is_not_written(device: Device, held: actions.Record) -> None:
    change(device, replace(held, room="Arsip"))
    assert [row.state for row in device.addresses.all()] == ["active"]
    assert events("IPAssignment").count() == 1
    assert events("Device").last().room == "Arsip"


def test_the_reason_stands_beside_the_trail(device: Device, held: actions.Record, cast: Cast) -> None:
    change(device, replace(held, pc_name="PC-02"), reason=" Salah ketik. ", by=cast.technician)
    for model in ("Device", "NameAssignment"):
        metadata = events(model).last().pgh_context.metadata
        assert (metadata["reason"], metadata["user"]) == ("Salah ketik.", cast.technician.pk)


def test_a_device_without_a_record_gets_its_first(device: Device, subnet: Subnet, workgroup: Workgroup) -> None:
    change(device, actions.Record(device.unit, device.room, "10.17.0.23", "PC-01", workgroup))
    assert device.current_address == "10.17.0.23"


def test_a_change_needs_a_reason_and_something_to_change(device: Device, held: actions.Record) -> None:
    assert refused(device, replace(held, room="9"), reason=" ") == {"reason"}
    assert refused(device, held) == {"device"}


def test_what_another_device_holds_is_refused_and_nothing_is_written(device: Device, held: actions.Record) -> None:
    other = make_device()
    actions.activate(other, address="10.17.0.30", pc_name="PC-30", workgroup=held.workgroup, by=None)
    assert refused(device, replace(held, address="10.17.0.30", room="Arsip")) == {"address"}
    assert refused(device, replace(held, pc_name="pc-30")) == {"pc_name"}
    assert refused(device, replace(held, address="10.17.0.1", pc_name="-")) == {"pc_name"}
    assert refused(device, replace(held, address="10.99.0.1")) == {"address"}
    device.refresh_from_db()
    assert (device.room, device.pc_name, device.current_address) == (held.room, "PC-01", "10.17.0.23")


def test_a_device_that_a_ticket_works_on_is_left_to_the_ticket(device: Device, held: actions.Record) -> None:
    actions.rely_on(device, plan="HC-2026-000001")
    assert refused(device, replace(held, room="9")) == {"device"}
    actions.let_go(device, plan="HC-2026-000001")
    actions.reserve(device, address="10.17.0.50", pc_name="PC-50", workgroup=held.workgroup, by=None)
    assert refused(device, replace(held, room="9")) == {"device"}
    assert NameAssignment.objects.reserved().exists()


def test_a_device_out_of_service_is_not_changed(device: Device, held: actions.Record) -> None:
    actions.decommission(device, reason="Rusak", by=None)
    assert refused(device, replace(held, room="9")) == {"device"}


# The page


def sent(held: actions.Record, **changes: Any) -> dict[str, Any]:
    given = {"unit": held.unit.pk, "room": held.room, "address": held.address, "pc_name": held.pc_name}
    return {**given, "workgroup": held.workgroup.pk, "reason": "Pindah ruang.", **changes}


def test_the_form_comes_filled_and_writes(cast: Cast, device: Device, held: actions.Record) -> None:
    page = get(cast.technician, "device-record", device.pk).content.decode()
    assert 'value="10.17.0.23"' in page
    assert 'value="PC-01"' in page
    answer = post(cast.technician, "device-record", device.pk, **sent(held, address="10.17.0.24", room="Arsip"))
    assert (answer.status_code, answer["Location"]) == (302, device.get_absolute_url())
    page = get(cast.technician, "device-detail", device.pk).content.decode()
    assert "10.17.0.23" in page
    assert "10.17.0.24" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", ""),
        ("unit", "9" * 40),
        ("room", "x" * 101),
        ("address", ""),
        ("address", "10.17.0.999"),
        ("address", "10.17.0.1"),
        ("pc_name", "-"),
        ("pc_name", "a\x00b"),
        ("workgroup", ""),
        ("reason", " "),
        ("reason", "x" * 501),
    ],
)
def test_a_fault_is_told_at_its_field(cast: Cast, device: Device, held: actions.Record, field: str, value: str) -> None:
    answer = post(cast.admin, "device-record", device.pk, **sent(held, room="Arsip") | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert "10.17.0.23" in device.current_address


def test_nothing_changed_is_told_above_the_form(cast: Cast, device: Device, held: actions.Record) -> None:
    answer = post(cast.admin, "device-record", device.pk, **sent(held))
    assert answer.status_code == 422
    assert "Belum ada yang diubah." in answer.content.decode()


def test_a_free_address_of_the_unit_is_proposed(cast: Cast, device: Device, held: actions.Record) -> None:
    there = UnitFactory(code="1701")
    make_subnet("10.18.0.0/24", unit=there)

    def proposed(**params: str) -> str:
        return str(get(cast.admin, "device-proposal", device.pk, **params).content.decode())

    assert 'value="10.18.0.1"' in proposed(unit=str(there.pk), address="10.17.0.23")
    assert 'value="10.18.0.2"' in proposed(unit=str(there.pk), address="10.18.0.1")
    nowhere = proposed(unit=str(UnitFactory(code="1799").pk), address="10.17.0.23")
    assert "tidak punya alamat bebas" in nowhere
    assert 'value="10.17.0.23"' in nowhere
    assert "tidak punya alamat bebas" in proposed(unit="x", address="\0")


def test_whoever_only_reads_changes_nothing(cast: Cast, device: Device, held: actions.Record) -> None:
    assert post(cast.supervisor, "device-record", device.pk, **sent(held, room="Arsip")).status_code == 403
    assert "device-record" not in get(cast.supervisor, "device-detail", device.pk).content.decode()
    assert post(cast.requester, "device-record", device.pk, **sent(held, room="Arsip")).status_code == 404
