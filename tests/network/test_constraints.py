"""What the database refuses whoever writes: every row here goes past the actions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from network import actions
from network.models import Device, IPAssignment, NameAssignment, Subnet, SubnetExclusion, Workgroup
from tests.network.factories import make_device, make_subnet

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def refused(write: Callable[[], Any], constraint: str, error: type[DatabaseError] = IntegrityError) -> None:
    with pytest.raises(error) as caught, transaction.atomic():
        write()
    assert constraint in str(caught.value)


def hold(device: Device, subnet: Subnet, address: str, state: str = "reserved", **times: Any) -> IPAssignment:
    times = times or {"reserved_at": NOW}
    return IPAssignment.objects.create(device=device, subnet=subnet, address=address, state=state, **times)


def name(device: Device, name: str, state: str = "active") -> NameAssignment:
    times = {"reserved_at": NOW} if state == "reserved" else {"activated_at": NOW}
    return NameAssignment.objects.create(device=device, name=name, state=state, **times)


def test_a_live_address_belongs_to_one_device(device: Device, subnet: Subnet) -> None:
    hold(device, subnet, "10.17.0.23")
    refused(lambda: hold(make_device(), subnet, "10.17.0.23"), "ipassignment_address_live_unique")
    refused(
        lambda: hold(make_device(), subnet, "10.17.0.23", "active", activated_at=NOW),
        "ipassignment_address_live_unique",
    )


def test_a_released_address_may_be_held_again(device: Device, subnet: Subnet) -> None:
    hold(device, subnet, "10.17.0.23", "released", reserved_at=NOW, released_at=NOW)
    hold(make_device(), subnet, "10.17.0.23")


def test_a_live_name_belongs_to_one_device_without_case(device: Device) -> None:
    name(device, "PC-01")
    refused(lambda: name(make_device(), "pc-01"), "nameassignment_live_unique")
    refused(lambda: name(make_device(), "Pc-01", "reserved"), "nameassignment_live_unique")


@pytest.mark.parametrize("state", ["reserved", "active"])
def test_a_device_holds_one_address_and_one_name_of_each_live_state(device: Device, subnet: Subnet, state: str) -> None:
    times = {"reserved_at": NOW} if state == "reserved" else {"activated_at": NOW}
    hold(device, subnet, "10.17.0.23", state, **times)
    name(device, "PC-01", state)
    refused(lambda: hold(device, subnet, "10.17.0.24", state, **times), f"ipassignment_one_{state}")
    refused(lambda: name(device, "PC-02", state), f"nameassignment_one_{state}")


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ("reserved", {}),
        ("reserved", {"reserved_at": NOW, "activated_at": NOW}),
        ("reserved", {"reserved_at": NOW, "released_at": NOW}),
        ("active", {"reserved_at": NOW}),
        ("active", {"activated_at": NOW, "released_at": NOW}),
        ("released", {"reserved_at": NOW}),
        ("released", {"released_at": NOW}),
        ("lost", {"reserved_at": NOW}),
        ("", {"reserved_at": NOW}),
    ],
)
def test_a_state_has_its_times_and_no_others(device: Device, subnet: Subnet, state: str, times: dict[str, Any]) -> None:
    times = {"reserved_at": None, **times}
    refused(lambda: hold(device, subnet, "10.17.0.23", state, **times), "ipassignment_state_has_its_times")


EARLIER = NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "times"),
    [
        ("active", {"reserved_at": NOW, "activated_at": EARLIER}),
        ("released", {"activated_at": NOW, "released_at": EARLIER}),
        ("released", {"reserved_at": NOW, "released_at": EARLIER}),
    ],
)
def test_a_life_goes_forward(device: Device, subnet: Subnet, state: str, times: dict[str, Any]) -> None:
    refused(lambda: hold(device, subnet, "10.17.0.23", state, **times), "ipassignment_times_in_order")


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_times_lie_in_sane_years(device: Device, subnet: Subnet, year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    refused(lambda: hold(device, subnet, "10.17.0.23", reserved_at=at), "ipassignment_reserved_at_range")
    refused(lambda: Device.objects.filter(pk=device.pk).update(registered_at=at), "device_registered_at_range")


@pytest.mark.parametrize("address", ["10.18.0.23", "10.16.255.255", "fd00::1"])
def test_an_address_lies_in_its_subnet(device: Device, subnet: Subnet, address: str) -> None:
    refused(lambda: hold(device, subnet, address), "ipassignment_in_subnet")


@pytest.mark.parametrize(
    "address", ["10.17.0.0", "10.17.0.255", "10.17.0.1", "10.17.0.200", "10.17.0.230", "10.17.0.250"]
)
def test_network_broadcast_gateway_and_excluded_addresses_are_nobody_s(
    device: Device, subnet: Subnet, address: str
) -> None:
    refused(lambda: hold(device, subnet, address), "ipassignment_usable")


@pytest.mark.parametrize("address", ["10.17.0.2", "10.17.0.199", "10.17.0.251", "10.17.0.254"])
def test_the_addresses_beside_those_are_usable(device: Device, subnet: Subnet, address: str) -> None:
    hold(device, subnet, address)


@pytest.mark.parametrize(
    ("cidr", "address"), [("10.20.0.0/31", "10.20.0.0"), ("10.20.0.0/32", "10.20.0.0"), ("fd00::/64", "fd00::ff")]
)
def test_the_smallest_subnets_have_no_edges(device: Device, cidr: str, address: str) -> None:
    hold(device, make_subnet(cidr), address)


def test_the_first_address_of_an_ipv6_subnet_is_its_routers(device: Device) -> None:
    subnet = make_subnet("fd00::/64")
    refused(lambda: hold(device, subnet, "fd00::"), "ipassignment_usable")
    hold(device, subnet, "fd00::ffff:ffff:ffff:ffff")


@pytest.mark.parametrize("cidr", ["10.17.0.0/24", "10.17.0.0/25", "10.17.0.128/25", "10.17.0.0/16", "10.17.0.7/32"])
def test_subnets_never_overlap(subnet: Subnet, cidr: str) -> None:
    refused(lambda: Subnet.objects.create(cidr=cidr, name="x", unit=subnet.unit), "subnet_no_overlap")


def test_neighbouring_subnets_may_be(subnet: Subnet) -> None:
    Subnet.objects.create(cidr="10.17.1.0/24", name="x", unit=subnet.unit)


@pytest.mark.parametrize(
    ("gateway", "vlan", "constraint"), [("10.18.0.1", 1, "gateway"), (None, 4095, "vlan"), (None, 0, "vlan")]
)
def test_a_subnet_s_gateway_and_vlan(subnet: Subnet, gateway: str | None, vlan: int, constraint: str) -> None:
    refused(
        lambda: Subnet.objects.create(cidr="10.19.0.0/24", name="x", unit=subnet.unit, gateway=gateway, vlan=vlan),
        f"subnet_{constraint}",
    )


@pytest.mark.parametrize(
    ("first", "last", "constraint"),
    [
        ("10.17.0.20", "10.17.0.10", "subnetexclusion_first_before_last"),
        ("10.17.0.10", "10.18.0.10", "subnetexclusion_in_subnet"),
        ("10.16.0.10", "10.17.0.10", "subnetexclusion_in_subnet"),
        ("10.17.0.190", "10.17.0.200", "subnetexclusion_overlap"),
        ("10.17.0.210", "10.17.0.211", "subnetexclusion_overlap"),
        ("10.17.0.20", "10.17.0.25", "subnetexclusion_in_use"),
    ],
)
def test_an_excluded_range_fits(device: Device, subnet: Subnet, first: str, last: str, constraint: str) -> None:
    hold(device, subnet, "10.17.0.23")
    refused(lambda: SubnetExclusion.objects.create(subnet=subnet, first=first, last=last), constraint)


@pytest.mark.parametrize("change", [{"cidr": "10.17.0.128/25"}, {"gateway": "10.17.0.23"}, {"cidr": "10.17.4.0/24"}])
def test_a_subnet_keeps_the_addresses_in_use(device: Device, change: dict[str, str]) -> None:
    subnet = make_subnet()
    hold(device, subnet, "10.17.0.23")
    refused(lambda: Subnet.objects.filter(pk=subnet.pk).update(**change), "subnet_in_use")


def test_a_subnet_keeps_its_excluded_ranges(subnet: Subnet) -> None:
    refused(lambda: Subnet.objects.filter(pk=subnet.pk).update(cidr="10.17.0.0/25"), "subnetexclusion_in_subnet")


def test_a_subnet_without_live_addresses_may_change(device: Device) -> None:
    subnet = make_subnet()
    hold(device, subnet, "10.17.0.23", "released", reserved_at=NOW, released_at=NOW)
    assert Subnet.objects.filter(pk=subnet.pk).update(cidr="10.17.0.128/25") == 1


@pytest.mark.parametrize("bad", ["-PC", "PC_1", "123", "", "A" * 15 + "-", "PC-"])
def test_names_keep_netbios_rules(device: Device, bad: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        name(device, bad)
    if not bad.isdigit():
        with pytest.raises(DatabaseError), transaction.atomic():
            Workgroup.objects.create(name=bad)


def test_workgroups_are_unique_without_case(db: None) -> None:
    Workgroup.objects.create(name="BPS1700")
    refused(lambda: Workgroup.objects.create(name="bps1700"), "workgroup_name_unique")


@pytest.mark.parametrize("mac", ["3c:52:82:1a:0b:4f", "3C-52-82-1A-0B-4F", "x"])
def test_a_mac_address_is_stored_in_its_one_spelling(device: Device, mac: str) -> None:
    refused(lambda: Device.objects.filter(pk=device.pk).update(mac=mac), "device_mac_canonical")


def test_a_mac_address_belongs_to_one_device_in_service(db: None) -> None:
    first = make_device(mac="3C:52:82:1A:0B:4F")
    second = make_device()
    refused(lambda: Device.objects.filter(pk=second.pk).update(mac=first.mac), "device_mac_unique")
    actions.decommission(first, reason="Rusak", by=None)
    Device.objects.filter(pk=second.pk).update(mac=first.mac)


@pytest.mark.parametrize(
    "change",
    [
        {"decommissioned_at": NOW},
        {"decommission_reason": "Rusak"},
        {"decommissioned_at": NOW, "decommission_reason": "Rusak", "pc_name": "PC-01"},
        {"kind": "phone"},
    ],
)
def test_a_device_makes_sense(device: Device, change: dict[str, Any]) -> None:
    refused(lambda: Device.objects.filter(pk=device.pk).update(**change), "device_")


def test_history_cannot_be_deleted(device: Device, subnet: Subnet) -> None:
    held, named = hold(device, subnet, "10.17.0.23"), name(device, "PC-01")
    for row in (held, named):
        refused(row.delete, "Cannot delete", InternalError)


def test_what_was_released_stays_so(device: Device, subnet: Subnet) -> None:
    held = hold(device, subnet, "10.17.0.23", "released", reserved_at=NOW, released_at=NOW)
    rows = IPAssignment.objects.filter(pk=held.pk)
    refused(lambda: rows.update(state="active", activated_at=NOW, released_at=None), "Cannot update", InternalError)
    refused(lambda: rows.update(address="10.17.0.24"), "Cannot update", InternalError)


def test_devices_and_subnets_with_a_history_stay(device: Device, subnet: Subnet) -> None:
    hold(device, subnet, "10.17.0.23", "released", reserved_at=NOW, released_at=NOW)
    for table, row in (("network_device", device), ("network_subnet", subnet)):

        def delete(table: str = table, pk: int = row.pk) -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        refused(delete, "foreign key")
