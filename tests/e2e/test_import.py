"""Devices from a file in a browser: uploaded, looked at, stored without the bad row, exported; a worker stands by."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django import Settings

from jobs import running
from network.models import Device
from tests.e2e.conftest import Arrive
from tests.tickets.factories import Office

pytestmark = pytest.mark.e2e

ROWS = (
    "nama pc;alamat ip;grup jaringan;jenis;unit;nup\n"
    "PC-ARSIP;10.17.3.1;BPS1700;PC;1700;1\n"
    "PC_SALAH;10.17.0.1;BPS1700;kulkas;1700;2\n"
)


def test_a_file_is_looked_at_and_stored_without_its_bad_row(
    office: Office, arrive: Arrive, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    adi = arrive(office.admin)
    page = adi.page
    adi.open("network:device-list")
    page.get_by_role("link", name="Impor").click()
    file: FilePayload = {"name": "perangkat.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.get_by_label("Berkas CSV atau XLSX").set_input_files(file)
    adi.press("Lihat pratinjau")
    expect(page.get_by_role("progressbar")).to_be_visible()
    running.run_next()
    bad = page.get_by_role("region", name="Baris yang bermasalah")
    for column in ("nama pc", "alamat ip", "jenis"):
        expect(bad).to_contain_text(f"{column}: ")
    expect(page.get_by_role("region", name="Yang akan berubah")).to_contain_text("PC-ARSIP")
    with page.expect_download() as download:
        bad.get_by_role("link", name="baris-bermasalah.xlsx").click()
    assert download.value.suggested_filename == "baris-bermasalah.xlsx"
    adi.press("Simpan tanpa 1 baris bermasalah")
    expect(page.get_by_role("progressbar")).to_be_visible()
    running.run_next()
    expect(page.locator("main")).to_contain_text("1 ditambahkan, 0 diperbarui, 0 tetap. 1 baris bermasalah.")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.get_by_role("link", name="Lihat hasilnya").click()
    expect(page.locator("#devices")).to_contain_text("PC-ARSIP")
    page.get_by_role("link", name="Ekspor").click()
    adi.press("Buat berkas")
    expect(page.get_by_role("progressbar")).to_be_visible()
    running.run_next()
    with page.expect_download() as download:
        page.get_by_role("link", name="perangkat.xlsx").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert Device.objects.get().current_address == "10.17.3.1"
