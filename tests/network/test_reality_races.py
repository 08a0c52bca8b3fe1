"""Many at once: turns are given one after another, look-ups are few, findings of one address wait for each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from network import pace, scans
from network.actions import reality
from network.models import IPAssignment, Observation, State
from network.probe import packets
from network.probe.packets import Status
from tests.factories import make_cast
from tests.network.factories import make_device, make_subnet
from tests.network.probe.recorded import windows
from tests.network.probe.responder import Start, loopback_subnet

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("committed_db")]


def at_once(people: int, act: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(people)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


def test_twenty_at_once_get_turns_that_lie_apart() -> None:
    kind = pace.Kind("test", every=timedelta(milliseconds=20), ahead=timedelta(hours=1))
    slots = sorted(begins for mine in at_once(20, lambda _: [kind.slot()[0] for _ in range(5)]) for begins in mine)
    assert len(slots) == 100
    assert all(after - before >= kind.every for before, after in pairwise(slots))


def test_of_twenty_who_look_at_once_three_may_and_the_rest_are_asked_to_wait(
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With turns of an hour in place of a second, so that no slow machine gives a fourth one."""
    monkeypatch.setattr(pace, "LOOKUPS", pace.Kind("lookups", timedelta(hours=1), timedelta(hours=2)))
    subnet, technician = loopback_subnet(), make_cast().technician
    devices = [make_device() for _ in range(20)]
    addresses = [f"127.0.9.{10 + number}" for number in range(20)]
    for device, address in zip(devices, addresses, strict=True):
        IPAssignment.objects.create(
            device=device, subnet=subnet, address=address, state=State.ACTIVE, activated_at=device.registered_at
        )
    seen = start(addresses, lambda packet, _: windows(packets.number_of(packet)))

    def look(number: int) -> int:
        client = Client()
        client.force_login(technician)
        return client.post(
            reverse("network:device-check", args=[devices[number].pk]), headers={"HX-Request": "true"}
        ).status_code

    assert Counter(at_once(20, look)) == {200: 3, 409: 17}
    assert len(seen.heard) == 3
    assert Observation.objects.count() == 3


def test_eight_who_find_something_at_one_address_leave_one_current_row() -> None:
    subnet = make_subnet(seen_directly=True)
    for number in range(5):
        said = [Status(f"PC-{number}-{who % 3}", "BPS1700", "") for who in range(8)]
        at_once(8, lambda who, said=said: reality.record(subnet, {"10.17.0.23": said[who]}))  # type: ignore[misc]
        assert Observation.objects.current().count() == 1


def test_a_scan_that_is_asked_for_eight_times_at_once_is_one(cast_of_one: User) -> None:
    subnet = loopback_subnet()
    jobs = at_once(8, lambda _: scans.begin(subnet, by=cast_of_one).pk)
    assert len(set(jobs)) == 1


@pytest.fixture
def cast_of_one() -> User:
    return make_cast().technician
