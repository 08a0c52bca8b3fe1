"""No page that lists or tells figures asks more than fifteen queries, and none asks more of many rows than of few: in a
process that has kept nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.forgetting import forget
from tests.tickets.factories import Office, make_office
from tests.tickets.snapshot import undone
from tickets import actions
from tickets.workflow import Action, Status

MOST: Final = 15
EVERYBODY: Final = (
    "dashboard:home", "tickets:list", "tickets:list?state=all", "tickets:list?q=internet", "tickets:notices",
    "network:device-list", "jobs:list", "dashboard:sop", "worktime:calendar", "accounts:profile", "tickets:create",
)  # fmt: skip
STAFF: Final = ("network:subnet-list", "network:workgroup-list", "tickets:equipment-list", "accounts:availability")
WATCHING: Final = (
    "dashboard:board", "dashboard:sla", "dashboard:sla?period=year", "dashboard:satisfaction", "dashboard:reports",
)  # fmt: skip
PAGES: Final = {
    "requester": EVERYBODY,
    "technician": (*EVERYBODY, *STAFF, "dashboard:board", "dashboard:mine", "dashboard:satisfaction"),
    "supervisor": (*EVERYBODY, *WATCHING),
    "admin": (*EVERYBODY, *STAFF, *WATCHING, "dashboard:displays", "tickets:undelivered", "network:drift"),
}


@pytest.fixture(scope="module")
def office(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    with django_db_blocker.unblock(), undone():
        office = make_office(now=actions.database_now() - timedelta(hours=8))
        more(office)
        yield office


def more(office: Office) -> None:
    """Of every kind at least one, one of them late and one rated."""
    for status in Status:
        office.ticket_in(status)
    office.ticket_in(Status.WORKING, on_hold=True)
    office.ticket_in(Status.DONE, by=office.colleague)
    office.ticket_in(Status.ASSIGNED, by=office.technician)
    office.wait(minutes=11)
    office.do(Action.COMMENT, office.submit(), text="Masih menunggu")


def test_pages_ask_few_queries_and_as_many_of_many_rows(office: Office) -> None:
    few = asked(office)
    too_many = {page: len(queries) for page, queries in few.items() if len(queries) > MOST}
    assert not too_many
    with undone():
        for _ in range(2):
            more(office)
        grown = {page: (len(few[page]), len(queries)) for page, queries in asked(office).items()}
    assert not {page: counts for page, counts in grown.items() if counts[1] > counts[0]}


def asked(office: Office) -> dict[tuple[str, str], list[str]]:
    found = {}
    for role, pages in PAGES.items():
        client = Client()
        client.force_login(getattr(office, role))
        for page in pages:
            name, _, query = page.partition("?")
            forget()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"{reverse(name)}?{query}")
            assert answer.status_code == 200, (role, page, answer.status_code)
            found[role, page] = [query["sql"] for query in queries.captured_queries]
    return found
