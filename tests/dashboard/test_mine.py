"""My figures: mine, beside the office, and no colleague's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts import roles
from accounts.models import User
from tests.tickets.factories import Office, make_office, make_user
from tests.tickets.snapshot import undone
from tickets.workflow import Action

MINE = reverse("dashboard:mine")


@pytest.fixture(scope="module")
def busy(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    """The technician finished one ticket on time and was late in step 4 of another; a colleague finished one."""
    with django_db_blocker.unblock(), undone():
        office = make_office()
        office.ticket_in("done")
        late = office.ticket_in("working", title="Kabel panjang sekali")
        office.wait(hours=3)
        office.do(Action.COMPLETE_WORK, late)
        office.do(Action.HOLD, late)
        _whole_by(office, office.other_technician)
        yield office


def _whole_by(office: Office, person: User) -> None:
    ticket = office.do(Action.APPROVE, office.submit(), technician=person)
    for action in (Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        office.wait(minutes=1)
        ticket = office.do(action, ticket, by=person)


@pytest.fixture
def office(busy: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    office = replace(busy)
    monkeypatch.setattr("dashboard.mine.database_now", lambda: office.now)
    with undone():
        yield office


def get(user: User, query: str = "") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(MINE + query)


def test_a_technician_sees_their_own_steps_and_the_late_ones_with_their_accounts(office: Office) -> None:
    answer = get(office.technician)
    work = answer.context["steps"][2].mine
    assert (work.on_time.part, work.on_time.whole) == (1, 2)
    run = answer.context["late"][0]
    assert answer.context["late_count"] == 1
    assert reverse("tickets:ledger", args=[run.ticket.number, run.pk]) in answer.content.decode()
    assert answer.context["holds"].n == 1


def test_the_office_is_hidden_where_it_would_tell_of_one_colleague(office: Office) -> None:
    answer = get(office.technician)
    assert [step.office for step in answer.context["steps"]] == [None] * 5
    assert answer.context["holds"].office is None
    assert "akan menunjukkan satu orang" in answer.content.decode()
    assert str(office.other_technician) not in answer.content.decode()


def test_with_two_colleagues_the_office_stands_beside(office: Office) -> None:
    _whole_by(office, make_user(roles.TECHNICIAN, username="teknisi_ketiga", unit=office.unit))
    answer = get(office.technician)
    assert [step.office.on_time.whole for step in answer.context["steps"]] == [4, 4, 4, 3, 3]
    assert "akan menunjukkan satu orang" not in answer.content.decode()


def test_nobody_elses_late_steps_are_shown(office: Office) -> None:
    answer = get(office.other_technician)
    assert list(answer.context["late"]) == []
    assert "Kabel panjang" not in answer.content.decode()


@pytest.mark.parametrize("query", ["?period=nope", "?period=%00", "?first=2026-10-12&last=2026-10-12", "?period=year"])
def test_only_named_periods_are_answered(office: Office, query: str) -> None:
    answer = get(office.technician, query)
    assert answer.status_code == 200
    assert answer.context["period"].days > 27


@pytest.mark.parametrize("role", ["requester", "admin", "supervisor"])
def test_others_have_no_such_page(office: Office, role: str) -> None:
    assert get(getattr(office, role)).status_code == 403
