"""The registry in a browser: the address proposed at step 3, the map that shows it, the look-up of its ticket."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from network import actions as registry
from network.actions import reality
from network.models import IPAssignment, Subnet
from network.probe.packets import Status as Said
from tests.e2e.conftest import Arrive
from tests.e2e.people import PHONE
from tests.tickets.factories import Office
from tickets.workflow import Status

pytestmark = pytest.mark.e2e


def test_the_proposal_of_step_3_becomes_another_one_and_is_had(office: Office, arrive: Arrive) -> None:
    """While the technician fills in the form, somebody else takes the address: the next one stands in its field."""
    other = registry.save_subnet(Subnet(cidr="10.18.0.0/24", name="Lantai 2", unit=office.unit), exclusions=[], by=None)
    ticket = office.ticket_in(Status.IDENTIFYING)
    tono = arrive(office.technician, **PHONE)
    page = tono.page
    tono.open("tickets:detail", ticket.number)
    address = page.locator("#identify-record").get_by_label("Alamat IP")
    expect(address).to_have_value("10.17.0.2")
    page.get_by_label("Barang").first.fill("Kabel UTP")
    page.get_by_label("Nama PC").fill("PC-RAPAT")
    page.get_by_role("button", name="Usulkan yang lain").click()
    expect(address).to_have_value("10.17.0.3")
    expect(page.get_by_label("Nama PC")).to_have_value("PC-RAPAT")
    page.get_by_label("Usulkan dari subnet").select_option(str(other.pk))
    expect(address).to_have_value("10.18.0.1")
    registry.reserve(office.device(), address="10.18.0.1", pc_name="PC-LAIN", workgroup=office.workgroup, by=None)
    page.get_by_label("Grup jaringan (workgroup)").select_option(str(office.workgroup.pk))
    page.locator("#form-identify button[type=submit]").last.click()
    expect(page.locator("#identify-record")).to_contain_text("Sebagai gantinya diusulkan 10.18.0.2")
    expect(address).to_have_value("10.18.0.2")
    expect(page.get_by_label("Barang").first).to_have_value("Kabel UTP")
    page.locator("#form-identify button[type=submit]").last.click()
    tono.sees_toast("Alamat IP dan nama PC sudah dipesan")
    assert set(IPAssignment.objects.reserved().values_list("address", flat=True)) == {"10.18.0.1", "10.18.0.2"}


def test_the_map_leads_to_a_device_and_the_look_up_to_its_ticket(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.DONE)
    assert ticket.device is not None
    address = ticket.device.current_address
    adi = arrive(office.admin)
    page = adi.page
    adi.open("network:subnet-list")
    page.get_by_role("link", name="10.17.0.0/16").click()
    page.get_by_role("link", name="10.17.0.0/24").click()
    page.get_by_role("link", name=re.compile(rf"^{re.escape(address)}, Dipakai")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ticket.device.pc_name)
    adi.open("network:subnet-list")
    page.get_by_label("Alamat IP, nama PC, atau alamat MAC").fill(address)
    page.get_by_role("button", name="Siapa memakai?").click()
    expect(page.locator("#answer")).to_contain_text(address)
    page.get_by_role("link", name=ticket.number).click()
    expect(page).to_have_url(re.compile(ticket.number))


def test_a_device_is_given_another_address_on_its_page(office: Office, arrive: Arrive) -> None:
    device = office.device()
    registry.activate(device, address="10.17.0.2", pc_name="PC-1", workgroup=office.workgroup, by=None)
    adi = arrive(office.admin)
    page = adi.page
    adi.open("network:device-detail", device.pk)
    page.get_by_role("link", name="Pindah atau ganti alamat").click()
    page.get_by_role("button", name="Usulkan alamat bebas").click()
    expect(page.get_by_label("Alamat IP")).to_have_value("10.17.0.3")
    page.get_by_label("Alasan").fill("Alamat lama dipakai kamera.")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("10.17.0.3")
    page.get_by_role("link", name="Jejak perubahan").click()
    expect(page.locator("main")).to_contain_text("Alamat lama dipakai kamera.")


def test_a_device_is_asked_and_a_difference_becomes_a_ticket(
    office: Office, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button asks and its card alone is drawn anew; the drift list leads to a ticket that is filled in."""
    device = office.device()
    registry.activate(device, address="10.17.0.2", pc_name="PC-1", workgroup=office.workgroup, by=None)
    Subnet.objects.update(seen_directly=True)

    def look_at(address: str) -> Said:
        said = Said("DESKTOP-7", office.workgroup.name, "")
        reality.record(office.subnet, {address: said})
        return said

    monkeypatch.setattr(reality, "look_at", look_at)
    tono = arrive(office.technician)
    page = tono.page
    tono.open("network:device-detail", device.pk)
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Periksa sekarang").click()
    expect(page.locator("#reality")).to_contain_text("Berbeda dari catatan")
    expect(page.locator("#reality")).to_contain_text("DESKTOP-7")
    assert page.evaluate("window.same")
    tono.open("network:drift")
    page.get_by_role("link", name="Buat tiket").click()
    expect(page.get_by_label("Apa yang Anda perlukan?")).to_have_value("PC-1: jaringan berbeda dari catatan")
    expect(page.get_by_label("Jelaskan perangkatnya")).to_have_value("PC-1 10.17.0.2")
    tono.open("network:drift")
    page.get_by_role("link", name="Betulkan catatan").click()
    expect(page.get_by_label("Nama PC")).to_have_value("DESKTOP-7")
