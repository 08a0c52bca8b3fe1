"""Each invariant is clean on what the actions made, and finds what was broken past the database's guards."""

from typing import Any

import pytest
from django.db import connection

from network import actions
from network.integrity import INVARIANTS
from network.models import Device, Subnet, Workgroup
from tests.network.factories import make_device

UNGUARDED = """
    ALTER TABLE network_ipassignment DISABLE TRIGGER USER;
    ALTER TABLE network_device DISABLE TRIGGER USER;
    ALTER TABLE network_observation DISABLE TRIGGER USER;
    ALTER TABLE network_device DROP CONSTRAINT device_decommissioned_holds_no_name;
    ALTER TABLE network_subnet DROP CONSTRAINT subnet_no_overlap;
    DROP INDEX ipassignment_address_live_unique;
    DROP INDEX nameassignment_live_unique;
"""


def found(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(INVARIANTS[name])
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def pair(subnet: Subnet, workgroup: Workgroup) -> tuple[Device, Device]:
    first, second = make_device(), make_device()
    for number, device in enumerate((first, second), 1):
        record: dict[str, Any] = {"address": f"10.17.0.{20 + number}", "pc_name": f"PC-{number}"}
        actions.activate(device, **record, workgroup=workgroup, by=None)
    return first, second


@pytest.mark.parametrize("name", INVARIANTS)
def test_what_the_actions_make_is_whole(pair: tuple[Device, Device], name: str) -> None:
    actions.decommission(pair[1], reason="Rusak", by=None)
    assert found(name) == []


@pytest.mark.parametrize(
    ("name", "damage", "fault"),
    [
        (
            "a live address belongs to one device",
            "UPDATE network_ipassignment SET address = '10.17.0.21'",
            "10.17.0.21",
        ),
        ("a live PC name belongs to one device", "UPDATE network_nameassignment SET name = 'pc-1'", "PC-1"),
        (
            "a live address lies in its subnet and may be given",
            "UPDATE network_ipassignment SET address = '10.17.0.201' WHERE address = '10.17.0.21'",
            "10.17.0.201",
        ),
        (
            "subnets do not overlap",
            "INSERT INTO network_subnet (cidr, name, unit_id, seen_directly) "
            "SELECT '10.17.0.0/25', 'x', unit_id, FALSE FROM network_subnet",
            "10.17.0.0/24 and 10.17.0.0/25",
        ),
        ("a device shows the PC name that it holds", "UPDATE network_device SET pc_name = 'X'", "device"),
        (
            "a device out of service holds nothing",
            "UPDATE network_device SET decommissioned_at = now(), decommission_reason = 'x'",
            "device",
        ),
        (
            "nothing is known of what was seen outside a directly seen subnet",
            "INSERT INTO network_observation "
            "(subnet_id, address, answered, name, workgroup, mac, since, at, is_current) "
            "SELECT id, '10.17.0.9', FALSE, '', '', '', now(), now(), TRUE FROM network_subnet",
            "10.17.0.9",
        ),
        ("the trail of a registry row ends with the row as it is", "UPDATE network_device SET room = 'x'", "device"),
    ],
)
def test_damage_is_found(pair: tuple[Device, Device], name: str, damage: str, fault: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(UNGUARDED)
        cursor.execute(damage)
    assert any(row.startswith(fault) for row in found(name))
