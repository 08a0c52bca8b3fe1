"""A test's result: it appears on the open page, is downloaded and read, and anybody finds it genuine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from pytest_django import Settings

from tests.e2e.conftest import Arrive
from tests.e2e.people import PHONE
from tests.tickets.factories import Office
from tickets import documents
from tickets.models import Document
from tickets.workflow import Status

pytestmark = pytest.mark.e2e


def test_a_document_appears_is_read_and_found_genuine(
    office: Office, arrive: Arrive, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = office.ticket_in(Status.FINISHING)
    rini = arrive(office.requester)
    rini.open("tickets:detail", ticket.number)
    papers = rini.page.locator("#papers")
    expect(papers).to_contain_text("sedang dibuat")
    documents.file_pending()
    link = papers.get_by_role("link", name=re.compile("Hasil tes: berhasil"))
    expect(link).to_be_visible()
    with rini.page.expect_download() as arriving:
        link.click()
    assert arriving.value.suggested_filename == f"{ticket.number}-HTK-1.pdf"
    text = "".join("".join(page.extract_text() for page in PdfReader(arriving.value.path()).pages).split())
    code = re.search(r"Kode([a-z2-9]{5}(?:-[a-z2-9]{5}){3})", text)
    assert code is not None, text
    assert f"{ticket.number}/HTK-1" in text
    stranger = arrive(**PHONE)
    stranger.open("tickets:verify-any")
    stranger.page.get_by_label("Kode verifikasi").fill(code[1].upper())
    stranger.press("Periksa")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Dokumen ini asli")
    expect(stranger.page.locator("main")).to_contain_text(Document.objects.get().sha256[:16])
    assert office.requester.full_name not in stranger.page.content()
