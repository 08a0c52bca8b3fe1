"""Every change leaves a row beside it, by whatever way it came; nobody can change that row."""

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import InternalError, connection, transaction

from network import actions
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast


def events(model: str) -> Any:
    return apps.get_model("network", f"{model}Event").objects.order_by("pgh_id")


def test_an_action_is_seen(device: Device, subnet: Subnet, workgroup: Workgroup) -> None:
    actions.activate(device, address="10.17.0.23", pc_name="PC-01", workgroup=workgroup, by=None)
    assert [event.pgh_label for event in events("IPAssignment")] == ["insert"]
    assert [(event.pgh_label, event.pc_name) for event in events("Device")] == [("insert", ""), ("update", "PC-01")]
    assert events("NameAssignment").get().name == "PC-01"


def test_queryset_update_and_raw_sql_are_seen(device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(room="12")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE network_device SET room = '13' WHERE id = %s", [device.pk])
    assert [event.room for event in events("Device")][1:] == ["12", "13"]


def test_bulk_create_and_delete_are_seen(db: None) -> None:
    Workgroup.objects.bulk_create([Workgroup(name="A"), Workgroup(name="B")])
    Workgroup.objects.filter(name="A").delete()
    assert [(event.pgh_label, event.name) for event in events("Workgroup")] == [
        ("insert", "A"),
        ("insert", "B"),
        ("delete", "A"),
    ]


def test_a_change_of_a_subnet_keeps_both_shapes(subnet: Subnet) -> None:
    subnet.name = "LAN lantai 2"
    actions.save_subnet(subnet, exclusions=[("10.17.0.200", "10.17.0.210")], by=None)
    assert [(str(event.cidr), event.name) for event in events("Subnet")][-2:] == [
        ("10.17.0.0/24", "LAN kantor"),
        ("10.17.0.0/24", "LAN lantai 2"),
    ]
    assert [event.pgh_label for event in events("SubnetExclusion")] == ["insert", "delete", "insert"]


def test_an_unchanged_row_leaves_no_event(device: Device) -> None:
    Device.objects.filter(pk=device.pk).update(room=device.room)
    assert events("Device").count() == 1


def test_who_acted_stands_beside_it(device: Device, cast: Cast) -> None:
    with pghistory.context(user=cast.technician.pk, url="/halocik/perangkat/1/ubah/"):
        actions.change_device(device, facts={"room": "12"}, by=cast.technician)
    assert events("Device").last().pgh_context.metadata["user"] == cast.technician.pk


@pytest.mark.parametrize(
    "model", ["Device", "Subnet", "SubnetExclusion", "Workgroup", "IPAssignment", "NameAssignment"]
)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET pgh_label = 'x'", "DELETE FROM {table}"])
def test_the_trail_cannot_be_changed(
    device: Device, subnet: Subnet, workgroup: Workgroup, model: str, statement: str
) -> None:
    actions.activate(device, address="10.17.0.23", pc_name="PC-01", workgroup=workgroup, by=None)
    table = f"network_{model.lower()}event"
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
