"""Which tickets stand behind the registry's records, told to a look-up's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office
from tests.tickets.web import office, text_of
from tickets import actions
from tickets.models import TicketAddress

__all__ = ["office"]


def asked(user: User, **params: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("tickets:of-records"), params)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.fixture
def link(office: Office) -> TicketAddress:
    link = actions.recorded(office.ticket_in("done"))
    assert link is not None
    return link


def test_a_record_names_its_ticket_once(office: Office, link: TicketAddress) -> None:
    for kind, record in (("address", link.address_id), ("name", link.name_id)):
        page = asked(office.supervisor, kind=kind, records=f"{record},999999")
        assert f'id="tickets-of-{record}"' in page
        assert page.count(f">{link.ticket.number}<") == 1
        assert "999999" not in page


def test_nobody_learns_the_number_of_a_ticket_that_they_do_not_see(office: Office, link: TicketAddress) -> None:
    assert link.ticket.number in asked(office.requester, kind="address", records=link.address_id)
    assert link.ticket.number not in asked(office.stranger, kind="address", records=link.address_id)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"kind": "device", "records": "1"},
        {"kind": "address", "records": "x"},
        {"kind": "address", "records": "1,,2"},
        {"kind": "address", "records": "9" * 30},
        {"kind": "address", "records": "\0"},
        {"kind": "name", "records": ",".join(["1"] * 900)},
    ],
)
def test_no_parameter_breaks_it(office: Office, link: TicketAddress, params: dict[str, str]) -> None:
    assert "tickets-of" not in asked(office.admin, **params) or params["records"].startswith("1,1")
