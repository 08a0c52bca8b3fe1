"""Who had this address, PC name or MAC on that day?"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from network import actions
from network.lookups import Answer, look_up
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast
from tests.network.factories import make_device
from tests.network.test_views import client, get

WIB = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.fixture
def office(cast: Cast, subnet: Subnet, workgroup: Workgroup) -> dict[str, Device]:
    """10.17.0.23 was first's from 3 to 10 March; second reserved it on 12 and used it from 13 March on."""
    first = make_device(owner=cast.requester, mac="3C:52:82:1A:0B:4F", now=at("2026-03-01 08:00"))
    second = make_device(owner=cast.colleague, now=at("2026-03-01 08:00"))
    actions.activate(
        first, address="10.17.0.23", pc_name="PC-A", workgroup=workgroup, by=None, now=at("2026-03-03 09:00")
    )
    actions.decommission(first, reason="Rusak", by=None, now=at("2026-03-10 15:00"))
    record: dict[str, Any] = {"address": "10.17.0.23", "pc_name": "pc-a", "workgroup": workgroup, "by": None}
    actions.reserve(second, **record, now=at("2026-03-12 10:00"))
    actions.activate(second, **record, now=at("2026-03-13 11:00"))
    return {"first": first, "second": second}


def told(answer: Answer, office: dict[str, Device]) -> tuple[list[str], list[str]]:
    names = {device.pk: name for name, device in office.items()}
    return [names[life.device.pk] for life in answer.users], [names[life.device.pk] for life in answer.reservers]


@pytest.mark.parametrize(
    ("on", "users", "reservers"),
    [
        ("2026-03-02", [], []),
        ("2026-03-03", ["first"], []),
        ("2026-03-05", ["first"], []),
        ("2026-03-10", ["first"], []),
        ("2026-03-11", [], []),
        ("2026-03-12", [], ["second"]),
        ("2026-03-13", ["second"], []),
        ("2026-11-22", ["second"], []),
    ],
)
@pytest.mark.parametrize("text", ["10.17.0.23", " ::ffff:10.17.0.23 ", "Pc-a"])
def test_the_one_who_had_it_that_day_is_found(
    office: dict[str, Device], text: str, on: str, users: list[str], reservers: list[str]
) -> None:
    assert told(look_up(text, date.fromisoformat(on)), office) == (users, reservers)


def test_a_day_begins_and_ends_at_midnight_of_the_office(subnet: Subnet, workgroup: Workgroup) -> None:
    device = make_device(now=at("2026-03-01 08:00"))
    record: dict[str, Any] = {"pc_name": "PC-A", "workgroup": workgroup, "by": None}
    actions.activate(device, address="10.17.0.23", **record, now=at("2026-03-03 00:00"))
    actions.activate(device, address="10.17.0.24", **record, now=at("2026-03-04 00:00"))
    days = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]
    assert [len(look_up("10.17.0.23", day).users) for day in days] == [0, 1, 0]


@pytest.mark.parametrize("text", ["3c-52-82-1a-0b-4f", "3C52821A0B4F"])
def test_a_mac_is_found_on_the_devices_that_have_shown_it(office: dict[str, Device], text: str) -> None:
    assert told(look_up(text, date(2026, 3, 5)), office) == (["first"], [])
    assert told(look_up(text, date(2026, 3, 11)), office) == ([], [])
    assert look_up(text, date(2026, 3, 5)).kind == "mac"


def test_a_mac_that_has_moved_is_told_for_both_devices(cast: Cast) -> None:
    mac = "3C:52:82:1A:0B:4F"
    one, other = make_device(mac=mac), make_device()
    actions.change_device(one, facts={"mac": ""}, by=None)
    actions.change_device(other, facts={"mac": mac}, by=None)
    lives = look_up(mac, timezone.localdate()).lives
    assert {(life.device.pk, life.until is None) for life in lives} == {(one.pk, False), (other.pk, True)}


def test_a_name_that_looks_like_a_mac_is_found_as_a_name(subnet: Subnet, workgroup: Workgroup) -> None:
    device = make_device()
    actions.activate(device, address="10.17.0.23", pc_name="AABBCCDDEEFF", workgroup=workgroup, by=None)
    answer = look_up("aabbccddeeff", timezone.localdate() + timedelta(days=1))
    assert (answer.kind, [life.device for life in answer.users]) == ("name", [device])


# The page


def test_the_page_tells_who_and_all_lives(cast: Cast, office: dict[str, Device]) -> None:
    answer = get(cast.supervisor, "lookup", what="10.17.0.23", on="2026-03-05")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [life.device for life in answer.context["answer"].users] == [office["first"]]
    assert "Semua pemakai 10.17.0.23" in page
    for device in office.values():
        assert device.get_absolute_url() in page
    records = ",".join(str(life.record) for life in answer.context["answer"].lives)
    assert f"kind=address&amp;records={records}" in page


def test_without_a_day_it_is_today(cast: Cast, office: dict[str, Device]) -> None:
    answer = get(cast.admin, "lookup", what="10.17.0.23").context["answer"]
    assert [life.device for life in answer.users] == [office["second"]]


def test_what_was_never_held_is_told_so(cast: Cast, office: dict[str, Device]) -> None:
    assert "Tidak pernah tercatat" in get(cast.admin, "lookup", what="10.17.0.99").content.decode()
    page = get(cast.admin, "lookup", what="10.17.0.23", on="2026-03-11").content.decode()
    assert "Tidak ada yang memakainya pada hari itu" in page


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"what": ""},
        {"what": "\0"},
        {"what": "x" * 5000},
        {"what": "%"},
        {"what": "10.17.0.0/24"},
        {"what": "x", "on": "x"},
        {"what": "x", "on": "0001-01-01"},
        {"what": "x", "on": "9999-12-31"},
        {"what": "x", "on": "2026-02-30"},
        {"what": "x", "on": "\0"},
    ],
)
def test_no_parameter_breaks_the_look_up(cast: Cast, office: dict[str, Device], params: dict[str, str]) -> None:
    answer = get(cast.admin, "lookup", **params)
    assert answer.status_code == 200
    assert not answer.context["answer"] or not answer.context["answer"].lives


def test_the_look_up_is_for_those_who_see_the_registry(cast: Cast, office: dict[str, Device]) -> None:
    people = (cast.requester, cast.supervisor, cast.technician)
    assert [get(person, "lookup", what="10.17.0.23").status_code for person in people] == [403, 200, 200]


def test_the_look_up_costs_the_same_however_many_had_it(
    cast: Cast, subnet: Subnet, workgroup: Workgroup, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        device = make_device()
        actions.activate(device, address="10.17.0.23", pc_name="PC-A", workgroup=workgroup, by=None)
        actions.decommission(device, reason="Rusak", by=None)
    browser = client(cast.admin)
    with django_assert_max_num_queries(14):
        page = browser.get("/halocik/jaringan/cari/", {"what": "10.17.0.23"})
    assert len(page.context["answer"].lives) == 12
