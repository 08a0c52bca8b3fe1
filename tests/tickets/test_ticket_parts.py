"""What the repeated parts of a ticket's page say, and that nothing typed into them becomes markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from tests.tickets.factories import Office
from tickets.forms import FORMS
from tickets.models import Ticket
from tickets.templatetags.ticket_parts import alike_fields, run_row, timeline_entry, tracker_step
from tickets.timeline import Entry
from tickets.tracker import StepState
from tickets.workflow import Action, Step

HOSTILE = "<script>alert('x')</script>"
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def jakarta() -> Any:
    with timezone.override("Asia/Jakarta"), translation.override("id"):
        yield


def entry(**changes: Any) -> Entry:
    said = {"kind": "comment", "icon": "send", "tone": "blue", "who": "Rudi", "words": "menulis", "at": NOW, "text": ""}
    return Entry(**{**said, "internal": False, **changes})


def run(**changes: Any) -> Any:
    facts = {"pk": 7, "step": 4, "attempt": 1, "started_at": NOW, "ended_at": NOW, "ended_by": "Rudi", "maximum": 120}
    figures = {"net_seconds": 3900, "held_seconds": 0, "verdict": "on_time"}
    return SimpleNamespace(**{**facts, **figures, "get_step_display": lambda: Step.WORK.label, **changes})


def step(state: str, **changes: Any) -> StepState:
    facts = {"step": Step.WORK, "state": state, "minimum": 30, "maximum": 120, "run": None, "attempts": 0}
    return StepState(**{**facts, **changes})


def test_what_people_typed_is_escaped() -> None:
    files = [{"name": HOSTILE, "url": "/x", "size": 10}]
    drawn = timeline_entry(entry(who=HOSTILE, words=HOSTILE, text=HOSTILE, files=files))
    assert "<script>" not in drawn + run_row(run(ended_by=HOSTILE), "HC-2026-000001")
    assert drawn.count("&lt;script&gt;") == 4


def test_an_internal_note_is_marked_as_one() -> None:
    assert "Catatan internal" in timeline_entry(entry(internal=True))
    assert "Catatan internal" not in timeline_entry(entry())


def test_what_was_said_keeps_its_lines() -> None:
    assert "satu<br>dua" in timeline_entry(entry(text="satu\ndua"))


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("done", "selesai"),
        ("current", "sedang berjalan"),
        ("back", "akan diulang"),
        ("stopped", "dihentikan"),
        ("waiting", "belum dimulai"),
    ],
)
def test_a_step_says_its_state_in_words(state: str, word: str) -> None:
    page: Any = SimpleNamespace(hold=None, clock=None)
    drawn = tracker_step(step(state), page)
    assert f", {word}</span>" in drawn
    assert "standar 30–120 menit" in drawn
    assert ('aria-current="step"' in drawn) == (state == "current")


@pytest.mark.parametrize(("today", "words"), [(True, "ditunda sejak 08.00"), (False, "ditunda sejak 24 Nov")])
def test_a_step_on_hold_says_since_when(today: bool, words: str) -> None:
    page: Any = SimpleNamespace(hold=SimpleNamespace(started_at=NOW), hold_began_today=today, clock=None)
    assert words in tracker_step(step("current"), page)


@pytest.mark.parametrize(
    ("verdict", "words"), [("on_time", "tepat waktu"), ("late", "terlambat"), ("cut_off", "terpotong")]
)
def test_a_run_says_how_long_it_took_and_how_that_is(verdict: str, words: str) -> None:
    done = run(verdict=verdict, attempt=2)
    page: Any = SimpleNamespace()
    for drawn in (run_row(done, "HC-2026-000001"), tracker_step(step("done", run=done, attempts=2), page)):
        assert words in drawn
        assert "1 jam 5 menit" in drawn
        assert "kali ke-2" in drawn


def test_an_open_run_is_running() -> None:
    figures: dict[str, Any] = {"ended_at": None, "ended_by": None, "net_seconds": None, "held_seconds": None}
    drawn = run_row(run(verdict="", **figures), "HC-2026-000001")
    assert "berjalan / 120 menit" in drawn
    assert drawn.count(">–</td>") == 2


# Fields that are drawn once


def fields_of(office: Office, action: Action, ticket: Ticket, user: User) -> str:
    return str(alike_fields(FORMS[action](ticket=ticket, user=user)))


@pytest.mark.parametrize("action", [action for action, form in FORMS.items() if form.alike])
def test_fields_drawn_once_are_what_each_form_would_draw(office: Office, action: Action) -> None:
    for language in ("id", "en", "id"):
        with translation.override(language):
            form = FORMS[action](ticket=office.ticket_in("working"), user=office.admin)
            assert fields_of(office, action, form.ticket, office.admin) == render_to_string(
                form.template, {"form": form}
            )


def test_a_priority_is_drawn_as_it_stands(office: Office) -> None:
    for priority in (2, 3, 2):
        ticket = office.do(Action.APPROVE, office.submit(), priority=priority)
        drawn = fields_of(office, Action.CHANGE_PRIORITY, ticket, office.admin)
        assert re.findall(r'value="(\d)"[^>]* checked', drawn) == [str(priority)]


def test_internal_notes_are_offered_to_staff_alone(office: Office) -> None:
    ticket = office.ticket_in("working")
    for _again in range(2):
        assert "Catatan internal" in fields_of(office, Action.COMMENT, ticket, office.technician)
        assert "Catatan internal" not in fields_of(office, Action.COMMENT, ticket, office.requester)


def test_what_somebody_has_typed_is_drawn_for_them_alone(office: Office) -> None:
    ticket = office.ticket_in("working")
    assert FORMS[Action.CANCEL](ticket=ticket, user=office.admin).is_drawn_once
    assert not FORMS[Action.CANCEL]({"reason": HOSTILE}, ticket=ticket, user=office.admin).is_drawn_once
