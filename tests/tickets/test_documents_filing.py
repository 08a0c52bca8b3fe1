"""Documents: one for each test and each end, made beside the requests, for ever as they were made."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from jobs import papers
from jobs.files import path_of
from tests.tickets.factories import ALL_OK, Office
from tickets import documents
from tickets.integrity import FILES_ARE_WHOLE, violations
from tickets.models import Document, Ticket
from tickets.workflow import Action, Status

Kind = Document.Kind


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def read(document: Document) -> str:
    pdf = PdfReader(io.BytesIO(path_of(document.name).read_bytes()))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    return " ".join(text.replace("\u200b", "").split())


def done_twice(office: Office) -> Ticket:
    """Failed once, finished, opened again, finished again."""
    ticket = office.ticket_in(Status.TESTING)
    way = ("fail_test", "complete_work", "pass_test", "finish", "reopen", "complete_work", "pass_test", "finish")
    for action in way:
        office.wait(minutes=2)
        ticket = office.do(action, ticket)
    return ticket


def test_each_test_and_each_end_has_its_document(office: Office) -> None:
    ticket = done_twice(office)
    assert documents.file_pending() == 5
    numbers = list(ticket.documents.order_by("event").values_list("number", flat=True))
    marks = ["HTK-1", "HTK-2", "RL-1", "HTK-3", "RL-2"]
    assert numbers == [f"{ticket.number}/{mark}" for mark in marks]


def test_a_ticket_under_way_has_none(office: Office) -> None:
    for status in (Status.TESTING, Status.REJECTED, Status.CANCELLED):
        office.ticket_in(status)
    assert documents.file_pending() == 0


def test_filing_twice_makes_nothing_twice(office: Office, store: Path) -> None:
    office.ticket_in(Status.DONE)
    assert [documents.file_pending() for _ in range(3)] == [2, 0, 0]
    assert len(files(store)) == Document.objects.count() == 2


def test_the_file_is_what_the_row_says(office: Office) -> None:
    office.ticket_in(Status.FINISHING)
    documents.file_pending()
    document = Document.objects.get()
    content = path_of(document.name).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (document.size, document.sha256)
    assert len(document.code) == 20
    assert document.name.hex not in document.number


def test_the_result_says_what_was_tested_where_by_whom(office: Office) -> None:
    ticket = office.do(Action.PASS_TEST, office.ticket_in(Status.TESTING), note="Kecepatan baik.", results=ALL_OK)
    documents.file_pending()
    text = read(Document.objects.get())
    link = ticket.addresses.latest("pk")
    for part in (
        f"Nomor {ticket.number}/HTK-1", "Berhasil", ticket.title, str(ticket.requester), str(ticket.technician),
        link.address.address, link.name.name, link.workgroup.name, "Lampu link", "Kecepatan baik.", ticket.sop.number,
    ):  # fmt: skip
        assert part in text, part


def test_the_result_of_a_failed_test_names_what_failed(office: Office) -> None:
    office.do(Action.FAIL_TEST, office.ticket_in(Status.TESTING))
    documents.file_pending()
    text = read(Document.objects.get())
    assert "1 butir gagal" in text
    assert "Gateway diam." in text


def test_the_record_of_service_holds_the_whole_ticket(office: Office) -> None:
    ticket = office.ticket_in(Status.TESTING)
    office.do(Action.HOLD, ticket)
    office.wait(hours=1)
    for action in (Action.RESUME, Action.PASS_TEST, Action.FINISH):
        office.wait(minutes=3)
        ticket = office.do(action, ticket)
    documents.file_pending()
    text = read(Document.objects.get(kind=Kind.SERVICE))
    link = ticket.addresses.latest("pk")
    steps = (
        "1. Pengajuan",
        "2. Menerima alokasi",
        "3. Identifikasi",
        "4. Pelaksanaan",
        "5. Tes dan uji coba",
        "6. Selesai",
    )
    for part in (
        *steps, "10–60 menit", "Ditunda", "menunggu perangkat", "dari standar 1 jam 45 menit: tepat waktu", "Kabel UTP",
        "Kabel ditarik.", link.address.address, link.name.name, f"{ticket.number}/HTK-1", "dinyatakan selesai oleh",
        ticket.description, str(ticket.requester),
    ):  # fmt: skip
        assert part in text, part


def test_the_record_shows_what_the_device_had_before(office: Office) -> None:
    first = office.ticket_in(Status.DONE)
    before = first.addresses.latest("pk")
    office.wait(days=1)
    again = office.ticket_in(Status.DONE, device=first.device, device_text="")
    documents.file_pending()
    record = Document.objects.get(ticket=again, kind=Kind.SERVICE)
    after = again.addresses.latest("pk")
    text = read(record)
    assert f"Alamat IP {before.address.address} {after.address.address}" in text
    assert f"Nama PC {before.name.name} {after.name.name}" in text


def test_a_late_document_tells_of_its_own_moment(office: Office) -> None:
    """The first end's record knows nothing of what came after it, even where it is made last."""
    ticket = done_twice(office)
    documents.file_pending()
    first, second = (read(one) for one in ticket.documents.filter(kind=Kind.SERVICE).order_by("event"))
    assert "HTK-2" in first and "HTK-3" not in first
    assert "HTK-3" in second


def test_the_newest_record_of_service_takes_the_place_of_the_earlier(office: Office) -> None:
    ticket = done_twice(office)
    documents.file_pending()
    first, second = ticket.documents.filter(kind=Kind.SERVICE).order_by("event")
    assert first.successor == second
    assert second.successor is None
    assert all(test.successor is None for test in ticket.documents.filter(kind=Kind.TEST))


def test_papers_are_indonesian_whatever_the_worker_speaks(office: Office) -> None:
    office.ticket_in(Status.DONE)
    with translation.override("en"):
        documents.file_pending()
    text = read(Document.objects.get(kind=Kind.SERVICE))
    assert "Pasang baru" in text
    assert "Biasa" in text


def test_hostile_words_reach_the_paper_as_words(office: Office) -> None:
    title = '#eval("x") *a* $b$ \\ \U0001f600 ' + "w" * 60
    ticket = office.ticket_in(Status.DONE, title=title, description="#panic()\n" + "= judul \u202e")
    assert documents.file_pending() == 2
    text = read(ticket.documents.get(kind=Kind.SERVICE))
    for part in ('#eval("x") *a* $b$ \\ [U+1F600]', "#panic()", "= judul [U+202E]"):
        assert part in text
    assert text.replace(" ", "").count("w" * 60) == 1


def test_one_that_cannot_be_made_holds_nobody_up(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poor, good = office.ticket_in(Status.FINISHING), office.ticket_in(Status.FINISHING)
    render = papers.render

    def fails(template: str, data: Any, at: Any) -> bytes:
        if poor.number in data["number"]:
            raise RuntimeError("no paper")
        return render(template, data, at)

    monkeypatch.setattr(papers, "render", fails)
    assert documents.file_pending() == 1
    assert good.documents.exists() and not poor.documents.exists()
    assert "cannot be made" in caplog.text
    monkeypatch.setattr(papers, "render", render)
    assert documents.file_pending() == 1


def test_a_call_ends_in_time_and_the_next_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        office.ticket_in(Status.FINISHING)
    render = papers.render

    def slowly(template: str, data: Any, at: Any) -> bytes:
        time.sleep(0.3)
        return render(template, data, at)

    monkeypatch.setattr(papers, "render", slowly)
    assert [documents.file_pending(seconds=0.2) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize("change", ["UPDATE tickets_document SET sha256 = sha256", "DELETE FROM tickets_document"])
def test_no_document_is_changed_or_taken_away(office: Office, change: str) -> None:
    office.ticket_in(Status.FINISHING)
    documents.file_pending()
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("typed", ["ABCDE-fghjk", "abcde fghjk", "abcdefghjk"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert documents.written_code(typed) == "abcdefghjk"


# What verify_integrity asks


def test_documents_as_they_were_made_break_no_invariant(office: Office) -> None:
    done_twice(office)
    assert list(violations()) == []
    documents.file_pending()
    assert list(violations()) == []


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"%PDF-1.7 another")])
def test_a_file_that_is_gone_or_another_is_found(office: Office, change: Callable[[Path], Any]) -> None:
    office.ticket_in(Status.FINISHING)
    documents.file_pending()
    change(path_of(Document.objects.get().name))
    assert [violation.split(":")[0] for violation in violations()] == [FILES_ARE_WHOLE]
