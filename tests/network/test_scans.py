"""A whole subnet is asked by a worker, and what it found can be seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jobs.kinds import KINDS
from jobs.models import Job
from jobs.running import run_next
from network import pace, tasks
from network.models import Observation, Subnet
from network.probe import packets
from network.probe.wire import CannotSend, UdpWire
from tests.factories import Cast
from tests.network.factories import make_subnet
from tests.network.probe.recorded import windows
from tests.network.probe.responder import Start, loopback_subnet

INSIDE = [f"127.0.9.{number}" for number in range(1, 15)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PACKETS", pace.Kind("packets", timedelta(0), timedelta(hours=1)))


@pytest.fixture
def near(cast: Cast) -> Subnet:
    return loopback_subnet("127.0.9.0/28")


def post(user: Any, subnet: Subnet) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse("network:subnet-check", args=[subnet.pk]))


def even(packet: bytes, address: str) -> bytes | None:
    last = int(address.rpartition(".")[2])
    return None if last % 2 else windows(packets.number_of(packet), f"PC-{last}")


def test_a_scan_tells_how_many_answered_and_leads_to_what_differs(
    cast: Cast, near: Subnet, quick: None, start: Start
) -> None:
    seen = start(INSIDE, even)
    answer = post(cast.technician, near)
    job = Job.objects.get()
    assert (answer.status_code, answer.url) == (302, job.get_absolute_url())
    assert run_next() == job
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 14, 14)
    assert job.message == "7 dari 14 alamat di 127.0.9.0/28 menjawab."
    assert job.result == {"asked": 14, "answered": 7}
    assert job.link == f"{reverse('network:drift')}?subnet={near.pk}"
    assert set(seen.heard) == set(INSIDE)
    assert max(seen.heard.count(address) for address in INSIDE) <= 2
    assert set(Observation.objects.values_list("name", flat=True)) == {f"PC-{n}" for n in range(2, 15, 2)}


def test_asked_for_twice_it_is_one_scan(cast: Cast, near: Subnet) -> None:
    assert post(cast.admin, near).url == post(cast.admin, near).url
    assert Job.objects.count() == 1


def test_a_subnet_that_is_not_marked_is_never_scanned(
    cast: Cast, near: Subnet, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UdpWire, "send", lambda *_: pytest.fail("sent"))
    dark = make_subnet()
    assert post(cast.admin, dark).url == dark.get_absolute_url()
    settings.REALITY_CHECK = False
    assert post(cast.admin, near).url == near.get_absolute_url()
    assert not Job.objects.exists()


def test_a_mark_that_is_taken_off_stops_a_scan_that_was_begun(
    cast: Cast, near: Subnet, quick: None, start: Start
) -> None:
    seen = start(INSIDE, even)
    post(cast.admin, near)
    Subnet.objects.filter(pk=near.pk).update(seen_directly=False)
    run_next()
    job = Job.objects.get()
    assert (job.state, "tidak boleh ditanyai" in job.message) == (Job.State.FAILED, True)
    assert seen.heard == []


def test_a_scan_that_is_cancelled_goes_no_further(
    cast: Cast, near: Subnet, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        pass

    def progress(done: int, total: int | None = None, /) -> None:
        if done:
            raise Enough

    seen = start(INSIDE, lambda packet, _: windows(packets.number_of(packet)))
    monkeypatch.setattr("network.actions.reality._BATCH", 1)
    monkeypatch.setattr(pace, "PACKETS", pace.Kind("packets", timedelta(seconds=2), timedelta(hours=1)))
    post(cast.admin, near)
    with pytest.raises(Enough):
        KINDS["network.scan"].run(Job.objects.get(), progress)
    assert seen.heard == INSIDE[:1]


def test_a_subnet_that_is_gone_is_said_so(cast: Cast, near: Subnet) -> None:
    post(cast.admin, near)
    near.delete()
    run_next()
    job = Job.objects.get()
    assert (job.state, job.message) == (Job.State.FAILED, "Subnet ini tidak ada lagi.")


def test_the_daily_scan_asks_every_marked_subnet_and_no_other(
    cast: Cast, near: Subnet, quick: None, start: Start, settings: Settings
) -> None:
    loopback_subnet("127.0.10.0/28", seen_directly=False)
    start(INSIDE, lambda packet, _: windows(packets.number_of(packet)))
    tasks.scan_all()
    assert not Observation.objects.exists()  # off until an office wants it
    settings.DAILY_REALITY_CHECK = True
    tasks.scan_all()
    assert {row.subnet for row in Observation.objects.all()} == {near}


def test_a_daily_scan_that_fails_in_one_subnet_goes_on_with_the_next(
    cast: Cast, near: Subnet, quick: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DAILY_REALITY_CHECK = True
    tried: list[str] = []

    def refuse(wire: UdpWire, packet: bytes, address: str) -> None:
        tried.append(address)
        raise CannotSend(address)

    loopback_subnet("127.0.10.0/28")
    monkeypatch.setattr(UdpWire, "send", refuse)
    tasks.scan_all()
    assert tried == ["127.0.9.1", "127.0.10.1"]


def test_the_page_of_a_subnet_offers_a_scan_where_it_is_marked(cast: Cast, near: Subnet) -> None:
    def page(user: Any, subnet: Subnet) -> str:
        client = Client()
        client.force_login(user)
        return client.get(subnet.get_absolute_url()).content.decode()

    assert "Periksa semua alamat" in page(cast.technician, near)
    assert "Periksa semua alamat" not in page(cast.supervisor, near)
    dark = page(cast.technician, make_subnet())
    assert "Periksa semua alamat" not in dark and "tidak ditandai terlihat langsung" in dark
