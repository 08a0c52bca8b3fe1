"""A helpdesk on a live server, and people who come to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from accounts.models import User
from tests import live
from tests.e2e.lobby import Lobby
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


@pytest.fixture(scope="session")
def lobby(browser: Browser) -> Lobby:
    return Lobby(browser)


@pytest.fixture
def arrive(
    live_server_url: str, office: Office, lobby: Lobby, browser_context_args: dict[str, Any]
) -> Iterator[Arrive]:
    """`arrive(user, **options of the browser context)`: that person, logged in; nobody in particular without `user`.

    With `clock=True`, the test moves the clock of their browser.
    What `live.listen` hears in any of their browsers fails the test.
    """
    problems: list[str] = []
    present: list[tuple[BrowserContext, dict[str, Any], Callable[[], None]]] = []

    def act(user: User | None = None, *, clock: bool = False, **options: Any) -> Person:
        wanted = browser_context_args | options
        context = lobby.call(live_server_url, wanted, clock=clock)
        present.append((context, wanted, live.listen(context, problems)))
        if user is not None:
            enter(context, user)
        return Person(context.new_page(), live_server_url)

    yield act
    for context, wanted, stop_listening in present:
        stop_listening()
        lobby.send_back(context, wanted)
    assert not problems, "\n".join(problems)
