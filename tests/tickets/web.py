"""The ticket page as a browser sends and reads it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import DateTimeField, Value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.tickets.factories import CHECKS, Office
from tickets import actions, polls
from tickets.models import Ticket
from tickets.workflow import Action

HTMX = {"HX-Request": "true", "HX-Target": "ticket"}


@pytest.fixture
def office(office: Office) -> Office:
    """The office an hour ago: what is done through the web happens at the database's own time."""
    office.now = actions.database_now() - timedelta(hours=1)
    return office


def pages_follow(office: Office, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """What pages take for the database's clock is the office's, which stands until it is moved."""
    glance = polls._glance.build
    monkeypatch.setattr(polls, "_glance", lambda *values, **shape: list(glance(*values, **shape)))
    for module in ("tickets.polls", *modules):
        monkeypatch.setattr(f"{module}.DatabaseNow", lambda: Value(office.now, DateTimeField()))


def page_of(user: User, ticket: Ticket, name: str = "detail", **query: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"tickets:{name}", args=[ticket.number]), query)


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def send(
    user: User, action: Action, ticket: Ticket, data: Mapping[str, Any], *, htmx: bool = False, run: Any = "now"
) -> Any:
    """Posts the form of `action` as it was drawn just now, or for another `run`; None leaves it out."""
    client = Client()
    client.force_login(user)
    claimed = actions.claim(Ticket.objects.get(pk=ticket.pk)) if run == "now" else run
    sent = {**data} if claimed is None else {"run": claimed, **data}
    return client.post(
        reverse(f"tickets:{action.value}", args=[ticket.number]), sent, headers=HTMX if htmx else None
    )  # fmt: skip


def rows(prefix: str, *items: Mapping[str, Any]) -> dict[str, Any]:
    """A table inside a form, as it is sent."""
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(items), f"{prefix}-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in item.items()}
    return sent


def checklist(**changes: str) -> dict[str, str]:
    """Step 5's checklist with everything in order but `changes`; codes with underscores for hyphens."""
    outcomes = dict.fromkeys(CHECKS, "ok") | {code.replace("_", "-"): outcome for code, outcome in changes.items()}
    return {f"check_{code}": outcome for code, outcome in outcomes.items()}


def sound_input(office: Office, action: Action, ticket: Ticket) -> dict[str, Any]:
    """What a person fills in when they do it right."""
    reason = {"reason": "Alasan yang jelas."}
    tomorrow = timezone.localtime() + timedelta(days=1)
    record = office.planned_or_new(ticket)
    network = {"address": record.address, "pc_name": record.pc_name, "workgroup": office.workgroup.pk}
    given: dict[Action, dict[str, Any]] = {
        Action.APPROVE: {"priority": 2, "technician": office.technician.pk},
        Action.REJECT: reason,
        Action.CANCEL: reason,
        Action.ACCEPT: {},
        Action.DECLINE: reason,
        Action.REASSIGN: {"technician": office.other_technician.pk, **reason},
        Action.IDENTIFY: {
            **rows("needs", {"item": "Kabel UTP", "quantity": 2, "available": "on"}, {"item": "", "quantity": 1}),
            "device": "new", "kind": "pc", "brand_model": "Rakitan", "asset_number": "", "mac": "", **network,
        },
        Action.COMPLETE_WORK: {"summary": "Kabel ditarik.", **rows("materials", {"item": "Kabel UTP", "quantity": 2})},
        Action.PASS_TEST: checklist(),
        Action.FAIL_TEST: {**checklist(gateway="failed"), "note": "Gateway diam."},
        Action.FINISH: {**network, "confirmed": "on"},
        Action.REOPEN: reason,
        Action.HOLD: {"reason": office.reason().pk, "look_again_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "note": ""},
        Action.RESUME: {},
        Action.CHANGE_PRIORITY: {"priority": 1},
        Action.COMMENT: {"text": "Apa kabarnya?", "key": str(uuid.uuid4())},
    }  # fmt: skip
    return given[action]
