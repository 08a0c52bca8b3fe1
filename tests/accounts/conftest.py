from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, Cast, UserFactory, make_cast

LogIn = Callable[..., Client]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rini(db: None) -> User:
    """An employee with a known password."""
    return UserFactory(username="rini", full_name="Rini Pemohon", email="rini@example.com")


@pytest.fixture
def log_in(client: Client) -> LogIn:
    """Log in by the page itself. Returns the client; what it answered is in `client.answer`."""

    def act(login: str, password: str = PASSWORD, **extra: str) -> Client:
        data = {"login": login, "password": password, **extra}
        client.answer = client.post(reverse("account_login"), data)  # type: ignore[attr-defined]
        return client

    return act
