"""The history cannot be changed by the application, and what is changed past it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from tests.tickets.factories import Office
from tests.tickets.snapshot import execute, undone
from tickets.integrity import violations
from tickets.models import Ticket, TicketEvent

PROTECTED = ("tickets_ticketevent", "tickets_connectiontest", "tickets_ticketaddress")


def expected_hash(event: TicketEvent) -> str:
    """The event's hash reckoned in Python, from the description of the chain alone."""
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    row = [
        event.ticket_id, event.seq, event.kind, at, event.by_id, event.run_id, event.status_from, event.status_to,
        event.data, event.text_sha256, event.internal, event.origin, event.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(jsonb(row).encode()).hexdigest()


def jsonb(value: Any) -> str:
    """PostgreSQL's text form of jsonb: keys by length, then by bytes; a space after colon and comma."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{jsonb(key)}: {jsonb(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(jsonb, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def past_the_triggers(table: str = "tickets_ticketevent") -> Iterator[None]:
    """What a database owner could do."""
    # Deferred constraints that still wait would forbid ALTER TABLE.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def ticket(office: Office) -> Ticket:
    """A ticket with a long and colourful history."""
    ticket = office.ticket_in("finishing", title="Kabel “biru” — dipindah", origin="10.17.9.9")
    ticket = office.do("comment", ticket, text="Sudah? 😀 \\ \" ' é", origin="2001:db8::1")
    ticket = office.do("comment", ticket, by=office.technician, internal=True)
    ticket = office.do("hold", ticket, note="Ñ")
    ticket = office.do("reassign", ticket)
    return Ticket.objects.get(pk=ticket.pk)


# The chain


def test_events_count_from_1_without_a_gap_and_each_carries_the_hash_before_it(ticket: Ticket) -> None:
    events = list(ticket.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
    assert (ticket.event_seq, ticket.last_hash) == (events[-1].seq, events[-1].hash)


def test_every_hash_can_be_reckoned_again_outside_the_database(ticket: Ticket) -> None:
    assert len(ticket.events.all()) == 10
    for event in ticket.events.all():
        assert event.hash == expected_hash(event)


@pytest.mark.parametrize(
    "settings",
    [
        {"timezone": "Asia/Jayapura", "datestyle": "German", "intervalstyle": "iso_8601"},
        {"timezone": "America/New_York", "datestyle": "SQL, DMY", "bytea_output": "escape"},
        {"lc_time": "C", "lc_numeric": "C", "extra_float_digits": "-15", "standard_conforming_strings": "off"},
    ],
)
def test_the_hash_is_the_same_whatever_the_session_is_set_to(ticket: Ticket, settings: dict[str, str]) -> None:
    last = ticket.events.latest("seq")
    with undone():
        for name, value in settings.items():
            execute(f"SET LOCAL {name} = '{value}'")
        TicketEvent.objects.create(
            ticket=ticket, kind="comment", at=last.at, by_id=last.by_id, status_from="assigned", status_to="assigned",
            data={"pecahan": 0.1, "é": None, "panjang": [1, True, "😀"]},
        )  # fmt: skip
        assert list(violations()) == []
        for name in settings:
            execute(f"RESET {name}")
        event = ticket.events.latest("seq")
        assert event.seq == last.seq + 1
        assert event.hash == expected_hash(event)


def test_forged_numbers_and_hashes_are_overwritten_when_an_event_is_written(ticket: Ticket) -> None:
    last = ticket.events.latest("seq")
    forged = TicketEvent.objects.create(
        ticket=ticket, seq=1, kind="comment", at=last.at, by_id=last.by_id, status_from="assigned",
        status_to="assigned", previous_hash="0" * 64, hash="f" * 64,
    )  # fmt: skip
    forged.refresh_from_db()
    assert (forged.seq, forged.previous_hash) == (last.seq + 1, last.hash)
    assert forged.hash == expected_hash(forged)


# Refused by the database


@pytest.mark.parametrize("table", PROTECTED)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    ids=["UPDATE", "DELETE", "TRUNCATE"],
)
def test_what_is_written_cannot_be_changed(office: Office, table: str, statement: str) -> None:
    office.ticket_in("done")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        execute(statement.format(table))


def test_neither_does_the_orm_change_it(ticket: Ticket) -> None:
    event = ticket.events.latest("seq")
    for change in (event.delete, event.save, lambda: ticket.events.update(kind="submit")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# Tampering past the triggers shows


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "reject"), ("by_id", None), ("at", datetime(2026, 1, 1, tzinfo=UTC)), ("origin", "10.0.0.1"),
        ("data", '{"a": 1}'), ("status_from", "done"), ("text_sha256", "0" * 64), ("run_id", None), ("seq", 99),
        ("hash", "0" * 64), ("previous_hash", "0" * 64),
    ],
)  # fmt: skip
def test_a_changed_event_is_found(ticket: Ticket, column: str, value: Any) -> None:
    assert list(violations()) == []
    with past_the_triggers():
        execute(f"UPDATE tickets_ticketevent SET {column} = %s WHERE ticket_id = %s AND seq = 2", value, ticket.pk)
    assert list(violations())


def test_a_changed_internal_flag_is_found(ticket: Ticket) -> None:
    with past_the_triggers():
        execute("UPDATE tickets_ticketevent SET internal = NOT internal WHERE kind = 'comment'")
    assert list(violations())


@pytest.mark.parametrize("seq", [1, 3, 10])
def test_a_removed_event_is_found_also_the_last_one(ticket: Ticket, seq: int) -> None:
    with past_the_triggers():
        execute("DELETE FROM tickets_outbox")
        execute("DELETE FROM tickets_ticketevent WHERE ticket_id = %s AND seq = %s", ticket.pk, seq)
    assert list(violations())


def test_a_rewritten_hash_breaks_the_chain_after_it(ticket: Ticket) -> None:
    """Whoever reckons the hash of the changed event anew must rewrite all later ones, and the ticket."""
    with past_the_triggers():
        execute("UPDATE tickets_ticketevent SET by_id = NULL WHERE ticket_id = %s AND seq = 2", ticket.pk)
        forged = expected_hash(ticket.events.get(seq=2))
        execute("UPDATE tickets_ticketevent SET hash = %s WHERE ticket_id = %s AND seq = 2", forged, ticket.pk)
    assert [violation.split(":")[0] for violation in violations()] == ["events are chained without a gap"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets_ticket SET status = 'identifying'",
        "UPDATE tickets_ticket SET event_seq = event_seq - 1",
        "UPDATE tickets_ticket SET last_hash = repeat('0', 64)",
        "UPDATE tickets_ticket SET title = 'Lain'",
        "UPDATE tickets_tickettext SET body = 'Lain'",
        "UPDATE tickets_steprun SET net_seconds = 999999 WHERE ended_at IS NOT NULL",
        "UPDATE tickets_steprun SET attempt = 7 WHERE ended_at IS NULL",
        "UPDATE tickets_numberseries SET last = last + 1",
    ],
)
def test_what_is_changed_beside_the_history_is_found_too(ticket: Ticket, statement: str) -> None:
    execute(statement)
    assert list(violations())


def test_a_sound_database_has_no_violation_and_the_command_says_so(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    for status in ("submitted", "working", "done", "rejected", "cancelled"):
        office.ticket_in(status)
    office.ticket_in("testing", on_hold=True)
    call_command("verify_integrity")
    assert "hold" in capsys.readouterr().out


def test_the_command_fails_with_a_list(ticket: Ticket, capsys: pytest.CaptureFixture[str]) -> None:
    with undone():
        execute("UPDATE tickets_ticket SET title = 'Lain'")
        with pytest.raises(CommandError):
            call_command("verify_integrity")
    assert ticket.number in capsys.readouterr().err


# What the chain holds of people


def test_events_hold_ids_and_never_names_or_long_texts(office: Office, ticket: Ticket) -> None:
    names = [office.requester, office.technician, office.other_technician, office.admin]
    for event in ticket.events.all():
        kept = json.dumps(event.data)
        assert not any(user.full_name in kept or user.username in kept for user in names)
        assert "Alasan" not in kept


def test_one_persons_words_can_be_anonymised_without_breaking_the_chain(ticket: Ticket) -> None:
    event = ticket.events.filter(kind="comment").earliest("seq")
    assert event.text is not None
    event.text.body = "[dihapus]"
    event.text.save(update_fields=["body"])
    assert all(event.hash == expected_hash(event) for event in ticket.events.all())
    assert {violation.split(":")[0] for violation in violations()} == {"texts of the history are unchanged"}


def test_a_text_taken_out_of_the_history_is_found(ticket: Ticket) -> None:
    with past_the_triggers():
        execute("UPDATE tickets_ticketevent SET text_id = NULL WHERE kind = 'comment'")
    assert {violation.split(":")[0] for violation in violations()} == {"texts of the history are unchanged"}
