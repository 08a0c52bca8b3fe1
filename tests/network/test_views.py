"""The registry's pages as each of four people meets them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from network import actions
from network.models import Device, IPAssignment, Subnet, Workgroup
from tests.factories import Cast, UnitFactory, UserFactory
from tests.network.factories import make_device, make_subnet

MISSING = 999_999


def client(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def get(user: Any, name: str, /, *args: Any, **params: str) -> Any:
    return client(user).get(reverse(f"network:{name}", args=args), params)


def post(user: Any, name: str, /, *args: Any, **data: Any) -> Any:
    return client(user).post(reverse(f"network:{name}", args=args), data)


@pytest.fixture
def own(cast: Cast) -> Device:
    return make_device(owner=cast.requester, mac="3C:52:82:1A:0B:4F", asset_number="NUP-77", brand_model="HP 280")


@pytest.fixture
def facts(cast: Cast) -> dict[str, Any]:
    unit = UnitFactory(code="1700")
    return {"kind": "pc", "brand_model": "HP 280", "asset_number": "12", "mac": "", "unit": unit.pk, "room": "12"}


# Who sees what


def test_an_employee_s_list_shows_own_devices_alone(cast: Cast, own: Device) -> None:
    other = make_device(owner=cast.colleague, brand_model="Lenovo")
    page = get(cast.requester, "device-list").content.decode()
    assert own.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert "1 perangkat" in page


@pytest.mark.parametrize("role", ["admin", "technician", "supervisor"])
def test_those_who_see_the_registry_see_every_device(cast: Cast, own: Device, role: str) -> None:
    person = getattr(cast, role)
    assert own.get_absolute_url() in get(person, "device-list").content.decode()
    assert get(person, "device-detail", own.pk).status_code == 200


def test_another_s_device_is_as_missing_as_none(cast: Cast, own: Device) -> None:
    assert get(cast.requester, "device-detail", own.pk).status_code == 200
    for name in ("device-detail", "device-edit"):
        assert get(cast.colleague, name, own.pk).status_code == 404
        assert get(cast.colleague, name, MISSING).status_code == 404
    assert post(cast.colleague, "device-decommission", own.pk, reason="x").status_code == 404


@pytest.mark.parametrize("pk", [0, MISSING, 10**18, 10**40])
def test_no_number_of_a_device_breaks_the_page(cast: Cast, pk: int) -> None:
    assert get(cast.admin, "device-detail", pk).status_code == 404
    assert get(cast.admin, "subnet-detail", pk).status_code == 404


def test_whoever_may_not_edit_is_told_so_on_a_device_they_see(cast: Cast, own: Device) -> None:
    for person in (cast.requester, cast.supervisor):
        assert get(person, "device-edit", own.pk).status_code == 403
        assert post(person, "device-edit", own.pk, room="9").status_code == 403
        assert post(person, "device-decommission", own.pk, reason="x").status_code == 403
        assert get(person, "device-create").status_code == 403
    own.refresh_from_db()
    assert own.in_service


@pytest.mark.parametrize("name", ["subnet-list", "workgroup-list"])
def test_the_networks_are_for_those_who_see_the_registry(cast: Cast, name: str) -> None:
    statuses = [get(person, name).status_code for person in (cast.requester, cast.supervisor, cast.technician)]
    assert statuses == [403, 200, 200]


def test_a_subnet_s_page_is_for_those_who_see_the_registry(cast: Cast, subnet: Subnet) -> None:
    people = (cast.requester, cast.supervisor, cast.technician)
    assert [get(person, "subnet-detail", subnet.pk).status_code for person in people] == [403, 200, 200]
    assert get(cast.requester, "subnet-detail", MISSING).status_code == 403


@pytest.mark.parametrize("name", ["subnet-create", "workgroup-create"])
def test_networks_are_changed_by_registry_editors_alone(cast: Cast, name: str) -> None:
    people = (cast.requester, cast.supervisor, cast.technician, cast.admin)
    assert [get(person, name).status_code for person in people] == [403, 403, 200, 200]


@pytest.mark.parametrize(
    "name", ["device-list", "device-create", "subnet-list", "subnet-create", "workgroup-list", "workgroup-create"]
)
def test_nobody_gets_in_without_a_log_in(db: None, name: str) -> None:
    answer = Client().get(reverse(f"network:{name}"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_decommissioning_is_no_link(cast: Cast, own: Device) -> None:
    assert get(cast.admin, "device-decommission", own.pk).status_code == 405


# The device list


@pytest.fixture
def office(cast: Cast, own: Device, subnet: Subnet, workgroup: Workgroup) -> dict[str, Device]:
    """own: PC-RINI at 10.17.0.23; laptop: LT-KIKI, reserved 10.17.0.42; old: out of service."""
    actions.activate(own, address="10.17.0.23", pc_name="PC-RINI", workgroup=workgroup, by=None)
    laptop = make_device(kind="laptop", owner=cast.colleague, unit=UnitFactory(code="1701"))
    actions.reserve(laptop, address="10.17.0.42", pc_name="LT-KIKI", workgroup=workgroup, by=None)
    old = make_device(asset_number="NUP-1")
    actions.decommission(old, reason="Rusak", by=None)
    return {"own": own, "laptop": laptop, "old": old}


def listed(user: Any, office: dict[str, Device], **params: str) -> set[str]:
    answer = get(user, "device-list", **params)
    assert answer.status_code == 200
    page = answer.content.decode()
    return {key for key, device in office.items() if f'href="{device.get_absolute_url()}"' in page}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", {"own", "laptop"}),
        ("pc-", {"own"}),
        ("PC-RINI", {"own"}),
        ("RINI", set()),
        ("10.17.0.2", {"own"}),
        ("10.17.0.", {"own", "laptop"}),
        ("17.0", set()),
        ("3c52", {"own"}),
        ("3C-52-82", {"own"}),
        ("3c:52:8", {"own"}),
        ("nup-7", {"own"}),
        ("%", set()),
        ("_C", set()),
        ("\\", set()),
        ("'", set()),
    ],
)
def test_search_is_by_prefix(cast: Cast, office: dict[str, Device], q: str, found: set[str]) -> None:
    assert listed(cast.admin, office, q=q) == found


def test_filters_narrow_the_list(cast: Cast, office: dict[str, Device]) -> None:
    unit = str(office["laptop"].unit_id)
    assert listed(cast.admin, office, kind="laptop") == {"laptop"}
    assert listed(cast.admin, office, unit=unit) == {"laptop"}
    assert listed(cast.admin, office, service="keluar") == {"old"}
    assert listed(cast.admin, office, service="semua") == {"own", "laptop", "old"}
    assert listed(cast.admin, office, kind="printer") == set()


def test_filters_never_widen_what_a_person_sees(cast: Cast, office: dict[str, Device]) -> None:
    assert listed(cast.requester, office, service="semua", q="10.17") == {"own"}


@pytest.mark.parametrize("sort", ["nama", "unit", "pemegang", "terbaru"])
def test_every_sort_pages_through_the_whole_list(cast: Cast, office: dict[str, Device], sort: str) -> None:
    for _number in range(60):
        make_device()
    url: str | None = reverse("network:device-list") + f"?sort={sort}"
    seen: list[int] = []
    browser = client(cast.admin)
    while url:
        page = browser.get(url).context["page"]
        seen += [device.pk for device in page.rows]
        url = page.next and reverse("network:device-list") + f"?sort={sort}&after={page.next}"
    assert len(seen) == len(set(seen)) == 62


def test_devices_without_a_name_come_last(cast: Cast, office: dict[str, Device]) -> None:
    nameless = make_device()
    rows = get(cast.admin, "device-list").context["page"].rows
    assert rows[0] == office["own"]
    assert {rows[1], rows[2]} == {office["laptop"], nameless}


BAD_PARAMS = [
    {"q": "\x00"},
    {"q": "x" * 5000},
    {"q": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")},
    {"page": "abc"},
    {"sort": "nope"},
    {"sort": "\x00"},
    {"kind": "nope"},
    {"unit": "abc"},
    {"unit": "9" * 50},
    {"unit": "\x00"},
    {"service": "x"},
    {"after": "x"},
    {"before": "\x00"},
    {"after": "x", "before": "y"},
    {"owner__password": "x"},
]


@pytest.mark.parametrize("params", BAD_PARAMS)
@pytest.mark.parametrize("name", ["device-list", "subnet-list", "workgroup-list"])
def test_no_parameter_breaks_a_list(cast: Cast, office: dict[str, Device], name: str, params: dict[str, str]) -> None:
    assert get(cast.admin, name, **params).status_code == 200
    assert get(cast.requester, "device-list", **params).status_code == 200


def test_htmx_gets_the_table_alone(cast: Cast, office: dict[str, Device]) -> None:
    headers = {"HX-Request": "true", "HX-Target": "devices"}
    answer = client(cast.admin).get(reverse("network:device-list"), headers=headers)
    assert b"<html" not in answer.content
    assert b'id="devices"' in answer.content


def test_the_list_costs_the_same_however_long_it_is(
    cast: Cast, office: dict[str, Device], django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        make_device(owner=UserFactory())
    browser = client(cast.admin)
    with django_assert_max_num_queries(16):
        browser.get(reverse("network:device-list"))


def test_empty_lists_say_what_to_do(cast: Cast) -> None:
    assert "Belum ada perangkat atas nama Anda" in get(cast.requester, "device-list").content.decode()
    assert "Daftarkan perangkat" in get(cast.admin, "device-list").content.decode()
    assert "Tidak ada perangkat yang cocok" in get(cast.admin, "device-list", q="zzz").content.decode()
    assert "Belum ada subnet" in get(cast.admin, "subnet-list").content.decode()
    assert "Belum ada grup jaringan" in get(cast.admin, "workgroup-list").content.decode()


# One device


def test_a_device_s_page_tells_its_record_and_history(
    cast: Cast, office: dict[str, Device], workgroup: Workgroup
) -> None:
    own = office["own"]
    actions.activate(own, address="10.17.0.24", pc_name="PC-RINI2", workgroup=workgroup, by=cast.technician)
    actions.reserve(own, address="10.17.0.25", pc_name="PC-RINI3", workgroup=workgroup, by=cast.technician)
    answer = get(cast.requester, "device-detail", own.pk)
    page = answer.content.decode()
    for words in (
        "10.17.0.23",
        "10.17.0.24",
        "10.17.0.25",
        "PC-RINI2",
        "PC-RINI3",
        "Tono Teknisi",
        "BPS1700",
        "NUP-77",
    ):
        assert words in page
    assert str(answer.context["active"]["address"]) == "10.17.0.24"
    assert str(answer.context["reserved"]["name"]) == "PC-RINI3"


def test_only_editors_are_offered_to_edit(cast: Cast, own: Device) -> None:
    edit = reverse("network:device-edit", args=[own.pk])
    assert edit in get(cast.technician, "device-detail", own.pk).content.decode()
    assert edit not in get(cast.requester, "device-detail", own.pk).content.decode()
    assert edit not in get(cast.supervisor, "device-detail", own.pk).content.decode()


def test_a_device_is_registered(cast: Cast, facts: dict[str, Any]) -> None:
    answer = post(cast.technician, "device-create", **facts | {"mac": "3c52821a0b4f", "owner": cast.requester.pk})
    device = Device.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, device.get_absolute_url())
    assert (device.mac, device.owner, device.room) == ("3C:52:82:1A:0B:4F", cast.requester, "12")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "phone"),
        ("mac", "x"),
        ("mac", "3C:52:82:1A:0B:4F"),
        ("owner", "abc"),
        ("owner", "9" * 40),
        ("unit", ""),
        ("room", "x" * 101),
        ("brand_model", "a\x00b"),
    ],
)
def test_a_fault_is_told_at_its_field(cast: Cast, own: Device, facts: dict[str, Any], field: str, value: str) -> None:
    answer = post(cast.technician, "device-create", **facts | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert Device.objects.count() == 1


def test_editing_writes_only_what_was_changed(cast: Cast, own: Device, facts: dict[str, Any]) -> None:
    data = {"kind": "pc", "brand_model": "HP 280", "asset_number": "NUP-77", "mac": own.mac, "unit": own.unit_id}
    answer = post(cast.admin, "device-edit", own.pk, **data, owner=cast.requester.pk, room="21")
    assert answer.status_code == 302
    own.refresh_from_db()
    assert (own.room, own.mac) == ("21", "3C:52:82:1A:0B:4F")


def test_a_device_out_of_service_is_not_edited(cast: Cast, own: Device, facts: dict[str, Any]) -> None:
    actions.decommission(own, reason="Rusak", by=None)
    answer = post(cast.admin, "device-edit", own.pk, **facts)
    assert answer.status_code == 422
    assert "sudah tidak dipakai lagi" in answer.content.decode()


def test_decommissioning_takes_a_reason(cast: Cast, own: Device) -> None:
    answer = post(cast.technician, "device-decommission", own.pk, reason=" ")
    assert answer.status_code == 422
    assert answer.context["decommission"].errors["reason"]
    answer = post(cast.technician, "device-decommission", own.pk, reason="Rusak berat")
    assert answer.status_code == 302
    assert "Rusak berat" in get(cast.requester, "device-detail", own.pk).content.decode()


def test_decommissioning_waits_for_the_reservation(cast: Cast, office: dict[str, Device]) -> None:
    answer = post(cast.technician, "device-decommission", office["laptop"].pk, reason="Rusak")
    assert answer.status_code == 422
    assert "masih dipesan" in answer.content.decode()


# Subnets and workgroups


@pytest.fixture
def subnet_facts(cast: Cast) -> dict[str, Any]:
    return {"cidr": "10.50.0.0/24", "name": "LAN", "unit": UnitFactory(code="1700").pk}


def test_a_subnet_is_added_with_its_ranges(cast: Cast, subnet_facts: dict[str, Any]) -> None:
    answer = post(cast.admin, "subnet-create", **subnet_facts, exclusions="10.50.0.2-10.50.0.9\n\n 10.50.0.77 ")
    subnet = Subnet.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, subnet.get_absolute_url())
    assert [str(row) for row in subnet.exclusions.all()] == ["10.50.0.2 – 10.50.0.9", "10.50.0.77"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cidr", "10.50.0.0"),
        ("cidr", "10.50.0.1/24"),
        ("cidr", "10.17.0.0/16"),
        ("cidr", "127.0.0.0/24"),
        ("cidr", "\x00"),
        ("gateway", "10.51.0.1"),
        ("gateway", "127.0.0.1"),
        ("gateway", "x"),
        ("vlan", "4095"),
        ("vlan", "-1"),
        ("exclusions", "10.50.0.2 - x"),
        ("exclusions", "10.51.0.2"),
        ("exclusions", "10.50.0.9 - 10.50.0.2"),
        ("exclusions", "10.50.0.2\n10.50.0.2 - 10.50.0.3"),
        ("exclusions", "10.50.0.2\n" * 101),
    ],
)
def test_a_subnet_s_fault_is_told_at_its_field(
    cast: Cast, subnet: Subnet, subnet_facts: dict[str, Any], field: str, value: str
) -> None:
    answer = post(cast.admin, "subnet-create", **subnet_facts | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert Subnet.objects.count() == 1


def test_a_subnet_s_form_comes_filled(cast: Cast, subnet: Subnet) -> None:
    page = get(cast.admin, "subnet-edit", subnet.pk).content.decode()
    assert "10.17.0.200 - 10.17.0.250" in page
    assert 'value="10.17.0.0/24"' in page


def test_a_subnet_is_changed(cast: Cast, subnet: Subnet) -> None:
    data = {"cidr": "10.17.0.0/23", "name": "LAN", "unit": subnet.unit_id, "exclusions": "", "seen_directly": "on"}
    assert post(cast.technician, "subnet-edit", subnet.pk, **data).status_code == 302
    subnet.refresh_from_db()
    assert (str(subnet.cidr), subnet.gateway, subnet.seen_directly, subnet.exclusions.count()) == (
        "10.17.0.0/23",
        None,
        True,
        0,
    )


def test_subnets_show_how_full_they_are(cast: Cast, office: dict[str, Device], subnet: Subnet) -> None:
    assert "1 dipakai, 1 dipesan dari 202" in get(cast.supervisor, "subnet-list").content.decode()
    page = get(cast.supervisor, "subnet-detail", subnet.pk).content.decode()
    assert "1 dipakai, 1 dipesan dari 202" in page
    assert page.index("10.17.0.23") < page.index("10.17.0.42")


def test_a_subnet_s_addresses_are_in_their_own_order(cast: Cast, workgroup: Workgroup) -> None:
    subnet = make_subnet()
    for last in (100, 20, 3):
        name = f"PC-{last}"
        actions.activate(make_device(), address=f"10.17.0.{last}", pc_name=name, workgroup=workgroup, by=None)
    rows = get(cast.admin, "subnet-detail", subnet.pk).context["page"].rows
    assert [row.address for row in rows] == ["10.17.0.3", "10.17.0.20", "10.17.0.100"]
    assert IPAssignment.objects.count() == 3


def test_workgroups_are_added_once(cast: Cast, workgroup: Workgroup) -> None:
    assert post(cast.technician, "workgroup-create", name="BPS1701").status_code == 302
    answer = post(cast.technician, "workgroup-create", name="bps1700")
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert "BPS1701" in get(cast.supervisor, "workgroup-list").content.decode()


# The admin site


@pytest.mark.parametrize("model", ["device", "subnet", "workgroup", "ipassignment", "nameassignment"])
def test_the_admin_site_shows_the_registry_and_changes_nothing(
    cast: Cast, office: dict[str, Device], model: str
) -> None:
    browser = client(cast.admin)
    changelist = reverse(f"admin:network_{model}_changelist")
    assert browser.get(changelist, {"q": "10"}).status_code == 200
    row = browser.get(changelist).context["cl"].queryset[0]
    assert browser.get(reverse(f"admin:network_{model}_change", args=[row.pk])).status_code == 200
    assert browser.get(reverse(f"admin:network_{model}_add")).status_code == 403
    assert browser.post(reverse(f"admin:network_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_list_of_ones_own_devices_names_no_holder_in_each_row(cast: Cast, own: Device) -> None:
    assert 'data-label="Pemegang"' not in get(cast.requester, "device-list").content.decode()
    assert 'data-label="Pemegang"' in get(cast.technician, "device-list").content.decode()
