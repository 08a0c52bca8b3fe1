"""A ticket's documents on its page, their download, and the page that verifies them for anybody."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from jobs.files import path_of
from tests.tickets.factories import Office
from tests.tickets.web import office, page_of, send, sound_input, text_of
from tickets import documents
from tickets.models import Document, Ticket
from tickets.workflow import Action, Status

__all__ = ["office"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def filed(office: Office, status: Status = Status.FINISHING) -> Document:
    office.ticket_in(status)
    documents.file_pending()
    return Document.objects.select_related("ticket").latest("event")


def fetch(user: User, document: Document, number: str = "") -> Any:
    client = Client()
    client.force_login(user)
    response: Any = client.get(reverse("tickets:document", args=[number or document.ticket.number, document.name]))
    response.body = response.getvalue()  # reading to the end closes the file
    return response


def verify(code: str, **headers: str) -> Any:
    return Client().get(reverse("tickets:verify", args=[code]), **headers)  # type: ignore[arg-type]


# On the ticket's page


def test_a_document_waits_to_be_made_and_then_stands_on_the_page(office: Office) -> None:
    ticket = office.ticket_in(Status.FINISHING)
    waiting = text_of(page_of(office.requester, ticket))
    assert "sedang dibuat" in waiting
    assert reverse("tickets:documents", args=[ticket.number]) in waiting
    documents.file_pending()
    there = text_of(page_of(office.requester, ticket, "documents"))
    assert Document.objects.get().get_absolute_url() in there
    assert "sedang dibuat" not in there
    assert "hx-trigger" not in there


def test_a_ticket_without_a_test_speaks_of_no_documents(office: Office) -> None:
    assert 'id="papers"' not in text_of(page_of(office.requester, office.ticket_in(Status.TESTING)))


def test_no_request_waits_for_a_document(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any) -> None:
        raise AssertionError("made within a request")

    monkeypatch.setattr("jobs.papers.render", never)
    ticket = office.ticket_in(Status.TESTING)
    sent = send(office.technician, Action.PASS_TEST, ticket, sound_input(office, Action.PASS_TEST, ticket))
    assert sent.status_code == 302


def test_a_test_and_an_end_ring_for_their_documents(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rings: list[str] = []
    monkeypatch.setattr("tickets.actions.core.doorbell.ring_on_commit", lambda task, queue: rings.append(task))
    office.ticket_in(Status.DONE)
    assert rings.count("tickets.tasks.file_documents") == 2


def test_the_earlier_record_is_marked_as_replaced(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    for action in ("reopen", "complete_work", "pass_test", "finish"):
        office.wait(minutes=1)
        ticket = office.do(action, ticket)
    documents.file_pending()
    assert text_of(page_of(office.requester, ticket)).count("sudah diganti") == 1


# The download


def test_who_sees_the_ticket_gets_the_file_as_it_was_made(office: Office) -> None:
    document = filed(office)
    for person in (office.requester, office.technician, office.supervisor):
        assert fetch(person, document).body == path_of(document.name).read_bytes()


def test_the_file_is_a_download_that_can_do_nothing(office: Office) -> None:
    document = filed(office)
    headers = fetch(office.requester, document).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == f'attachment; filename="{document.ticket.number}-HTK-1.pdf"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_who_may_not_see_the_ticket_gets_no_document(office: Office, who: str) -> None:
    assert fetch(getattr(office, who), filed(office)).status_code == 404


def test_a_document_belongs_to_its_own_ticket_alone(office: Office) -> None:
    other = office.ticket_in(Status.TESTING)
    assert fetch(office.requester, filed(office), other.number).status_code == 404


def test_a_document_that_is_gone_from_the_store_is_not_found(office: Office) -> None:
    document = filed(office)
    path_of(document.name).unlink()
    assert fetch(office.requester, document).status_code == 404


def test_behind_nginx_the_proxy_sends_the_document(office: Office, settings: Settings) -> None:
    settings.X_ACCEL_ATTACHMENTS = "/lampiran-internal/"
    document = filed(office)
    response = fetch(office.requester, document)
    assert response.headers["X-Accel-Redirect"] == f"/lampiran-internal/{document.name.hex[:2]}/{document.name.hex}"
    assert response.body == b""


# Verification


def test_anybody_may_ask_whether_a_document_is_genuine(office: Office) -> None:
    document = filed(office)
    page = text_of(verify(document.code))
    assert "Dokumen ini asli" in page
    assert document.number in page
    assert document.sha256[:16] in page
    assert document.ticket.sop.institution in page


def test_the_page_shows_nothing_of_people_or_their_network(office: Office) -> None:
    document = filed(office, Status.DONE)
    ticket = Ticket.objects.get()
    link = ticket.addresses.latest("pk")
    page = text_of(verify(document.code))
    private = [ticket.requester, ticket.technician, ticket.title, ticket.contact, link.address, link.name, ticket.room]
    assert [str(one) for one in private if str(one) in page] == []
    assert ticket.get_absolute_url() not in page


def test_a_replaced_record_is_genuine_and_names_the_one_in_force(office: Office) -> None:
    first = filed(office, Status.DONE)
    ticket = first.ticket
    for action in ("reopen", "complete_work", "pass_test", "finish"):
        office.wait(minutes=1)
        ticket = office.do(action, ticket)
    documents.file_pending()
    page = text_of(verify(first.code))
    assert "Sudah ada penggantinya" in page
    assert f"{ticket.number}/RL-2" in page


@pytest.mark.parametrize("code", ["abcdefghjkmnpqrstuvw", "x", "A" * 300])
def test_an_unknown_code_gets_a_calm_page_with_404(db: None, code: str) -> None:
    answer = verify(code)
    assert answer.status_code == 404
    assert "Kode ini tidak kami kenal" in text_of(answer)


def test_a_code_can_be_typed_as_it_is_printed(office: Office) -> None:
    document = filed(office)
    typed = "-".join(document.code[at : at + 5] for at in range(0, 20, 5)).upper()
    answer = Client().get(reverse("tickets:verify-any"), {"kode": f" {typed} "})
    assert answer.headers["Location"] == reverse("tickets:verify", args=[document.code])


@pytest.mark.parametrize("typed", ["", "--- …", "\x00", "a" * 61, "é", "٣"])
def test_what_is_no_code_leads_nowhere(db: None, typed: str) -> None:
    assert Client().get(reverse("tickets:verify-any"), {"kode": typed}).status_code == 200


def test_who_tries_codes_is_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.views.documents.MOST_A_MINUTE", 3)
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_800_000_000.0)
    document = filed(office)
    codes = [uuid.uuid4().hex[:20] for _ in range(3)]
    assert [verify(code).status_code for code in (*codes, document.code)] == [404, 404, 404, 429]
    assert verify(document.code, REMOTE_ADDR="10.9.8.7").status_code == 200
