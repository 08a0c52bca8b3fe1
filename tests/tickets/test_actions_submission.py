"""Submitting: what it writes, what its gate asks for, and that one form makes one ticket."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from network import actions as network
from tests.tickets.factories import Office, new_key, wib
from tests.tickets.snapshot import snapshot
from tickets import actions
from tickets.models import Outbox, StepRun, Ticket, TicketEvent
from tickets.workflow import WorkflowError


def test_a_submitted_ticket_waits_at_step_1_with_its_clock_running(office: Office) -> None:
    ticket = Ticket.objects.get(pk=office.submit().pk)
    assert (ticket.status, ticket.step, ticket.priority, ticket.technician) == ("submitted", 1, None, None)
    assert (ticket.submitted_at, ticket.closed_at, ticket.verdict) == (office.now, None, "")
    run = ticket.current_run
    assert run is not None
    assert (run.step, run.attempt, run.technician, run.started_at) == (1, 1, None, office.now)
    assert run.calendar.number == 1


def test_it_keeps_what_was_asked_for_without_the_space_around_it(office: Office) -> None:
    ticket = office.submit(
        title="  Jaringan mati ", description=" sejak pagi\n", room=" R-1 ", contact=" 0811 ", device_text=" Laptop ",
        category="fault",
    )  # fmt: skip
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.title, stored.description, stored.room) == ("Jaringan mati", "sejak pagi", "R-1")
    assert (stored.contact, stored.device_text, stored.category) == ("0811", "Laptop", "fault")
    assert stored.unit == office.unit


def test_its_event_says_who_when_from_where_and_holds_the_words_as_a_hash_only(office: Office) -> None:
    ticket = office.submit(title="Judul", description="Uraian", origin="10.17.3.4")
    event = ticket.events.get()
    assert (event.kind, event.seq, event.by, event.at) == ("submit", 1, office.requester, office.now)
    assert (event.origin, event.status_to, event.run) == ("10.17.3.4", "submitted", ticket.current_run)
    assert event.data["request_sha256"] == hashlib.sha256(b"Judul\nUraian").hexdigest()
    assert "Judul" not in str(event.data)
    assert Outbox.objects.filter(event=event).exists()


def test_an_own_device_takes_the_place_of_the_description_in_words(office: Office) -> None:
    device = office.device()
    ticket = office.submit(device=device, device_text="yang di pojok")
    assert (ticket.device, ticket.device_text) == (device, "")


@pytest.mark.parametrize("field", ["title", "room", "contact", "category"])
@pytest.mark.parametrize("empty", ["", "   \n"])
def test_each_part_of_the_gate_is_asked_for_at_its_field(office: Office, field: str, empty: str) -> None:
    before = snapshot()
    with pytest.raises(ValidationError) as refusal:
        office.submit(**{field: empty})
    assert refusal.value.message_dict.keys() == {field}
    assert snapshot() == before


def test_the_device_is_an_own_one_or_described_in_words(office: Office) -> None:
    with pytest.raises(ValidationError) as refusal:
        office.submit(device=None, device_text=" ")
    assert refusal.value.message_dict.keys() == {"device_text"}


def test_somebody_elses_device_is_refused(office: Office) -> None:
    with pytest.raises(ValidationError) as refusal:
        office.submit(device=office.device(owner=office.colleague))
    assert refusal.value.message_dict.keys() == {"device"}


def test_an_admin_submits_for_the_requesters_device_not_for_an_own_one(office: Office) -> None:
    theirs, own = office.device(), office.device(owner=office.admin)
    assert office.submit(by=office.admin, requester=office.requester, device=theirs).device == theirs
    with pytest.raises(ValidationError):
        office.submit(by=office.admin, requester=office.requester, device=own)


def test_a_device_out_of_service_is_refused(office: Office) -> None:
    device = office.device()
    network.decommission(device, reason="Rusak", by=office.admin, now=office.now)
    device.refresh_from_db()
    with pytest.raises(ValidationError) as refusal:
        office.submit(device=device)
    assert refusal.value.message_dict.keys() == {"device"}


@pytest.mark.parametrize("category", ["new", "move", "fault", "replacement", "other"])
def test_the_five_categories(office: Office, category: str) -> None:
    assert office.submit(category=category).category == category


# One form, one ticket


def test_the_same_key_from_the_same_person_gives_the_same_ticket_again(office: Office) -> None:
    key = new_key()
    first = office.submit(key=key)
    before = snapshot()
    assert office.submit(key=key, title="Lain").pk == first.pk
    assert snapshot() == before


def test_the_same_ticket_comes_again_even_if_its_device_has_left_service_since(office: Office) -> None:
    key, device = new_key(), office.device()
    first = office.submit(key=key, device=device)
    network.decommission(device, reason="Rusak", by=office.admin, now=office.now)
    device.refresh_from_db()
    assert office.submit(key=key, device=device).pk == first.pk


def test_different_keys_and_no_keys_make_different_tickets(office: Office) -> None:
    tickets = [office.submit(key=new_key()), office.submit(key=new_key()), office.submit(), office.submit()]
    assert len({ticket.pk for ticket in tickets}) == 4


def test_one_persons_key_says_nothing_about_another_person(office: Office) -> None:
    key = new_key()
    assert office.submit(key=key).pk != office.submit(key=key, by=office.colleague).pk


def test_a_key_that_was_used_for_a_comment_is_refused_in_words(office: Office) -> None:
    key = new_key()
    office.do("comment", office.submit(), key=key)
    before = snapshot()
    with pytest.raises(WorkflowError):
        office.submit(key=key)
    assert snapshot() == before


def test_the_request_is_found_under_the_key_by_its_sender_though_submitted_for_another(office: Office) -> None:
    key = new_key()
    ticket = office.submit(by=office.admin, requester=office.requester, key=key)
    assert office.submit(by=office.admin, requester=office.requester, key=key).pk == ticket.pk


# Comments


def say(office: Office, ticket: Ticket, **changes: Any) -> TicketEvent:
    office.do("comment", ticket, **changes)
    return ticket.events.filter(kind="comment").latest("seq")


def test_a_comment_is_an_event_with_its_text_apart_and_only_its_hash_in_the_chain(office: Office) -> None:
    ticket = office.ticket_in("working")
    event = say(office, ticket, text="  Sudah sampai mana? ")
    assert event.text is not None
    assert event.text.body == "Sudah sampai mana?"
    assert event.text_sha256 == hashlib.sha256(b"Sudah sampai mana?").hexdigest()
    assert (event.internal, event.status_from, event.status_to) == (False, "working", "working")
    assert event.data == {"files": []}


def test_a_comment_moves_neither_status_nor_clock(office: Office) -> None:
    ticket = office.ticket_in("working")
    runs, row = list(StepRun.objects.values()), Ticket.objects.filter(pk=ticket.pk).values("status", "current_run")
    before = list(row.all())
    office.wait(hours=1)
    say(office, ticket)
    assert (list(StepRun.objects.values()), list(row.all())) == (runs, before)


def test_the_same_comment_key_adds_nothing_a_second_time(office: Office) -> None:
    ticket, key = office.ticket_in("done"), new_key()
    say(office, ticket, key=key)
    before = snapshot()
    office.do("comment", ticket, key=key, text="Lain")
    assert snapshot() == before


def test_a_comment_key_used_on_another_ticket_is_refused_in_words(office: Office) -> None:
    key, one, other = new_key(), office.submit(), office.submit()
    say(office, one, key=key)
    before = snapshot()
    with pytest.raises(WorkflowError):
        office.do("comment", other, key=key)
    assert snapshot() == before


def test_a_comment_keeps_its_files_and_the_chain_their_hashes(office: Office) -> None:
    from tickets.attachments import StoredFile

    file = StoredFile(uuid.uuid4(), "foto.png", "image/png", 3, "ab" * 32)
    event = say(office, office.submit(), files=[file])
    kept = event.attachments.get()
    assert (kept.name, kept.label, kept.content_type, kept.size, kept.sha256) == (
        file.name, "foto.png", "image/png", 3, file.sha256,
    )  # fmt: skip
    assert event.data == {"files": [file.sha256]}


def test_an_internal_note_is_marked_as_such(office: Office) -> None:
    assert say(office, office.ticket_in("working"), by=office.technician, internal=True).internal


def test_a_comment_is_possible_at_a_simulated_time_before_the_run_but_stands_not_before_it(office: Office) -> None:
    ticket = office.ticket_in("working")
    event = say(office, ticket, now=wib("2026-10-01 00:00"))
    assert event.at == StepRun.objects.get(ticket=ticket, ended_at=None).started_at


def test_there_is_one_way_in_for_each_action() -> None:
    assert set(actions.__all__) >= {
        "submit", "approve", "reject", "cancel", "accept", "decline", "reassign", "identify", "complete_work",
        "pass_test", "fail_test", "finish", "reopen", "hold", "resume", "change_priority", "comment",
    }  # fmt: skip
