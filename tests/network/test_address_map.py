"""What an address map says of each address, and the pages of subnets around it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from network import actions
from network.address_map import AddressMap, Use
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast, UnitFactory
from tests.network.factories import make_device, make_subnet
from tests.network.test_views import client, get, post


def hold(address: str, name: str, workgroup: Workgroup) -> Device:
    device = make_device()
    actions.activate(device, address=address, pc_name=name, workgroup=workgroup, by=None)
    return device


@pytest.fixture
def office(subnet: Subnet, workgroup: Workgroup) -> Subnet:
    """10.17.0.2 used, .3 reserved, .4 cooling, .5 cooling and used again; .1 the gateway, .200 to .250 excluded."""
    hold("10.17.0.2", "PC-2", workgroup)
    actions.reserve(make_device(), address="10.17.0.3", pc_name="PC-3", workgroup=workgroup, by=None)
    for host in (4, 5):
        actions.decommission(hold(f"10.17.0.{host}", f"PC-{host}", workgroup), reason="Rusak", by=None)
    hold("10.17.0.5", "PC-55", workgroup)
    return subnet


def uses(subnet: Subnet, **at: Any) -> dict[str, Use]:
    plan = AddressMap(subnet, **at)
    return {cell.address: cell.use for cell in plan.cells(subnet.cidr)}


def test_each_address_has_its_use(office: Subnet) -> None:
    found = uses(office)
    assert len(found) == 256
    said = [found[f"10.17.0.{host}"] for host in (0, 1, 2, 3, 4, 5, 6, 199, 200, 250, 251, 255)]
    assert said == ["edge", "gateway", "active", "reserved", "cooling", "active", "free", "free", "excluded",
                    "excluded", "free", "edge"]  # fmt: skip


def test_figures_add_up(office: Subnet) -> None:
    figures = AddressMap(office).figures
    assert (figures.capacity, figures.active, figures.reserved, figures.cooling, figures.free) == (202, 2, 1, 1, 198)
    assert figures.percent == 2
    counted = list(uses(office).values())
    assert counted.count(Use.FREE) == figures.free


def test_what_cools_is_free_again_after_its_days(office: Subnet) -> None:
    later = AddressMap(office).now + timedelta(days=7, minutes=1)
    assert uses(office, now=later)["10.17.0.4"] == "free"


def test_an_address_that_was_excluded_while_it_cooled_counts_as_excluded(office: Subnet) -> None:
    actions.save_subnet(office, exclusions=[("10.17.0.4", "10.17.0.4")], by=None)
    fresh = Subnet.objects.get()
    assert uses(fresh)["10.17.0.4"] == "excluded"
    assert AddressMap(fresh).figures.cooling == 0


@pytest.mark.parametrize(
    ("cidr", "count", "first"), [("10.9.0.0/16", 256, "10.9.0.0/24"), ("10.9.0.0/22", 4, "10.9.0.0/24")]
)
def test_a_large_subnet_is_shown_in_blocks(db: None, workgroup: Workgroup, cidr: str, count: int, first: str) -> None:
    subnet = make_subnet(cidr, gateway="10.9.1.1", exclusions=(("10.9.0.200", "10.9.1.9"),))
    hold("10.9.2.7", "PC-1", workgroup)
    plan = AddressMap(subnet)
    blocks = plan.blocks()
    assert plan.in_blocks
    assert (len(blocks), str(blocks[0].network)) == (count, first)
    assert [block.live for block in blocks[:3]] == [0, 0, 1]
    assert [block.capacity for block in blocks[:3]] == [199, 246, 256]  # the gateway lies in the excluded range
    assert sum(block.capacity for block in blocks) == subnet.capacity()


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "fd00:17::/64"])
def test_a_huge_subnet_shows_the_blocks_in_use_alone(db: None, workgroup: Workgroup, cidr: str) -> None:
    subnet = make_subnet(cidr)
    address = str(subnet.cidr.network_address + 70_000)
    hold(address, "PC-1", workgroup)
    plan = AddressMap(subnet)
    assert [(address in str(list(block.network)), block.live) for block in plan.blocks()] == [(True, 1)]


@pytest.mark.parametrize(
    ("text", "block"),
    [("10.9.3.77", "10.9.3.0/24"), ("10.9.3.0", "10.9.3.0/24"), ("10.10.0.1", None), ("fd00::1", None), ("x", None)],
)
def test_a_block_is_named_by_any_of_its_addresses(db: None, text: str, block: str | None) -> None:
    found = AddressMap(make_subnet("10.9.0.0/16")).block_around(text)
    assert (str(found) if found else None) == block


# The pages


def cells_on(page: str) -> list[str]:
    return re.findall(r'class="cell cell-(\w+)" (?:href|title)', page)


def test_the_map_links_to_the_device_of_each_address(cast: Cast, office: Subnet) -> None:
    page = get(cast.supervisor, "subnet-detail", office.pk).content.decode()
    device = Device.objects.get(pc_name="PC-2")
    assert len(cells_on(page)) == 256
    assert f'href="{device.get_absolute_url()}" title="10.17.0.2 · Dipakai · PC-2"' in page
    assert "10.17.0.4 · Mendingin sampai" in page
    assert re.search(r"Bebas berikutnya</span>\s*<strong[^>]*>10\.17\.0\.6<", page)


def test_a_large_subnet_opens_block_by_block(cast: Cast, workgroup: Workgroup) -> None:
    subnet = make_subnet("10.9.0.0/16")
    hold("10.9.3.7", "PC-1", workgroup)
    hold("10.9.4.7", "PC-2", workgroup)
    page = get(cast.technician, "subnet-detail", subnet.pk).content.decode()
    assert page.count("block-tile-empty") == 254
    assert cells_on(page) == []
    assert "bebas berikutnya di sini" in page
    block = get(cast.technician, "subnet-detail", subnet.pk, block="10.9.3.0").content.decode()
    assert len(cells_on(block)) == 256
    assert "PC-1" in block
    assert "PC-2" not in block


@pytest.mark.parametrize("block", ["x", "\0", "10.99.0.0", "fd00::1", "9" * 99])
def test_no_block_breaks_the_page(cast: Cast, block: str) -> None:
    subnet = make_subnet("10.9.0.0/16")
    answer = get(cast.admin, "subnet-detail", subnet.pk, block=block)
    assert (answer.status_code, answer.context["shown"]) == (200, None)


def test_an_ipv6_subnet_has_its_pages(cast: Cast, workgroup: Workgroup) -> None:
    subnet = make_subnet("fd00:17::/64", gateway="FD00:17:0::1")
    hold("fd00:17:0::0042", "PC-1", workgroup)
    page = get(cast.admin, "subnet-detail", subnet.pk).content.decode()
    assert "fd00:17::42" in page
    assert "fd00:17::2<" in page  # the next free one
    assert len(cells_on(get(cast.admin, "subnet-detail", subnet.pk, block="fd00:17::42").content.decode())) == 256


def test_the_page_costs_the_same_however_full_the_subnet_is(
    cast: Cast, office: Subnet, workgroup: Workgroup, django_assert_max_num_queries: Any
) -> None:
    for host in range(20, 50):
        hold(f"10.17.0.{host}", f"PC-{host}", workgroup)
    browser = client(cast.admin)
    with django_assert_max_num_queries(18):
        browser.get(office.get_absolute_url())


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", {"10.17.0.0/24", "10.20.0.0/22"}),
        ("10.20.3.9", {"10.20.0.0/22"}),
        ("10.2", {"10.20.0.0/22"}),
        ("10.20.0.0/22", {"10.20.0.0/22"}),
        ("gudang", {"10.20.0.0/22"}),
        ("1701", {"10.20.0.0/22"}),
        ("kepahiang", {"10.20.0.0/22"}),
        ("zzz", set()),
        ("%", set()),
    ],
)
def test_subnets_are_found(cast: Cast, subnet: Subnet, q: str, found: set[str]) -> None:
    make_subnet("10.20.0.0/22", name="LAN gudang", unit=UnitFactory(code="1701", name="BPS Kepahiang"))
    answer = get(cast.admin, "subnet-list", q=q)
    assert {str(row.cidr) for row in answer.context["page"].rows} == found
    assert ("Tidak ada subnet yang cocok" in answer.content.decode()) == (not found)


@pytest.mark.parametrize("sort", ["subnet", "nama", "unit", "terpakai"])
def test_every_sort_of_subnets_pages_through_all(cast: Cast, office: Subnet, sort: str) -> None:
    for number in range(30):
        make_subnet(f"10.30.{number}.0/24")
    first = get(cast.admin, "subnet-list", sort=sort).context["page"]
    rest = get(cast.admin, "subnet-list", sort=sort, after=first.next).context["page"]
    assert len({row.pk for row in [*first.rows, *rest.rows]}) == 31
    if sort == "terpakai":
        assert first.rows[0] == office


def test_a_subnet_that_overlaps_is_told_with_which(cast: Cast, subnet: Subnet) -> None:
    data = {"cidr": "10.17.0.128/25", "name": "LAN", "unit": subnet.unit_id}
    answer = post(cast.admin, "subnet-create", **data)
    assert answer.status_code == 422
    assert answer.context["form"].errors["cidr"] == ["Tumpang tindih dengan 10.17.0.0/24 LAN kantor."]


def test_live_addresses_stay_inside_a_subnet_that_is_cut_down(cast: Cast, office: Subnet) -> None:
    data = {"cidr": "10.17.0.128/25", "name": "LAN", "unit": office.unit_id}
    answer = post(cast.admin, "subnet-edit", office.pk, **data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"cidr"}
