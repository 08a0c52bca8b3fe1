from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.prepared import spelt_out
from network import actions
from network.models import Device, IPAssignment, NameAssignment, State, Subnet, Workgroup
from tests.factories import Cast
from tests.network.factories import make_device, make_subnet, make_workgroup

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)


def refused(act: Callable[[], Any], *fields: str) -> dict[str, list[str]]:
    """The messages of the ValidationError, which lies on exactly these fields."""
    with pytest.raises(ValidationError) as caught:
        act()
    assert set(caught.value.message_dict) == set(fields)
    return caught.value.message_dict


def reserve(device: Device, address: str = "10.17.0.23", pc_name: str = "PC-01", **values: Any) -> actions.Reservation:
    values = {"workgroup": Workgroup.objects.get(), "by": None, **values}
    return actions.reserve(device, address=address, pc_name=pc_name, **values)


def activate(device: Device, address: str = "10.17.0.23", pc_name: str = "PC-01", **values: Any) -> actions.Reservation:
    values = {"workgroup": Workgroup.objects.get(), "by": None, **values}
    return actions.activate(device, address=address, pc_name=pc_name, **values)


def states(device: Device) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return (
        list(device.addresses.order_by("pk").values_list("address", "state")),
        list(device.names.order_by("pk").values_list("name", "state")),
    )


pytestmark = pytest.mark.usefixtures("subnet", "workgroup")


def test_a_new_device_has_its_facts(cast: Cast) -> None:
    device = make_device(
        owner=cast.requester, mac="3c-52-82-1a-0b-4f", brand_model="HP 280", asset_number="17", now=NINE
    )
    device.refresh_from_db()
    assert (device.mac, device.registered_at, device.owner, device.in_service) == (
        "3C:52:82:1A:0B:4F",
        NINE,
        cast.requester,
        True,
    )


def test_a_device_s_facts_are_checked() -> None:
    refused(lambda: make_device(kind="phone"), "kind")
    refused(lambda: make_device(mac="x"), "mac")
    refused(lambda: make_device(room="x" * 101), "room")


def test_a_mac_address_known_already_is_refused_at_its_field() -> None:
    make_device(mac="3C:52:82:1A:0B:4F")
    refused(lambda: make_device(mac="3c52821a0b4f"), "mac")


def test_only_the_facts_named_change(device: Device, cast: Cast) -> None:
    Device.objects.filter(pk=device.pk).update(brand_model="diubah orang lain")
    changed = actions.change_device(device, facts={"room": "12", "mac": "3c52821a0b4f"}, by=cast.admin)
    changed.refresh_from_db()
    assert (changed.room, changed.mac, changed.brand_model) == ("12", "3C:52:82:1A:0B:4F", "diubah orang lain")


def test_changed_facts_are_checked(device: Device) -> None:
    make_device(mac="3C:52:82:1A:0B:4F")
    refused(lambda: actions.change_device(device, facts={"mac": "3C:52:82:1A:0B:4F"}, by=None), "mac")
    refused(lambda: actions.change_device(device, facts={"kind": "phone"}, by=None), "kind")


def test_names_are_no_facts(device: Device) -> None:
    with pytest.raises(KeyError):
        actions.change_device(device, facts={"pc_name": "PC-01"}, by=None)


def test_reserving_plans_the_record_and_changes_nothing_in_use(device: Device, cast: Cast) -> None:
    plan = reserve(device, pc_name="pc-01", by=cast.technician, now=NINE)
    assert (plan.address.address, plan.address.state, plan.address.reserved_at) == ("10.17.0.23", "reserved", NINE)
    assert (plan.name.name, plan.name.state, plan.name.reserved_by) == ("pc-01", "reserved", cast.technician)
    assert plan.workgroup.name == "BPS1700"
    device.refresh_from_db()
    assert (device.pc_name, device.workgroup) == ("", None)


def test_reserving_again_replaces_the_plan(device: Device) -> None:
    reserve(device, "10.17.0.23", "PC-01", now=NINE)
    reserve(device, "10.17.0.24", "PC-01", now=TEN)
    assert states(device) == (
        [("10.17.0.23", "released"), ("10.17.0.24", "reserved")],
        [("PC-01", "reserved")],
    )


def test_reserving_the_same_twice_changes_nothing(device: Device) -> None:
    assert reserve(device) == reserve(device)
    assert IPAssignment.objects.count() == 1


def test_a_plan_equal_to_what_is_active_reuses_it(device: Device) -> None:
    active = activate(device)
    plan = reserve(device, pc_name="pc-01")
    assert (plan.address, plan.name) == (active.address, active.name)
    assert states(device) == ([("10.17.0.23", "active")], [("PC-01", "active")])


def test_a_plan_may_keep_the_address_and_change_the_name(device: Device) -> None:
    activate(device)
    reserve(device, pc_name="PC-02")
    assert states(device) == ([("10.17.0.23", "active")], [("PC-01", "active"), ("PC-02", "reserved")])


def test_another_spelling_is_the_same_address(device: Device) -> None:
    assert reserve(device, "::ffff:10.17.0.23").address.address == "10.17.0.23"


@pytest.mark.parametrize("act", [reserve, activate])
def test_an_address_of_another_device_is_refused(device: Device, act: Callable[..., Any]) -> None:
    reserve(device)
    refused(lambda: act(make_device(), "10.17.0.23", "PC-02"), "address")


@pytest.mark.parametrize("act", [reserve, activate])
def test_a_name_of_another_device_is_refused_without_case(device: Device, act: Callable[..., Any]) -> None:
    activate(device)
    refused(lambda: act(make_device(), "10.17.0.24", "pc-01"), "pc_name")


@pytest.mark.parametrize("act", [reserve, activate])
def test_both_faults_are_told_at_once(device: Device, act: Callable[..., Any]) -> None:
    activate(device)
    refused(lambda: act(make_device(), "10.17.0.23", "PC-01"), "address", "pc_name")
    refused(lambda: act(make_device(), "10.17.0.300", "PC 01"), "address", "pc_name")


@pytest.mark.parametrize("act", [reserve, activate])
@pytest.mark.parametrize(
    "address", ["10.99.0.1", "10.17.0.0", "10.17.0.255", "10.17.0.1", "10.17.0.201", "127.0.0.1", "", "x"]
)
def test_an_address_that_nobody_may_have_is_refused(device: Device, act: Callable[..., Any], address: str) -> None:
    refused(lambda: act(device, address), "address")
    assert not IPAssignment.objects.exists()


def test_a_refusal_leaves_the_earlier_plan(device: Device) -> None:
    reserve(device)
    refused(lambda: reserve(device, "10.17.0.1", "PC-02"), "address")
    assert states(device) == ([("10.17.0.23", "reserved")], [("PC-01", "reserved")])


def test_activating_the_plan_makes_it_the_record(device: Device, cast: Cast) -> None:
    reserve(device, now=NINE)
    record = activate(device, by=cast.technician, now=TEN)
    record.address.refresh_from_db()
    assert (record.address.state, record.address.reserved_at, record.address.activated_at) == ("active", NINE, TEN)
    assert record.name.activated_by == cast.technician
    device.refresh_from_db()
    assert (device.pc_name, str(device.workgroup)) == ("PC-01", "BPS1700")


def test_activating_something_else_releases_the_plan(device: Device) -> None:
    reserve(device, "10.17.0.23", "PC-01")
    activate(device, "10.17.0.24", "PC-02")
    assert states(device) == (
        [("10.17.0.23", "released"), ("10.17.0.24", "active")],
        [("PC-01", "released"), ("PC-02", "active")],
    )


def test_activating_releases_the_earlier_record_and_keeps_its_history(device: Device, cast: Cast) -> None:
    activate(device, "10.17.0.23", "PC-01", now=NINE)
    activate(device, "10.17.0.24", "PC-01", now=TEN, by=cast.admin)
    old = IPAssignment.objects.get(address="10.17.0.23")
    assert (old.state, old.activated_at, old.released_at, old.released_by) == ("released", NINE, TEN, cast.admin)
    assert states(device)[1] == [("PC-01", "active")]


def test_activating_the_active_record_again_changes_only_the_spelling(device: Device) -> None:
    activate(device, now=NINE)
    record = activate(device, pc_name="pc-01", now=TEN)
    device.refresh_from_db()
    assert (record.address.activated_at, device.pc_name, states(device)[1]) == (NINE, "pc-01", [("pc-01", "active")])


def test_what_one_device_released_another_may_take(device: Device) -> None:
    activate(device, "10.17.0.23", "PC-01")
    activate(device, "10.17.0.24", "PC-02")
    activate(make_device(), "10.17.0.23", "PC-01")


def test_releasing_a_plan_frees_it_and_leaves_the_record(device: Device) -> None:
    activate(device, "10.17.0.23", "PC-01", now=NINE)
    reserve(device, "10.17.0.24", "PC-02", now=TEN)
    actions.release_reservation(device, by=None, now=ELEVEN)
    assert states(device) == (
        [("10.17.0.23", "active"), ("10.17.0.24", "released")],
        [("PC-01", "active"), ("PC-02", "released")],
    )
    reserve(make_device(), "10.17.0.24", "PC-02")


def test_releasing_nothing_is_harmless(device: Device) -> None:
    actions.release_reservation(device, by=None)
    actions.decommission(device, reason="Rusak", by=None)
    actions.release_reservation(device, by=None)


def test_decommissioning_frees_the_record(subnet: Subnet, workgroup: Workgroup, cast: Cast) -> None:
    device = make_device(now=NINE)
    activate(device, now=NINE)
    actions.decommission(device, reason=" Rusak berat ", by=cast.admin, now=ELEVEN)
    device.refresh_from_db()
    assert (device.decommissioned_at, device.decommission_reason) == (ELEVEN, "Rusak berat")
    assert (device.pc_name, device.workgroup, device.in_service) == ("", None, False)
    assert states(device) == ([("10.17.0.23", "released")], [("PC-01", "released")])


def test_decommissioning_is_refused_while_a_reservation_stands(device: Device) -> None:
    reserve(device)
    refused(lambda: actions.decommission(device, reason="Rusak", by=None), "device")
    device.refresh_from_db()
    assert device.in_service


def test_decommissioning_is_refused_while_a_plan_rests_on_the_device_though_it_reserved_nothing(device: Device) -> None:
    activate(device)
    reserve(device)
    for plan in ("HC-2", "HC-1", "HC-2"):
        actions.rely_on(device, plan=plan)
    with pytest.raises(ValidationError, match="sedang disiapkan lewat HC-1, HC-2") as refusal:
        actions.decommission(device, reason="Rusak", by=None)
    assert set(refusal.value.message_dict) == {"device"}
    actions.let_go(device, plan="HC-1")
    refused(lambda: actions.decommission(device, reason="Rusak", by=None), "device")
    actions.let_go(device, plan="HC-2")
    actions.let_go(device, plan="HC-2")
    actions.decommission(device, reason="Rusak", by=None)


def test_no_plan_rests_on_a_device_out_of_service(device: Device) -> None:
    actions.decommission(device, reason="Rusak", by=None)
    refused(lambda: actions.rely_on(device, plan="HC-1"), "device")
    actions.let_go(device, plan="HC-1")


@pytest.mark.parametrize("reason", ["", "  "])
def test_decommissioning_needs_a_reason(device: Device, reason: str) -> None:
    refused(lambda: actions.decommission(device, reason=reason, by=None), "reason")


@pytest.mark.parametrize(
    "act",
    [
        reserve,
        activate,
        lambda device: actions.decommission(device, reason="Rusak", by=None),
        lambda device: actions.change_device(device, facts={"room": "1"}, by=None),
    ],
)
def test_nothing_happens_to_a_device_out_of_service(device: Device, act: Callable[..., Any]) -> None:
    actions.decommission(device, reason="Rusak", by=None)
    refused(lambda: act(device), "device")


def test_a_clock_that_went_back_does_not_turn_lives_around(device: Device) -> None:
    reserve(device, now=TEN)
    activate(device, now=NINE)
    actions.decommission(device, reason="Rusak", by=None, now=NINE)
    row = IPAssignment.objects.get()
    assert (row.reserved_at, row.activated_at, row.released_at) == (TEN, TEN, TEN)


def test_the_time_is_read_from_the_database_after_the_lock(device: Device) -> None:
    with CaptureQueriesContext(connection) as queries:
        reserve(device)
    statements = [spelt_out(query["sql"]) for query in queries]
    lock = next(n for n, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql)
    assert [n for n, sql in enumerate(statements) if "clock_timestamp" in sql] == [lock + 1]


def test_who_had_an_address_at_a_time_is_one_look_up(device: Device) -> None:
    other = make_device()
    activate(device, "10.17.0.23", "PC-01", now=NINE)
    activate(device, "10.17.0.24", "PC-01", now=TEN)
    activate(other, "10.17.0.23", "PC-02", now=ELEVEN)

    def holder(at: datetime) -> list[Device]:
        return [row.device for row in IPAssignment.objects.filter(address="10.17.0.23").active_at(at)]

    minute = timedelta(minutes=1)
    assert [holder(at) for at in (NINE - minute, NINE, TEN - minute, TEN, ELEVEN)] == [
        [],
        [device],
        [device],
        [],
        [other],
    ]


def test_a_subnet_is_saved_with_its_ranges(subnet: Subnet) -> None:
    subnet.name, subnet.gateway = "Baru", "10.17.0.254"
    actions.save_subnet(subnet, exclusions=[("10.17.0.2", "10.17.0.9"), ("10.17.0.200", "10.17.0.250")], by=None)
    subnet.refresh_from_db()
    assert (subnet.name, [str(row) for row in subnet.exclusions.all()]) == (
        "Baru",
        ["10.17.0.2 – 10.17.0.9", "10.17.0.200 – 10.17.0.250"],
    )


def test_a_subnet_may_shrink_together_with_its_ranges(subnet: Subnet) -> None:
    subnet.cidr = "10.17.0.0/25"
    actions.save_subnet(subnet, exclusions=[("10.17.0.2", "10.17.0.9")], by=None)
    assert str(Subnet.objects.get().cidr) == "10.17.0.0/25"


@pytest.mark.parametrize(
    ("values", "exclusions", "field"),
    [
        ({"cidr": "10.17.0.128/25"}, (), "cidr"),
        ({"cidr": "127.0.0.0/8"}, (), "cidr"),
        ({"cidr": "10.30.0.1/24"}, (), "cidr"),
        ({"gateway": "10.31.0.1"}, (), "gateway"),
        ({"gateway": "x"}, (), "gateway"),
        ({"vlan": 4095}, (), "vlan"),
        ({}, (("10.31.0.1", "10.31.0.2"),), "exclusions"),
        ({}, (("10.30.0.9", "10.30.0.2"),), "exclusions"),
        ({}, (("10.30.0.2", "10.30.0.9"), ("10.30.0.9", "10.30.0.12")), "exclusions"),
        ({}, (("10.30.0.x", "10.30.0.9"),), "exclusions"),
    ],
)
def test_a_subnet_s_faults_lie_at_their_fields(
    values: dict[str, Any], exclusions: tuple[tuple[str, str], ...], field: str
) -> None:
    refused(lambda: make_subnet(**{"cidr": "10.30.0.0/24", "exclusions": exclusions, **values}), field)
    assert Subnet.objects.count() == 1


def test_a_subnet_in_use_keeps_its_addresses(device: Device, subnet: Subnet) -> None:
    reserve(device)
    ranges = [("10.17.0.20", "10.17.0.30")]
    refused(lambda: actions.save_subnet(subnet, exclusions=ranges, by=None), "exclusions")
    subnet.gateway = "10.17.0.23"
    refused(lambda: actions.save_subnet(subnet, exclusions=[], by=None), "cidr")


def test_a_workgroup_may_be_spelled_anew_but_not_doubled(workgroup: Workgroup) -> None:
    workgroup.name = "bps1700"
    assert actions.save_workgroup(workgroup, by=None).name == "bps1700"
    refused(lambda: make_workgroup("Bps1700"), "name")
    refused(lambda: make_workgroup("BPS 1700"), "name")


@pytest.mark.parametrize(
    ("cidr", "gateway", "exclusions", "capacity"),
    [
        ("10.40.0.0/24", None, (), 254),
        ("10.40.0.0/24", "10.40.0.1", (), 253),
        ("10.40.0.0/24", "10.40.0.1", (("10.40.0.0", "10.40.0.9"),), 245),
        ("10.40.0.0/24", "10.40.0.1", (("10.40.0.10", "10.40.0.19"), ("10.40.0.250", "10.40.0.255")), 238),
        ("10.40.0.0/30", "10.40.0.1", (), 1),
        ("10.40.0.0/31", None, (), 2),
        ("10.40.0.0/32", None, (), 1),
    ],
)
def test_a_subnet_knows_how_many_addresses_it_can_give(
    cidr: str, gateway: str | None, exclusions: tuple[tuple[str, str], ...], capacity: int
) -> None:
    subnet = make_subnet(cidr, exclusions, gateway=gateway)
    assert subnet.capacity() == capacity
    given = sum(subnet.may_give(str(address)) for address in subnet.cidr)
    assert given == capacity


def test_states_are_what_the_queries_say(device: Device) -> None:
    activate(device, "10.17.0.23", "PC-01")
    reserve(device, "10.17.0.24", "PC-02")
    actions.activate(device, address="10.17.0.25", pc_name="PC-02", workgroup=Workgroup.objects.get(), by=None)
    assert [str(row) for row in IPAssignment.objects.live()] == ["10.17.0.25"]
    assert [str(row) for row in NameAssignment.objects.active()] == ["PC-02"]
    assert not NameAssignment.objects.reserved()
    assert IPAssignment.objects.filter(state=State.RELEASED).count() == 2
