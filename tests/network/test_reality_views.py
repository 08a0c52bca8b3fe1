"""The reality check as people meet it: on a device's page, and as the drift list."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from jobs.instants import database_now
from network import actions, pace
from network.actions import reality
from network.models import Device, IPAssignment, Observation, State, Subnet, Workgroup
from network.probe import asking, packets, wire
from network.probe.packets import Status
from tests.factories import Cast
from tests.network.factories import make_device, make_subnet
from tests.network.probe.recorded import windows
from tests.network.probe.responder import Start, loopback_subnet

HTMX = {"HX-Request": "true", "HX-Target": "reality"}
DAY = timedelta(days=1)
MAC = "3C:52:82:1A:0B:4F"
DRIFT = reverse("network:drift")


def client(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def check(user: Any, device: Device, **headers: Any) -> Any:
    return client(user).post(reverse("network:device-check", args=[device.pk]), **headers)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody may look."""
    monkeypatch.setattr(pace, "LOOKUPS", pace.Kind("lookups", timedelta(0), timedelta(hours=1)))


@pytest.fixture
def near(cast: Cast, workgroup: Workgroup) -> Device:
    """A device on the loopback interface, recorded as PC-7."""
    device = make_device(owner=cast.requester, mac=MAC)
    facts = {"device": device, "state": State.ACTIVE, "activated_at": device.registered_at}
    IPAssignment.objects.create(subnet=loopback_subnet(), address="127.0.9.7", **facts)
    Device.objects.filter(pk=device.pk).update(workgroup=workgroup)
    device.names.create(name="PC-7", state=State.ACTIVE, activated_at=device.registered_at)
    Device.objects.filter(pk=device.pk).update(pc_name="PC-7")
    return Device.objects.get(pk=device.pk)


# One device, asked now


def test_a_technician_asks_a_device_and_sees_that_it_agrees(
    cast: Cast,
    near: Device,
    quick: None,
    start: Start,
) -> None:
    start(["127.0.9.7"], lambda packet, _: windows(packets.number_of(packet), "PC-7"))
    page = text(client(cast.technician).get(near.get_absolute_url()))
    assert "Belum pernah diperiksa" in page
    answer = check(cast.technician, near, headers=HTMX)
    assert answer.status_code == 200
    assert text(answer).startswith('<section class="card" id="reality"')
    assert "Menjawab, sesuai catatan" in text(answer)
    assert Observation.objects.get().name == "PC-7"


def test_what_differs_is_told_and_leads_to_a_correction_that_is_filled_in(
    cast: Cast,
    near: Device,
    quick: None,
    start: Start,
) -> None:
    start(["127.0.9.7"], lambda packet, _: windows(packets.number_of(packet), "DESKTOP-X"))
    answer = check(cast.technician, near, headers=HTMX)
    assert "Berbeda dari catatan" in text(answer)
    link = f"{reverse('network:device-record', args=[near.pk])}?pc_name=DESKTOP-X"
    assert link in text(answer)
    assert 'value="DESKTOP-X"' in text(client(cast.technician).get(link))


def test_silence_is_said_kindly(
    cast: Cast, near: Device, quick: None, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.02)
    seen = start(["127.0.9.7"], lambda packet, _: None)
    assert "Belum pernah menjawab" in text(check(cast.technician, near, headers=HTMX))
    assert seen.heard == ["127.0.9.7"] * 2


def test_without_htmx_the_page_comes_back(cast: Cast, near: Device, quick: None, start: Start) -> None:
    start(["127.0.9.7"], lambda packet, _: windows(packets.number_of(packet), "PC-7"))
    answer = check(cast.technician, near, follow=True)
    assert answer.redirect_chain == [(near.get_absolute_url(), 302)]
    assert "Menjawab, sesuai catatan" in text(answer)


@pytest.mark.usefixtures("near")
def test_only_those_who_write_the_registry_may_ask(cast: Cast, near: Device) -> None:
    assert check(cast.supervisor, near).status_code == 403
    assert check(cast.requester, near).status_code == 403
    assert check(cast.colleague, near).status_code == 404
    assert "Periksa sekarang" not in text(client(cast.supervisor).get(near.get_absolute_url()))
    assert "Menurut perangkatnya sendiri" in text(client(cast.supervisor).get(near.get_absolute_url()))
    assert "Menurut perangkatnya sendiri" not in text(client(cast.requester).get(near.get_absolute_url()))


def test_a_device_that_cannot_be_asked_says_why(cast: Cast, near: Device, settings: Settings) -> None:
    def obstacle() -> str:
        page = text(client(cast.admin).get(near.get_absolute_url()))
        assert "Periksa sekarang" not in page
        answer = check(cast.admin, near, headers=HTMX)
        assert answer.status_code == 409
        return page

    settings.REALITY_CHECK = False
    assert "Pemeriksaan dimatikan" in obstacle()
    settings.REALITY_CHECK = True
    Subnet.objects.update(seen_directly=False)
    assert "tidak ditandai terlihat langsung" in obstacle()
    IPAssignment.objects.filter(device=near).update(
        state=State.RELEASED, released_at=near.registered_at + DAY, activated_at=near.registered_at
    )
    assert check(cast.admin, near, headers=HTMX, follow=True).status_code == 409
    assert not Observation.objects.exists()


def test_a_server_that_cannot_send_says_so(
    cast: Cast, near: Device, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise wire.CannotSend("no route")

    monkeypatch.setattr(wire.UdpWire, "send", refuse)
    assert "Periksa rute dan firewall server" in text(check(cast.admin, near, headers=HTMX))


# The drift list


@pytest.fixture
def subnet(cast: Cast) -> Subnet:
    return make_subnet(seen_directly=True)


@pytest.fixture
def now(cast: Cast) -> datetime:
    return database_now()


@pytest.fixture
def drifted(cast: Cast, subnet: Subnet, workgroup: Workgroup, now: datetime) -> dict[str, Device]:
    """PC-1 calls itself otherwise, PC-2 fell silent, PC-3 is merely off, and a stranger answers at .77."""
    devices = {}
    for number in (1, 2, 3):
        device = make_device(owner=cast.requester, room="Arsip")
        record: dict[str, Any] = {"address": f"10.17.0.{number}", "pc_name": f"PC-{number}", "workgroup": workgroup}
        actions.activate(device, **record, by=None, now=now - 60 * DAY)
        devices[f"PC-{number}"] = device
    said = {f"10.17.0.{number}": Status(f"PC-{number}", "BPS1700", "") for number in (1, 2, 3)}
    reality.record(subnet, said, now=now - 20 * DAY)
    reality.record(subnet, {"10.17.0.3": said["10.17.0.3"]}, now=now - 2 * DAY)
    reality.record(
        subnet,
        {
            "10.17.0.1": Status("DESKTOP-9", "WORKGROUP", ""),
            "10.17.0.2": None,
            "10.17.0.3": None,
            "10.17.0.77": Status("LAPTOP-TAMU", "WORKGROUP", MAC),
        },
        now=now,
    )
    return devices


def listed(user: Any, **params: str) -> list[str]:
    answer = client(user).get(DRIFT, params)
    assert answer.status_code == 200
    return sorted(line.found.address for line in answer.context["lines"])


def test_the_list_tells_what_is_not_as_recorded_and_is_quiet_about_what_is_off(
    cast: Cast, drifted: dict[str, Device]
) -> None:
    assert listed(cast.supervisor) == ["10.17.0.1", "10.17.0.2", "10.17.0.77"]
    page = text(client(cast.supervisor).get(DRIFT))
    for word in ("DESKTOP-9", "Lama diam", "LAPTOP-TAMU", "3 selisih"):
        assert word in page
    assert "Periksa lagi" not in page and "Betulkan catatan" not in page


def test_the_list_is_narrowed_by_kind_search_and_unit(cast: Cast, drifted: dict[str, Device], subnet: Subnet) -> None:
    assert listed(cast.admin, kind="silent") == ["10.17.0.2"]
    assert listed(cast.admin, kind="unregistered") == ["10.17.0.77"]
    assert listed(cast.admin, q="desktop") == ["10.17.0.1"]
    assert listed(cast.admin, q="10.17.0.7") == ["10.17.0.77"]
    assert listed(cast.admin, q="3c5282") == ["10.17.0.77"]
    assert listed(cast.admin, unit=str(subnet.unit_id)) == ["10.17.0.1", "10.17.0.2", "10.17.0.77"]
    assert listed(cast.admin, q="zzz") == []
    for params in ({"q": "\0"}, {"kind": "nope"}, {"unit": "x"}, {"sort": "nope"}, {"after": "nope"}):
        assert client(cast.admin).get(DRIFT, params).status_code == 200


@pytest.mark.parametrize("sort", ["terbaru", "alamat", "unit"])
def test_the_list_is_paged_in_every_order(
    cast: Cast, drifted: dict[str, Device], sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.paging.ListForm.page.__defaults__", (1,))
    found: list[str] = []
    params = {"sort": sort}
    while len(found) < 5:
        answer = client(cast.admin).get(DRIFT, params)
        found += [line.found.address for line in answer.context["lines"]]
        if not (after := answer.context["page"].next):
            break
        params["after"] = after
    assert sorted(found) == ["10.17.0.1", "10.17.0.2", "10.17.0.77"]


def test_the_list_asks_the_database_the_same_however_long_it_is(
    cast: Cast, drifted: dict[str, Device], subnet: Subnet, django_assert_max_num_queries: Any
) -> None:
    for number in range(4, 24):  # each answers where another one's name is recorded
        Device.objects.filter(pk=make_device(owner=cast.requester).pk).update(pc_name=f"X-{number}")
    reality.record(subnet, {f"10.17.0.{n + 100}": Status(f"X-{n}", "W", "") for n in range(4, 24)})
    browser = client(cast.admin)
    with django_assert_max_num_queries(20):
        page = browser.get(DRIFT)
    assert sum(line.known is not None for line in page.context["lines"]) == 20


def test_an_empty_list_says_whether_anybody_has_looked(cast: Cast, subnet: Subnet) -> None:
    assert "Belum ada yang diperiksa" in text(client(cast.admin).get(DRIFT))
    reality.record(subnet, {"10.17.0.9": Status("X", "", "")}, now=database_now() - 20 * DAY)
    assert "Catatan sesuai kenyataan" in text(client(cast.admin).get(DRIFT))
    assert "Tidak ada selisih yang cocok" in text(client(cast.admin).get(DRIFT, {"q": "y"}))


# One click to a ticket or to a correction


def links(user: Any, words: str) -> list[str]:
    """Where the links of these words lead, in the order of addresses."""
    page = client(user).get(DRIFT, {"sort": "alamat"}).content.decode()
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [unescape(address) for address, said in found if words in said]


def test_a_ticket_is_one_click_away_and_filled_in(cast: Cast, drifted: dict[str, Device]) -> None:
    differs, silent, unregistered = links(cast.admin, "Buat tiket")
    page = client(cast.admin).get(differs)
    form = page.context["form"]
    assert form.requester_person == cast.requester
    assert (form["category"].value(), form["title"].value()) == ("fault", "PC-1: jaringan berbeda dari catatan")
    assert "Nama PC: tercatat PC-1, menurut perangkat DESKTOP-9" in form["description"].value()
    assert form.chosen_device == str(drifted["PC-1"].pk)
    assert parse_qs(urlsplit(silent).query)["title"] == ["PC-2 lama tidak menjawab di jaringan"]
    form = client(cast.admin).get(unregistered).context["form"]
    assert (form["device_text"].value(), form.chosen_device) == ("10.17.0.77", "")


def test_a_technician_s_ticket_names_the_device_in_words(cast: Cast, drifted: dict[str, Device]) -> None:
    form = client(cast.technician).get(links(cast.technician, "Buat tiket")[0]).context["form"]
    assert form.requester_person == cast.technician
    assert form["device_text"].value() == "PC-1 10.17.0.1"


def test_a_correction_is_one_click_away_and_filled_in(
    cast: Cast, drifted: dict[str, Device], workgroup: Workgroup
) -> None:
    foreign = actions.save_workgroup(Workgroup(name="WORKGROUP"), by=None)
    [differs] = links(cast.technician, "Betulkan catatan")
    form = client(cast.technician).get(differs).context["form"]
    assert (form["pc_name"].value(), form["workgroup"].value(), form["address"].value()) == (
        "DESKTOP-9", foreign.pk, "10.17.0.1",
    )  # fmt: skip
    [silent] = links(cast.technician, "Buka perangkat")
    assert silent == drifted["PC-2"].get_absolute_url()


def test_what_is_not_registered_is_registered_and_recorded_in_two_steps(
    cast: Cast, drifted: dict[str, Device], subnet: Subnet
) -> None:
    [create] = links(cast.technician, "Daftarkan perangkat")
    browser = client(cast.technician)
    assert f'value="{MAC}"' in text(browser.get(create))
    facts = {"kind": "laptop", "unit": subnet.unit_id, "room": "Tamu", "mac": MAC}
    answer = browser.post(create, facts, follow=True)
    device = Device.objects.get(mac=MAC)
    assert answer.redirect_chain[0][0].startswith(reverse("network:device-record", args=[device.pk]))
    form = answer.context["form"]
    assert (form["address"].value(), form["pc_name"].value()) == ("10.17.0.77", "LAPTOP-TAMU")


def test_a_known_device_at_a_wrong_address_is_corrected_on_its_own_record(
    cast: Cast, drifted: dict[str, Device], subnet: Subnet
) -> None:
    reality.record(subnet, {"10.17.0.77": Status("PC-2", "BPS1700", "")})
    page = text(client(cast.technician).get(DRIFT))
    assert "Dalam registri, nama atau MAC ini milik" in page
    record = reverse("network:device-record", args=[drifted["PC-2"].pk])
    assert f"{record}?address=10.17.0.77&workgroup=BPS1700" in links(cast.technician, "Betulkan catatan")


@pytest.mark.parametrize("query", ["pc_name=%00", "pc_name=-x-", "address=nope", "workgroup=none", "mac=zz"])
def test_a_link_that_makes_no_sense_fills_nothing_in(cast: Cast, drifted: dict[str, Device], query: str) -> None:
    device = drifted["PC-1"]
    form = client(cast.admin).get(f"{reverse('network:device-record', args=[device.pk])}?{query}").context["form"]
    assert (form["pc_name"].value(), form["address"].value()) == ("PC-1", "10.17.0.1")
    assert client(cast.admin).get(f"{reverse('network:device-create')}?{query}").status_code == 200


def test_a_line_is_asked_again_and_the_list_keeps_its_filter(
    cast: Cast,
    quick: None,
    start: Start,
) -> None:
    near = loopback_subnet()
    start(["127.0.9.77"], lambda packet, _: windows(packets.number_of(packet), "TAMU"))
    [row] = reality.record(near, {"127.0.9.77": Status("X", "", "")})
    address = reverse("network:observation-check", args=[row.pk])
    answer = client(cast.technician).post(f"{address}?kind=unregistered", follow=True)
    assert answer.redirect_chain == [(f"{DRIFT}?kind=unregistered", 302)]
    assert "127.0.9.77 menjawab dengan nama TAMU." in text(answer)
    assert client(cast.technician).post(address).status_code == 404  # an old finding now
    assert client(cast.supervisor).post(address).status_code == 403
    assert client(cast.technician).get(address).status_code == 405
