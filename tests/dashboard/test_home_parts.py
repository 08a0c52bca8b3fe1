"""What a home repeats says its state in words, and what people typed stays text."""

from __future__ import annotations

import pytest
from django.utils import translation

from dashboard.templatetags import home_parts
from tests.tickets.factories import Office, make_office
from tickets import rows
from tickets.models import Ticket
from tickets.workflow import Status

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("done", "selesai"),
        ("current", "sedang berjalan"),
        ("back", "diulang"),
        ("stopped", "dihentikan"),
        ("waiting", "belum"),
    ],
)
def test_a_step_says_its_state_in_words(state: str, word: str) -> None:
    with translation.override("id"):
        drawn = home_parts.stepper([{"number": 1, "title": "Satu", "state": state, "note": HOSTILE}], "Langkah")
    assert HOSTILE not in drawn
    assert f", {word}</span>" in drawn
    assert ('aria-current="step"' in drawn) == (state == "current")


@pytest.mark.django_db
@pytest.mark.parametrize("contact", [True, False])
def test_the_facts_of_a_ticket_escape_what_people_typed(office: Office, contact: bool) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    Ticket.objects.filter(pk=ticket.pk).update(room=HOSTILE, contact="0812 <b>")
    ticket.unit.name = office.requester.full_name = HOSTILE
    ticket.unit.save()
    office.requester.save()
    (row,) = rows.rows_of(Ticket.objects.with_people(), office.admin, office.now)
    drawn = home_parts.facts_line(row, contact)
    assert "<script>" not in drawn and "<b>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert ("&lt;b&gt;" in drawn) == contact


@pytest.mark.django_db
def test_a_number_that_can_be_called_is_a_link(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    Ticket.objects.filter(pk=ticket.pk).update(contact="0812 3456 7890")
    (row,) = rows.rows_of(Ticket.objects.with_people(), office.admin, office.now)
    assert '<a href="tel:081234567890">' in home_parts.facts_line(row, True)
