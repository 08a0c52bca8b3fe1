"""A helpdesk on a live server, and people who come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from tests import live
from tests.e2e.people import Person, enter, open_office
from tests.tickets.factories import Office
from tickets import actions

Arrive = Callable[..., Person]


@pytest.fixture
def office(committed_db: None) -> Office:
    """Its clock is the database's: what happens through pages and through `office.do` happens in one time."""
    office = open_office()
    office.now = actions.database_now()
    return office


@pytest.fixture
def arrive(
    live_server_url: str, office: Office, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Arrive]:
    """`arrive(user, **options of the browser context)`: that person, logged in; nobody in particular without `user`.

    What `live.listen` hears in any of their browsers fails the test.
    """
    problems: list[str] = []
    contexts = []

    def act(user: User | None = None, **options: Any) -> Person:
        context = browser.new_context(**browser_context_args | options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        live.listen(context, problems)
        if user is not None:
            enter(context, user)
        return Person(context.new_page(), live_server_url)

    yield act
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)
