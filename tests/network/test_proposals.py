"""The next free address: what is skipped, what it costs, and what a naive search would do."""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from time import perf_counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from jobs.instants import database_now
from network import actions
from network.models import Device, IPAssignment, Subnet, Workgroup
from network.proposals import next_free, propose
from tests.network.factories import make_device, make_subnet


def hold(address: str, workgroup: Workgroup, number: int = 0) -> Device:
    device = make_device()
    actions.activate(device, address=address, pc_name=f"PC-{number}", workgroup=workgroup, by=None)
    return device


def test_an_empty_subnet_begins_behind_network_and_gateway(subnet: Subnet) -> None:
    assert next_free(subnet) == "10.17.0.2"


def test_what_is_live_or_excluded_is_skipped(workgroup: Workgroup) -> None:
    subnet = make_subnet(gateway="10.17.0.1", exclusions=(("10.17.0.2", "10.17.0.9"), ("10.17.0.11", "10.17.0.11")))
    hold("10.17.0.10", workgroup, 1)
    reserved = make_device()
    actions.reserve(reserved, address="10.17.0.12", pc_name="PC-2", workgroup=workgroup, by=None)
    assert next_free(subnet) == "10.17.0.13"


def test_a_released_address_is_skipped_while_it_cools(subnet: Subnet, workgroup: Workgroup) -> None:
    actions.decommission(hold("10.17.0.2", workgroup), reason="Rusak", by=None)
    now = database_now()
    assert next_free(subnet) == "10.17.0.3"
    assert next_free(subnet, now=now + timedelta(days=6, hours=23)) == "10.17.0.3"
    assert next_free(subnet, now=now + timedelta(days=7, minutes=1)) == "10.17.0.2"


def test_how_long_it_cools_is_a_setting(subnet: Subnet, workgroup: Workgroup, settings: Settings) -> None:
    actions.decommission(hold("10.17.0.2", workgroup), reason="Rusak", by=None)
    settings.ADDRESS_COOLING_DAYS = 0
    assert next_free(subnet) == "10.17.0.2"
    settings.ADDRESS_COOLING_DAYS = 3650
    assert next_free(subnet) == "10.17.0.3"


def test_a_cancelled_reservation_cools_too(subnet: Subnet, workgroup: Workgroup, device: Device) -> None:
    actions.reserve(device, address="10.17.0.2", pc_name="PC-1", workgroup=workgroup, by=None)
    actions.release_reservation(device, by=None)
    assert next_free(subnet) == "10.17.0.3"


def test_a_cooling_address_may_be_taken_by_hand(subnet: Subnet, workgroup: Workgroup, device: Device) -> None:
    """A new PC takes over the address of the one that it replaces."""
    actions.decommission(hold("10.17.0.2", workgroup), reason="Rusak", by=None)
    actions.activate(device, address="10.17.0.2", pc_name="PC-1", workgroup=workgroup, by=None)
    assert device.current_address == "10.17.0.2"


def test_another_one_is_the_next_behind_and_begins_again_at_the_end(subnet: Subnet, workgroup: Workgroup) -> None:
    hold("10.17.0.4", workgroup)
    assert next_free(subnet, after="10.17.0.3") == "10.17.0.5"
    assert next_free(subnet, after="10.17.0.199") == "10.17.0.251"
    assert next_free(subnet, after="10.17.0.254") == "10.17.0.2"


@pytest.mark.parametrize("nonsense", ["x", "10.18.0.5", "fd00::5", "", "\0"])
def test_what_is_no_address_of_the_subnet_begins_at_its_beginning(subnet: Subnet, nonsense: str) -> None:
    assert next_free(subnet, after=nonsense) == "10.17.0.2"


@pytest.mark.parametrize(
    ("cidr", "first"),
    [
        ("10.9.0.0/30", "10.9.0.1"),
        ("10.9.0.0/31", "10.9.0.0"),
        ("10.9.0.5/32", "10.9.0.5"),
        ("10.9.0.0/16", "10.9.0.1"),
        ("fd00:17::/64", "fd00:17::1"),
        ("fd00:17::/126", "fd00:17::1"),
        ("fd00:17::/127", "fd00:17::"),
        ("fd00:17::9/128", "fd00:17::9"),
    ],
)
def test_every_size_has_its_first_address(db: None, cidr: str, first: str) -> None:
    assert next_free(make_subnet(cidr)) == first


def test_a_full_subnet_has_none_and_the_next_is_asked(db: None, workgroup: Workgroup) -> None:
    small, large = make_subnet("10.9.0.0/30"), make_subnet("10.10.0.0/24")
    for number in (1, 2):
        hold(f"10.9.0.{number}", workgroup, number)
    assert next_free(small) == next_free(small, after="10.9.0.1") == ""
    assert propose([small, large]) == (large, "10.10.0.1")
    assert propose([small]) == (None, "")
    assert propose([]) == (None, "")


def test_a_history_in_a_subnet_that_was_cut_down_is_no_proposal(db: None, workgroup: Workgroup) -> None:
    subnet = make_subnet("10.9.0.0/23")
    actions.decommission(hold("10.9.0.7", workgroup), reason="Rusak", by=None)
    subnet.cidr = ip_network("10.9.1.0/24")
    actions.save_subnet(subnet, exclusions=[], by=None)
    other = make_subnet("10.9.0.0/24")
    assert next_free(subnet) == "10.9.1.1"
    assert next_free(other, after="10.9.0.6") == "10.9.0.8"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=st.sets(st.integers(1, 62)), after=st.none() | st.integers(0, 63))
def test_it_is_what_a_walk_through_all_addresses_finds(db: None, taken: set[int], after: int | None) -> None:
    with transaction.atomic():
        subnet, device = make_subnet("10.9.0.0/26"), make_device()
        rows = [held(device, subnet, f"10.9.0.{host}", n) for n, host in enumerate(sorted(taken))]
        IPAssignment.objects.bulk_create(rows)
        free = [host for host in range(1, 63) if host not in taken]
        behind = [host for host in free if after is not None and host > after]
        expected = f"10.9.0.{(behind or free)[0]}" if free else ""
        assert next_free(subnet, after="" if after is None else f"10.9.0.{after}") == expected
        transaction.set_rollback(True)  # one test, many examples


def held(device: Device, subnet: Subnet, address: str, number: int) -> IPAssignment:
    """Live for the first, released just now for all others: a device holds one address."""
    at = timezone.now()
    end = {"state": "released", "released_at": at} if number else {"state": "active"}
    return IPAssignment(device=device, subnet=subnet, address=address, activated_at=at, **end)


@pytest.fixture
def nearly_full(db: None) -> Subnet:
    """A /16 of which the first 65,000 addresses have just been released."""
    subnet, device = make_subnet("10.9.0.0/16"), make_device()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE network_ipassignment DISABLE TRIGGER USER")  # the test's transaction undoes it
        cursor.execute(
            "INSERT INTO network_ipassignment (device_id, subnet_id, address, state, activated_at, released_at)"
            " SELECT %s, %s, '10.9.0.0'::inet + n, 'released', now(), now() FROM generate_series(1, 65000) AS n",
            [device.pk, subnet.pk],
        )
        cursor.execute("ANALYZE network_ipassignment")
    return subnet


def test_a_full_16_costs_one_quick_query(nearly_full: Subnet, django_assert_num_queries: Any) -> None:
    began = perf_counter()
    with django_assert_num_queries(1):
        assert next_free(nearly_full) == str(ip_address("10.9.0.1") + 65_000)
    assert perf_counter() - began < 1.5  # 60 ms on an idle machine
