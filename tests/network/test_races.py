"""Eight at once on real connections, with a naive control that shows the race is really run."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from network import actions
from network.models import Device, IPAssignment, NameAssignment, State, Subnet, Workgroup
from network.proposals import next_free
from tests.network.factories import make_device, make_subnet, make_workgroup

THREADS = 8
ROUNDS = 20
FEW_ROUNDS = 8  # where the order of locks decides and not luck

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("committed_db")]


AtOnce = Callable[[Callable[[int], str]], Counter[str]]


@pytest.fixture
def at_once(committed_db: None) -> Iterator[AtOnce]:
    """The answers of `act(0)` … `act(7)`, all begun at the same moment, each thread on a connection of its own."""
    barrier = Barrier(THREADS)

    def together(act: Callable[[int], str], number: int) -> str:
        connection.ensure_connection()
        barrier.wait(10)
        return act(number)

    def close(_number: int) -> None:
        barrier.wait(10)
        connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda act: Counter(pool.map(lambda number: together(act, number), range(THREADS)))
        list(pool.map(close, range(THREADS)))


def outcome(act: Callable[[], object]) -> str:
    """ "won", or the fields that refused; anything but a ValidationError goes through and fails the test."""
    try:
        act()
    except ValidationError as error:
        return ",".join(sorted(error.message_dict))
    return "won"


@pytest.fixture
def office(committed_db: None) -> tuple[Subnet, Workgroup, list[Device]]:
    return make_subnet(), make_workgroup(), [make_device() for _ in range(THREADS)]


Office = tuple[Subnet, Workgroup, list[Device]]


@pytest.mark.parametrize("act", [actions.reserve, actions.activate])
def test_one_of_eight_gets_the_address(
    at_once: AtOnce, office: Office, act: Callable[..., actions.Reservation]
) -> None:
    _subnet, workgroup, devices = office
    for number in range(ROUNDS):
        address = f"10.17.0.{10 + number}"

        def take(who: int, address: str = address, number: int = number) -> str:
            pc_name = f"PC-{number}-{who}"
            return outcome(lambda: act(devices[who], address=address, pc_name=pc_name, workgroup=workgroup, by=None))

        assert at_once(take) == {"won": 1, "address": THREADS - 1}
        assert IPAssignment.objects.live().filter(address=address).count() == 1


def test_one_of_eight_gets_the_name(at_once: AtOnce, office: Office) -> None:
    _subnet, workgroup, devices = office
    for number in range(ROUNDS):

        def take(who: int, number: int = number) -> str:
            record: dict[str, Any] = {"address": f"10.17.0.{10 + who}", "pc_name": f"{'Pp'[who % 2]}C-{number}"}
            return outcome(lambda: actions.activate(devices[who], **record, workgroup=workgroup, by=None))

        assert at_once(take) == {"won": 1, "pc_name": THREADS - 1}


def test_eight_for_one_device_leave_one_plan(at_once: AtOnce, office: Office) -> None:
    _subnet, workgroup, devices = office
    for _round in range(FEW_ROUNDS):

        def plan(who: int) -> str:
            record: dict[str, Any] = {"address": f"10.17.0.{10 + who}", "pc_name": f"PC-{who}"}
            return outcome(lambda: actions.reserve(devices[0], **record, workgroup=workgroup, by=None))

        assert at_once(plan) == {"won": THREADS}
        assert IPAssignment.objects.live().count() == NameAssignment.objects.live().count() == 1


def test_devices_that_swap_addresses_never_deadlock(at_once: AtOnce, office: Office) -> None:
    _subnet, workgroup, devices = office
    for who in (0, 1):
        actions.activate(devices[who], address=f"10.17.0.{10 + who}", pc_name=f"PC-{who}", workgroup=workgroup, by=None)
    for _round in range(FEW_ROUNDS):

        def swap(who: int) -> str:
            side = who % 2
            record: dict[str, Any] = {"address": f"10.17.0.{10 + 1 - side}", "pc_name": f"PC-{1 - side}"}
            return outcome(lambda: actions.activate(devices[side], **record, workgroup=workgroup, by=None))

        assert at_once(swap) == {"address,pc_name": THREADS}


def test_a_decommission_and_a_plan_exclude_each_other(at_once: AtOnce, office: Office) -> None:
    _subnet, workgroup, _devices = office
    for number in range(FEW_ROUNDS):
        device = make_device()

        def act(who: int, device: Device = device, number: int = number) -> str:
            if who == 0:
                return outcome(lambda: actions.decommission(device, reason="Rusak", by=None))
            record: dict[str, Any] = {"address": f"10.17.0.{10 + number}", "pc_name": f"PC-{number}"}
            return outcome(lambda: actions.reserve(device, **record, workgroup=workgroup, by=None))

        at_once(act)
        device.refresh_from_db()
        assert device.in_service == device.addresses.live().exists()


def test_a_decommission_and_a_plan_that_reserves_nothing_exclude_each_other(at_once: AtOnce, office: Office) -> None:
    for _round in range(FEW_ROUNDS):
        device = make_device()

        def act(who: int, device: Device = device) -> str:
            if who == 0:
                return outcome(lambda: actions.decommission(device, reason="Rusak", by=None))
            return outcome(lambda: actions.rely_on(device, plan=f"HC-{who}"))

        answers = at_once(act)
        device.refresh_from_db()
        assert len(device.plans) == (THREADS - 1 if device.in_service else 0)
        assert answers == ({"won": 7, "device": 1} if device.in_service else {"won": 1, "device": 7})


def test_a_range_is_not_excluded_below_an_address_being_taken(at_once: AtOnce, office: Office) -> None:
    subnet, workgroup, devices = office
    for number in range(FEW_ROUNDS):
        address = f"10.17.0.{10 + number}"

        def act(who: int, address: str = address, number: int = number) -> str:
            if who % 2:
                ranges = [(address, address)]
                return outcome(lambda: actions.save_subnet(Subnet.objects.get(), exclusions=ranges, by=None))
            record: dict[str, Any] = {"address": address, "pc_name": f"PC-{who}"}
            return outcome(lambda: actions.reserve(devices[who], **record, workgroup=workgroup, by=None))

        at_once(act)
        live = IPAssignment.objects.live().filter(address=address).count()
        excluded = subnet.exclusions.filter(first=address).count()
        assert live + excluded == 1


def test_eight_who_are_proposed_the_next_free_address_get_eight_different_ones(at_once: AtOnce, office: Office) -> None:
    """Whoever is told that it has gone meanwhile is proposed the next one; nobody waits in vain, none is left out."""
    subnet, workgroup, devices = office
    lost = 0
    for number in range(ROUNDS):

        def take(who: int) -> str:
            for attempt in range(1, THREADS + 1):
                record: dict[str, Any] = {"address": next_free(subnet), "pc_name": f"PC-{who}"}
                answer = outcome(lambda: actions.reserve(devices[who], **record, workgroup=workgroup, by=None))  # noqa: B023
                if answer == "won":
                    return f"at attempt {attempt}"
                assert answer == "address"
            return "in vain"

        answers = at_once(take)
        lost += THREADS - answers["at attempt 1"]
        assert answers["in vain"] == 0
        # The addresses of earlier rounds cool down, so each round has eight new ones.
        live = set(IPAssignment.objects.live().values_list("address", flat=True))
        assert live == {f"10.17.0.{1 + number * THREADS + who}" for who in range(THREADS)}
    assert lost > ROUNDS, "they hardly ever met"


@pytest.fixture
def without_constraints(committed_db: None) -> None:
    """The registry as it would be if only Python looked; the database is thrown away afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX ipassignment_address_live_unique")


def test_the_naive_way_gives_one_address_to_several(at_once: AtOnce, office: Office, without_constraints: None) -> None:
    subnet, _workgroup, devices = office

    def take(who: int) -> str:
        with transaction.atomic():
            if IPAssignment.objects.live().filter(address=address).exists():
                return "address"
            IPAssignment.objects.create(
                device=devices[who], subnet=subnet, address=address, state="reserved", reserved_at=timezone.now()
            )
            return "won"

    doubled = 0
    for number in range(ROUNDS):
        address = f"10.17.0.{10 + number}"
        doubled += at_once(take)["won"] > 1
        for row in IPAssignment.objects.live():
            row.state, row.released_at = State.RELEASED, row.reserved_at
            row.save(update_fields=["state", "released_at"])
    assert doubled > ROUNDS // 2


def test_the_naive_next_free_address_is_given_to_several(
    at_once: AtOnce, office: Office, without_constraints: None
) -> None:
    subnet, _workgroup, devices = office

    def take(who: int) -> str:
        with transaction.atomic():
            address = next_free(subnet)
            IPAssignment.objects.create(
                device=devices[who], subnet=subnet, address=address, state="reserved", reserved_at=timezone.now()
            )
            return address

    doubled = 0
    for _round in range(ROUNDS):
        doubled += len(at_once(take)) < THREADS
        for row in IPAssignment.objects.live():
            row.state, row.released_at = State.RELEASED, row.reserved_at
            row.save(update_fields=["state", "released_at"])
    assert doubled > ROUNDS // 2
