"""The trail of a device or a subnet, as an admin reads it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from network import actions, trail
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast, UnitFactory
from tests.network.factories import make_device
from tests.network.test_views import client, get, post


def told(changes: list[trail.Change]) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    return [
        (change.kind, change.subject, {line.label: (line.before, line.after) for line in change.lines})
        for change in changes
    ]


def test_a_change_is_told_from_what_to_what(device: Device) -> None:
    room, unit = device.room, UnitFactory(code="1701", name="BPS Rejang")
    actions.change_device(device, facts={"room": "12", "unit": unit, "mac": "3C:52:82:1A:0B:4F"}, by=None)
    kind, subject, lines = told(trail.of_device(device))[0]
    assert (kind, subject) == ("update", "Perangkat")
    assert lines["ruang"] == (room, "12")
    assert lines["unit kerja"] == (str(make_device().unit), str(unit))
    assert lines["alamat MAC"] == ("", "3C:52:82:1A:0B:4F")
    assert set(lines) == {"ruang", "unit kerja", "alamat MAC"}


def test_what_a_device_holds_is_part_of_its_trail(device: Device, subnet: Subnet, workgroup: Workgroup) -> None:
    record: dict[str, Any] = {"address": "10.17.0.23", "pc_name": "PC-1", "workgroup": workgroup, "by": None}
    actions.reserve(device, **record)
    actions.activate(device, **record)
    found = told(trail.of_device(device))
    assert ("update", "Alamat IP 10.17.0.23", {"keadaan": ("Dipesan", "Dipakai")}) in found
    assert ("update", "Nama PC PC-1", {"keadaan": ("Dipesan", "Dipakai")}) in found
    assert found[-1][:2] == ("insert", "Perangkat")


def test_the_plans_of_tickets_are_told_by_the_tickets(device: Device) -> None:
    actions.rely_on(device, plan="HC-2026-000001")
    assert [change.kind for change in trail.of_device(device)] == ["insert"]


def test_other_devices_are_not_in_it(device: Device, subnet: Subnet, workgroup: Workgroup) -> None:
    actions.activate(make_device(), address="10.17.0.23", pc_name="PC-1", workgroup=workgroup, by=None)
    assert len(trail.of_device(device)) == 1


def test_a_subnet_s_trail_tells_its_ranges_too(subnet: Subnet) -> None:
    subnet.seen_directly, subnet.name = True, "LAN lantai 2"
    actions.save_subnet(subnet, exclusions=[("10.17.0.2", "10.17.0.9")], by=None)
    found = told(trail.of_subnet(subnet))
    assert ("update", "Subnet") in [row[:2] for row in found]
    changed = next(lines for kind, _, lines in found if kind == "update")
    assert changed == {
        "nama": ("LAN kantor", "LAN lantai 2"),
        "terlihat langsung oleh server ini": ("Tidak", "Ya"),
    }
    ranges = [row[:2] for row in found if row[1].startswith("Rentang")]
    assert ("delete", "Rentang yang dikecualikan 10.17.0.200") in ranges
    assert ("insert", "Rentang yang dikecualikan 10.17.0.2") in ranges


# The pages


def test_who_from_where_and_why_stand_beside_a_change(
    cast: Cast, device: Device, subnet: Subnet, workgroup: Workgroup
) -> None:
    data = {"unit": device.unit_id, "room": "Arsip", "address": "10.17.0.23", "pc_name": "PC-1"}
    data |= {"workgroup": workgroup.pk, "reason": "<b>Pindah</b> arsip"}
    assert post(cast.technician, "device-record", device.pk, **data).status_code == 302
    page = get(cast.admin, "device-trail", device.pk).content.decode()
    for words in ("Tono Teknisi", "127.0.0.1", "&lt;b&gt;Pindah&lt;/b&gt; arsip", "10.17.0.23", "Arsip"):
        assert words in page
    newest = trail.of_device(device)[0]
    assert (newest.who, newest.origin, newest.reason) == (cast.technician, "127.0.0.1", "<b>Pindah</b> arsip")


def test_a_change_without_a_request_is_the_systems(cast: Cast, device: Device) -> None:
    assert "sistem" in get(cast.admin, "device-trail", device.pk).content.decode()


@pytest.mark.parametrize("name", ["device-trail", "subnet-trail"])
def test_the_trail_is_for_admins(cast: Cast, device: Device, subnet: Subnet, name: str) -> None:
    pk = device.pk if name == "device-trail" else subnet.pk
    people = (cast.requester, cast.technician, cast.supervisor, cast.admin)
    assert [get(person, name, pk).status_code for person in people] == [403, 403, 403, 200]
    assert Client().get(reverse(f"network:{name}", args=[pk])).status_code == 302


def test_only_admins_are_led_to_it(cast: Cast, device: Device, subnet: Subnet) -> None:
    for name, pk in (("device", device.pk), ("subnet", subnet.pk)):
        link = reverse(f"network:{name}-trail", args=[pk])
        assert link in get(cast.admin, f"{name}-detail", pk).content.decode()
        assert link not in get(cast.technician, f"{name}-detail", pk).content.decode()


def test_a_long_trail_is_cut_and_costs_the_same(
    cast: Cast, device: Device, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Device.objects.filter(pk=device.pk).update(room=f"R-{number}")
    monkeypatch.setattr(trail, "MOST_CHANGES", 20)
    browser = client(cast.admin)
    with django_assert_max_num_queries(14):
        page = browser.get(reverse("network:device-trail", args=[device.pk]))
    assert len(page.context["changes"]) == 20
    assert page.context["changes"][0].lines[0].after == "R-29"
