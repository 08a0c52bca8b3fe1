"""Indonesian first: the user's choice, else the cookie's, never the browser's wish."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from pytest_django import Settings

from accounts.middleware import chosen_language
from accounts.models import User

pytestmark = pytest.mark.django_db


def _language(client: Client, name: str = "account_login") -> str:
    return client.get(reverse(name), headers={"Accept-Language": "en,de"}).headers["Content-Language"]


def test_a_stranger_sees_indonesian_whatever_the_browser_wishes(client: Client) -> None:
    assert _language(client) == "id"


def test_a_stranger_may_switch_to_english(client: Client, settings: Settings) -> None:
    answer = client.post(reverse("accounts:language"), {"language": "en"})
    assert answer.url == reverse("account_login")  # type: ignore[attr-defined]
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", settings.SESSION_COOKIE_PATH)
    assert _language(client) == "en"


def test_a_users_own_language_wins_over_the_cookie(client: Client, rini: User, settings: Settings) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(rini)
    assert _language(client, "accounts:profile") == "id"


def test_a_user_who_switches_is_remembered(client: Client, rini: User) -> None:
    client.force_login(rini)
    client.post(reverse("accounts:language"), {"language": "en", "next": reverse("accounts:profile")})
    rini.refresh_from_db()
    assert rini.language == "en"
    assert _language(client, "accounts:profile") == "en"


@pytest.mark.parametrize("value", ["de", "", "id\0", "../../etc"])
def test_a_language_that_we_do_not_speak_is_refused(client: Client, value: str) -> None:
    assert client.post(reverse("accounts:language"), {"language": value}).status_code == 400


@pytest.mark.parametrize("value", ["de", "", "%00", "id;en", "x" * 3000])
def test_a_cookie_that_says_nonsense_means_indonesian(client: Client, settings: Settings, value: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    assert _language(client) == "id"


@pytest.mark.parametrize("name", ["language", "theme"])
def test_the_address_of_a_switch_leads_on_and_changes_nothing(client: Client, rini: User, name: str) -> None:
    address = reverse(f"accounts:{name}") + f"?{name}=en&theme=dark"
    assert client.get(address).url == reverse("account_login")  # type: ignore[attr-defined]
    client.force_login(rini)
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, reverse("dashboard:home"))  # type: ignore[attr-defined]
    assert not answer.cookies.keys() & {"halocik_language", "halocik_theme"}
    rini.refresh_from_db()
    assert (rini.language, rini.theme) == ("id", "auto")
    assert client.put(address).status_code == 405


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\0", ""])
def test_switching_leads_to_no_other_host(client: Client, url: str) -> None:
    answer = client.post(reverse("accounts:language"), {"language": "id", "next": url})
    assert answer.url == reverse("account_login")  # type: ignore[attr-defined]


def test_the_theme_is_kept_with_the_user_and_in_a_cookie(client: Client, rini: User, settings: Settings) -> None:
    client.force_login(rini)
    client.post(reverse("accounts:theme"), {"theme": "dark", "next": reverse("accounts:profile")})
    rini.refresh_from_db()
    assert rini.theme == "dark"
    assert client.cookies[settings.THEME_COOKIE_NAME].value == "dark"
    assert client.post(reverse("accounts:theme"), {"theme": "pink"}).status_code == 400


def test_a_database_that_is_away_does_not_take_the_language_with_it(rf: RequestFactory) -> None:
    def fail() -> User:
        raise OperationalError("server closed the connection")

    request: HttpRequest = rf.get("/")
    request.user = SimpleLazyObject(fail)  # type: ignore[assignment]
    assert chosen_language(request) == "id"
