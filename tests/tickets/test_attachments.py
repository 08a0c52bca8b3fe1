"""Files of a comment: what is accepted, how it is kept, who gets it and in which wrapping."""

import io
import uuid
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from jobs.files import path_of
from tests.tickets.factories import Office
from tests.tickets.web import office, page_of, send, text_of
from tickets import attachments
from tickets.models import Attachment, Ticket
from tickets.workflow import Action

__all__ = ["office"]

PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF: Final = b"%PDF-1.7\n%\xe2\xe3"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content: bytes, name: str = "foto.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def office_file(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return packed.getvalue()


def comment(user: User, ticket: Ticket, *files: SimpleUploadedFile, **changes: Any) -> Any:
    given = {"text": "Lihat lampiran.", "key": str(uuid.uuid4()), "uploads": list(files), **changes}
    return send(user, Action.COMMENT, ticket, given)


def fetch(user: User, ticket: Ticket, name: uuid.UUID) -> Any:
    client = Client()
    client.force_login(user)
    response: Any = client.get(reverse("tickets:attachment", args=[ticket.number, name]))
    response.body = response.getvalue()  # reading to the end closes the file
    return response


# What is accepted


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (PDF, "application/pdf"),
        ("Catatan é".encode(), "text/plain"),
        (b"x" * 8191 + "é".encode(), "text/plain"),
        (office_file("word/document.xml"), attachments._OFFICE[0][1]),
        (office_file("xl/workbook.xml"), attachments._OFFICE[1][1]),
        (office_file("ppt/slides.xml"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00 program", None),
        (b"\x00\x01\x02", None),
        (b"\xe2\x28\xa1" + b"x" * 20, None),
    ],
)
def test_the_content_decides_the_type_whatever_the_name_says(content: bytes, found: str | None) -> None:
    assert attachments.content_type(upload(content, "surat.pdf")) == found


def test_a_web_page_passes_for_text_only() -> None:
    assert attachments.content_type(upload(b"<script>alert(1)</script>", "x.html")) == "text/plain"


def test_an_archive_of_a_later_kind_than_python_reads_is_refused_and_not_a_fault() -> None:
    content = bytearray(office_file("word/document.xml"))
    content[content.find(b"PK\x01\x02") + 6] = 99  # "version needed to extract"
    assert attachments.content_type(upload(bytes(content))) is None


def test_an_archive_with_more_entries_than_a_document_costs_no_time() -> None:
    many = office_file("word/document.xml", *(f"word/{number:060}" for number in range(5000)))
    assert attachments.content_type(upload(many)) is None


@pytest.mark.parametrize(
    ("files", "stored", "sentence"),
    [
        ([upload(b"")], 0, "kosong"),
        ([upload(b"MZ\x00")], 0, "tidak dapat diterima"),
        ([upload(PNG)] * 6, 0, "Paling banyak 5"),
        ([upload(PNG)], attachments.MAX_PER_TICKET, "batas 100 MB"),
    ],
)
def test_a_refused_file_gets_a_sentence(files: list[SimpleUploadedFile], stored: int, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        attachments.check(files, stored=stored)


def test_a_file_that_is_too_large_gets_a_sentence() -> None:
    large = upload(PNG)
    large.size = attachments.MAX_SIZE + 1
    with pytest.raises(ValidationError, match="lebih besar dari 10 MB"):
        attachments.check([large], stored=0)


def test_a_file_lies_under_a_random_name(store: Path) -> None:
    (kept,) = attachments.store([upload(PNG, "../../rahasia.png")])
    assert kept.label == "rahasia.png"
    assert [path.name for path in store.rglob("*") if path.is_file()] == [kept.name.hex]
    assert path_of(kept.name).read_bytes() == PNG


# Through the page


def test_files_of_a_comment_stand_beside_it_and_can_be_fetched(office: Office) -> None:
    ticket = office.ticket_in("working")
    assert comment(office.requester, ticket, upload(PNG), upload(PDF, "surat.pdf")).status_code == 302
    page = text_of(page_of(office.technician, ticket))
    for file in Attachment.objects.all():
        assert reverse("tickets:attachment", args=[ticket.number, file.name]) in page
        assert file.label in page
    assert fetch(office.technician, ticket, Attachment.objects.get(label="foto.png").name).body == PNG


def test_a_file_is_always_a_download_that_can_do_nothing(office: Office) -> None:
    ticket = office.ticket_in("working")
    comment(office.requester, ticket, upload(b"<script>alert(1)</script>", 'a"b\r\nX: y.html'))
    response = fetch(office.requester, ticket, Attachment.objects.get().name)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in response.headers["Content-Disposition"]
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_refused_file_keeps_what_was_typed(office: Office, store: Path) -> None:
    response = comment(office.requester, office.ticket_in("working"), upload(b"MZ\x00", "x.exe"), text="Ini penting")
    assert response.status_code == 422
    assert "Ini penting" in text_of(response)
    assert "“x.exe” tidak dapat diterima" in text_of(response)
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_a_comment_with_files_sent_twice_keeps_them_once(office: Office, store: Path) -> None:
    ticket, key = office.ticket_in("working"), str(uuid.uuid4())
    for _ in range(2):
        comment(office.requester, ticket, upload(PNG), key=key)
    assert Attachment.objects.count() == 1
    assert len([path for path in store.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_who_may_not_see_the_ticket_gets_no_file(office: Office, who: str) -> None:
    ticket = office.ticket_in("working")
    comment(office.requester, ticket, upload(PNG))
    assert fetch(getattr(office, who), ticket, Attachment.objects.get().name).status_code == 404


def test_the_file_of_an_internal_note_does_not_exist_for_the_requester(office: Office) -> None:
    ticket = office.ticket_in("working")
    comment(office.technician, ticket, upload(PNG, "rahasia.png"), internal="on")
    name = Attachment.objects.get().name
    assert fetch(office.requester, ticket, name).status_code == 404
    assert "rahasia.png" not in text_of(page_of(office.requester, ticket))
    assert fetch(office.supervisor, ticket, name).status_code == 200


def test_a_file_belongs_to_its_own_ticket_alone(office: Office) -> None:
    ticket, other = office.ticket_in("working"), office.ticket_in("working")
    comment(office.requester, ticket, upload(PNG))
    assert fetch(office.requester, other, Attachment.objects.get().name).status_code == 404


def test_a_file_that_nobody_sent_is_not_found(office: Office) -> None:
    assert fetch(office.requester, office.ticket_in("working"), uuid.uuid4()).status_code == 404


def test_a_file_that_is_gone_from_the_store_is_not_found(office: Office) -> None:
    ticket = office.ticket_in("working")
    comment(office.requester, ticket, upload(PNG))
    name = Attachment.objects.get().name
    path_of(name).unlink()
    assert fetch(office.requester, ticket, name).status_code == 404


def test_behind_nginx_the_proxy_sends_the_file(office: Office, settings: Settings) -> None:
    settings.X_ACCEL_ATTACHMENTS = "/lampiran-internal/"
    ticket = office.ticket_in("working")
    comment(office.requester, ticket, upload(PNG))
    name = Attachment.objects.get().name
    response = fetch(office.requester, ticket, name)
    assert response.headers["X-Accel-Redirect"] == f"/lampiran-internal/{name.hex[:2]}/{name.hex}"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.body == b""
