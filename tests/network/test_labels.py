"""Label sheets: what stands on them, and who gets them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from jobs import papers
from network import actions, labels
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast
from tests.network.factories import make_device


def get(user: User, name: str, /, *args: Any, **params: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"network:{name}", args=args), params, follow=True)


def words(response: Any) -> str:
    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


@pytest.fixture
def recorded(cast: Cast, subnet: Subnet, workgroup: Workgroup) -> Device:
    device = make_device(owner=cast.requester, asset_number="NUP-77")
    actions.activate(device, address="10.17.0.23", pc_name="BPS1771-PC-03", workgroup=workgroup, by=cast.admin)
    return device


def test_a_label_tells_name_address_unit_and_asset_number(cast: Cast, recorded: Device) -> None:
    said = words(get(cast.technician, "device-label", recorded.pk))
    for part in ("BPS1771-PC-03", "10.17.0.23", recorded.unit.name, "NUP NUP-77"):
        assert part in said


def test_the_code_leads_to_the_device_s_page_at_the_public_address(
    cast: Cast, recorded: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    draw = papers.qr_code

    def heard(link: str) -> str:
        links.append(link)
        return draw(link)

    monkeypatch.setattr(papers, "qr_code", heard)
    get(cast.technician, "device-label", recorded.pk)
    assert links == [f"http://127.0.0.1:8000{recorded.get_absolute_url()}"]


def test_a_reserved_address_stands_on_no_label(cast: Cast, subnet: Subnet, workgroup: Workgroup) -> None:
    device = make_device(brand_model="HP 280")
    actions.reserve(device, address="10.17.0.24", pc_name="PC-24", workgroup=workgroup, by=cast.admin)
    said = words(get(cast.technician, "device-label", device.pk))
    assert "HP 280" in said
    assert "10.17.0.24" not in said


def test_a_sheet_holds_what_the_list_shows(cast: Cast, recorded: Device) -> None:
    make_device(brand_model="Lenovo M70")
    every = words(get(cast.admin, "device-labels"))
    assert "BPS1771-PC-03" in every and "Lenovo M70" in every
    found = words(get(cast.admin, "device-labels", q="BPS1771"))
    assert "BPS1771-PC-03" in found and "Lenovo M70" not in found


def test_hostile_words_stay_words_on_a_label(cast: Cast, db: None) -> None:
    device = make_device(brand_model='#eval("1") *x* $y$ \U0001f600', asset_number="]}" + "N" * 40)
    said = words(get(cast.admin, "device-label", device.pk))
    assert '#eval("1") *x* $y$ [U+1F600]' in said
    assert said.replace(" ", "").count("N" * 40) == 1


def test_devices_out_of_service_need_no_label(cast: Cast, recorded: Device) -> None:
    actions.decommission(recorded, reason="Rusak.", by=cast.admin)
    assert get(cast.admin, "device-label", recorded.pk).status_code == 404
    assert "Tidak ada perangkat untuk dicetak labelnya." in get(cast.admin, "device-labels").content.decode()


def test_more_than_ten_sheets_are_asked_to_be_narrowed(
    cast: Cast, recorded: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "MOST", 1)
    make_device()
    answer = get(cast.admin, "device-labels").content.decode()
    assert "Paling banyak 1 label sekali cetak" in answer


def test_the_button_is_for_those_who_see_all_devices(cast: Cast, recorded: Device) -> None:
    address = reverse("network:device-label", args=[recorded.pk])
    assert address in get(cast.supervisor, "device-detail", recorded.pk).content.decode()
    assert address not in get(cast.requester, "device-detail", recorded.pk).content.decode()
    sheets = reverse("network:device-labels")
    assert f"{sheets}?q=BPS" in get(cast.supervisor, "device-list", q="BPS").content.decode()
    assert sheets not in get(cast.requester, "device-list").content.decode()
