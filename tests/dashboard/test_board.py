"""The live board: what stands in which step, the most urgent first, and nothing drawn while nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from dashboard import board
from tests.tickets.factories import Office, make_office
from tests.tickets.snapshot import undone
from tests.tickets.web import pages_follow
from tickets.models import Ticket
from tickets.workflow import OPEN, Action, Step

BOARD = reverse("dashboard:board")
LIST = reverse("tickets:list")


@pytest.fixture(scope="module")
def busy(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    """A ticket in each step, one more held in step 4, three more that wait for approval, and one that is done."""
    with django_db_blocker.unblock(), undone():
        office = make_office()
        for status in (*OPEN, "submitted", "submitted", "submitted", "done"):
            office.ticket_in(status, title=f"Tiket {status}")
        office.ticket_in("working", on_hold=True, title="Tiket ditunda")
        yield office


@pytest.fixture
def office(busy: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    office = replace(busy)
    pages_follow(office, monkeypatch)
    with undone():
        yield office


def get(viewer: User, address: str = BOARD, **headers: str) -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(address, headers=headers)


def column(viewer: User, step: int) -> board.Column:
    found: board.Column = get(viewer).context["columns"][step - 1]
    return found


def test_each_open_ticket_stands_in_the_column_of_its_step(office: Office) -> None:
    found = {column.step: column.open for column in get(office.supervisor).context["columns"]}
    assert found == dict.fromkeys(Step, 1) | {Step.SUBMISSION: 4, Step.WORK: 2}
    assert "Tiket done" not in get(office.supervisor).content.decode()


@pytest.mark.parametrize("role", ["admin", "technician", "supervisor"])
def test_those_who_see_all_tickets_see_the_board(office: Office, role: str) -> None:
    assert get(getattr(office, role)).status_code == 200


def test_an_employee_does_not(office: Office) -> None:
    assert get(office.requester).status_code == 403


def test_overdue_comes_first_then_what_is_due_soonest_and_the_held_at_the_end(office: Office) -> None:
    late, soon, held = (
        office.ticket_in("working"),
        office.ticket_in("working"),
        Ticket.objects.get(title="Tiket ditunda"),
    )
    runs = [late.current_run, soon.current_run]
    for run, minutes in zip(runs, (-1, 1), strict=True):
        assert run is not None
        run.due_at = office.now.replace(minute=office.now.minute + minutes)
        run.save(update_fields=["due_at"])
    order = [row.ticket for row in column(office.admin, 4).rows]
    assert order[:2] == [late, soon]
    assert order[-1] == held


def test_a_column_counts_its_late_and_held_tickets(office: Office) -> None:
    office.wait(hours=4)
    found = column(office.admin, 4)
    assert (found.open, found.overdue, found.held) == (2, 1, 1)


def test_a_long_column_ends_with_a_link_to_the_list_of_exactly_its_step(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "SHOWN", 2)
    found = column(office.admin, 1)
    assert (len(found.rows), found.open, found.rest) == (2, 4, 2)
    query = "?in_step=1&sort=due"
    assert f'href="{LIST}{query}"'.replace("&", "&amp;") in get(office.admin).content.decode()
    assert get(office.admin, LIST + query).context["page"].count == 4


def test_a_card_says_who_works_on_it_and_that_it_is_held(office: Office) -> None:
    page = get(office.supervisor).content.decode()
    assert "Teknisi" in page
    assert "ditunda sejak" in page
    assert "Menunggu perangkat/material" in page


def test_a_poll_gets_nothing_while_nothing_has_changed_and_the_columns_after_a_move(office: Office) -> None:
    version = get(office.supervisor).context["version"]
    poll = {"hx_request": "true", "hx_target": "board"}
    assert get(office.supervisor, f"{BOARD}?v={version}", **poll).status_code == 204
    office.do(Action.ACCEPT, Ticket.objects.get(status="assigned"))
    answer = get(office.supervisor, f"{BOARD}?v={version}", **poll)
    assert answer.status_code == 200
    assert [column.open for column in answer.context["columns"]] == [4, 0, 2, 2, 1, 1]
    assert "<html" not in answer.content.decode()


def test_its_queries_are_few_however_many_tickets_there_are(office: Office) -> None:
    client = Client()
    client.force_login(office.supervisor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(BOARD)
        return len(asked)

    office.ticket_in("testing", on_hold=True)
    before = queries()
    for _ in range(5):
        office.ticket_in("testing", on_hold=True)
    assert queries() == before
    assert before <= 15
