"""The browser test of step 5: the technician's page on a phone, a PC that opens the link, and what comes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django import Settings

from network.models import Subnet
from tests.e2e.conftest import Arrive
from tests.e2e.people import PHONE
from tests.e2e.test_walk import tick_checks
from tests.tickets.factories import Office
from tickets import documents
from tickets.integrity import violations
from tickets.models import Measurement, ReachTarget
from tickets.workflow import Status

pytestmark = pytest.mark.e2e

#: An open page asks every few seconds, and at once when it is back on the network.
WAKE = "dispatchEvent(new Event('online'))"


def test_a_pc_measures_and_its_figures_decide_the_test(
    office: Office, arrive: Arrive, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.TRUSTED_PROXIES = 1
    Subnet.objects.update(seen_directly=True)
    there, away = sites()
    ticket = office.ticket_in(Status.TESTING)
    planned = ticket.addresses.get().address.address

    tono = arrive(office.technician)
    tono.open("tickets:detail", ticket.number)
    code = tono.page.locator(".measuring-code").inner_text()
    address = tono.page.get_by_role("link", name="Atau buka tautannya langsung").get_attribute("href")
    notes = tono.page.locator("#form-test").get_by_label("Catatan")
    notes.fill("Kabel baru, ")

    elsewhere = arrive(**PHONE, extra_http_headers={"X-Forwarded-For": "10.17.0.250"})
    elsewhere.open("tickets:measure-any")
    elsewhere.page.get_by_label("Kode uji").fill(code.upper().replace("-", " "))
    elsewhere.press("Buka uji koneksi")
    expect(elsewhere.page.locator(".measure-address")).to_contain_text("tidak sesuai rencana")
    measure(elsewhere.page)
    elsewhere.fits()
    result = elsewhere.page.locator("#measure-result")
    expect(result).to_contain_text("Ada yang belum beres")
    expect(result).to_contain_text(f"10.17.0.250; rencananya {planned}")
    expect(result).to_contain_text("Pastikan halaman ini dibuka di PC yang diatur")

    # The page of the ticket hears of it by itself, around what is being typed.
    panel = tono.page.locator(".measuring")
    tono.page.evaluate(WAKE)
    expect(panel).to_contain_text("Ada yang wajib gagal")
    expect(notes).to_have_value("Kabel baru, ")
    tick_checks(tono.page)
    tono.press("Lulus uji")
    expect(tono.page.locator("#form-test")).to_contain_text("Peramban di perangkat mengukur sebaliknya")

    pc = arrive(extra_http_headers={"X-Forwarded-For": planned})
    pc.page.route(there.url, lambda route: route.fulfill(status=200, body="ada"))
    pc.page.route(away.url, lambda route: route.abort())
    pc.page.goto(f"{pc.server}{address}")
    measure(pc.page)
    expect(pc.page.locator("#measure-result")).to_contain_text("Sambungan PC ini baik")
    outcomes = {line["code"]: line["outcome"] for line in Measurement.objects.latest("pk").results}
    assert outcomes[f"ukur-sasaran-{there.pk}"] == "ok"
    assert outcomes[f"ukur-sasaran-{away.pk}"] == "failed"
    assert outcomes["ukur-jawaban"] == "ok"

    tono.page.evaluate(WAKE)
    expect(panel).to_contain_text("Semua yang wajib berhasil")
    tono.press("Lulus uji")
    tono.sees_toast("Uji koneksi berhasil.")
    expect(tono.page.locator(".evidence .measured")).to_contain_text("30 dari 30 permintaan terjawab")
    documents.file_pending()
    link = tono.page.locator("#papers").get_by_role("link", name=re.compile("Hasil tes: berhasil"))
    with tono.page.expect_download() as arriving:
        link.click()
    text = " ".join(page.extract_text() for page in PdfReader(arriving.value.path()).pages)
    assert "30 dari 30 permintaan terjawab" in " ".join(text.split())
    assert "Situs yang diam" in " ".join(text.split())
    assert list(violations()) == []


def test_without_javascript_the_address_is_shown_and_nothing_is_measured(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.TESTING)
    pc = arrive(java_script_enabled=False)
    pc.page.goto(pc.server + ticket.current_run.measuring_links.get().get_absolute_url())  # type: ignore[union-attr]
    expect(pc.page.locator("main")).to_contain_text("127.0.0.1")
    assert "JavaScript tidak aktif" in pc.page.locator("noscript .notice").inner_text()
    expect(pc.page.get_by_role("button", name="Mulai uji")).to_be_hidden()


def sites() -> tuple[ReachTarget, ReachTarget]:
    """One that answers and one that does not; neither is asked for outside of this machine."""
    ReachTarget.objects.update(active=False)
    names = (("Situs yang ada", "https://localhost:9443/"), ("Situs yang diam", "https://127.0.0.1:9444/"))
    there, away = (ReachTarget.objects.create(name=name, name_en=name, url=url) for name, url in names)
    return there, away


def measure(page: Page) -> None:
    page.locator(".measure-start").click()
    expect(page.locator("#measure-result .notice")).to_be_visible(timeout=30_000)
