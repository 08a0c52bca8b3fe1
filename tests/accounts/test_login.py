"""Coming in: by user name or e-mail, limited, without telling who exists."""

import re
from typing import Any

import pytest
from django.conf import settings as current
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts.links import is_own_address
from accounts.models import User
from tests.accounts.conftest import LogIn
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def _without_tokens(response: Any) -> str:
    """A page without what differs from request to request."""
    text = re.sub(r"\b[A-Za-z0-9]{64}\b", "", response.content.decode())  # CSRF tokens
    return re.sub(r'nonce="[^"]*"', "", text)


@pytest.mark.parametrize("login", ["rini", "RINI", "rini@example.com", "Rini@Example.com", "  rini  "])
def test_user_name_and_email_both_open_the_door(rini: User, log_in: LogIn, login: str) -> None:
    client = log_in(login)
    assert client.session["_auth_user_id"] == str(rini.pk)


def test_a_wrong_password_is_an_error_on_the_page(rini: User, log_in: LogIn) -> None:
    answer = log_in("rini", "salah").answer  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "tidak cocok" in answer.content.decode()
    assert "_auth_user_id" not in answer.client.session


def test_known_and_unknown_names_get_the_same_answer(rini: User, client: Client) -> None:
    pages = set()
    for login in ("rini", "xxxx"):
        answer = client.post(reverse("account_login"), {"login": login, "password": "salah"})
        pages.add((answer.status_code, _without_tokens(answer).replace(login, "")))
    assert len(pages) == 1


def test_known_and_unknown_emails_get_the_same_answer_to_a_password_reset(rini: User, client: Client) -> None:
    pages = set()
    for email in ("rini@example.com", "xxxx@example.com"):
        answer = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        pages.add((answer.status_code, tuple(answer.redirect_chain), _without_tokens(answer)))
    assert len(pages) == 1


@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_signup"])
def test_there_is_no_sign_up(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_login_page_offers_no_sign_up(client: Client) -> None:
    assert "signup" not in client.get(reverse("account_login")).content.decode()


def test_the_fifth_wrong_password_closes_the_account_for_a_while(rini: User, log_in: LogIn) -> None:
    for _attempt in range(5):
        log_in("rini", "salah")
    answer = log_in("rini").answer  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_user_name_and_email_share_one_limit(rini: User, log_in: LogIn) -> None:
    for login in ("rini", "rini@example.com", "RINI", "Rini@example.com", "rini"):
        log_in(login, "salah")
    answer = log_in("rini@example.com").answer  # type: ignore[attr-defined]
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_the_limit_of_one_account_leaves_another_open(rini: User, log_in: LogIn) -> None:
    UserFactory(username="kiki")
    for _attempt in range(5):
        log_in("rini", "salah")
    assert log_in("kiki").answer.status_code == 302  # type: ignore[attr-defined]


def test_an_address_that_tries_many_names_is_stopped(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    for number in range(20):
        client.post(reverse("account_login"), {"login": f"tebak{number}", "password": "salah"})
    answer = client.post(
        reverse("account_login"),
        {"login": "tebak99", "password": "salah"},
        headers={"X-Forwarded-For": "9.9.9.9"},  # what the client says of itself does not help
    )
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_right_passwords_use_up_no_attempts(rini: User, log_in: LogIn) -> None:
    for _attempt in range(8):
        log_in("rini").logout()
    assert log_in("rini").answer.status_code == 302  # type: ignore[attr-defined]


def test_a_flood_from_one_address_gets_429_in_our_look(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _attempt in range(3):
        answer = client.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert answer.status_code == 429
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_a_deactivated_user_does_not_come_in(rini: User, log_in: LogIn) -> None:
    rini.is_active = False
    rini.save(update_fields=["is_active"])
    client = log_in("rini")
    assert "_auth_user_id" not in client.session
    assert client.answer.url == reverse("account_inactive")  # type: ignore[attr-defined]
    assert "Akun tidak aktif" in client.get(reverse("account_inactive")).content.decode()


def test_a_deactivated_user_with_a_wrong_password_learns_nothing(rini: User, log_in: LogIn) -> None:
    rini.is_active = False
    rini.save(update_fields=["is_active"])
    assert "tidak cocok" in log_in("rini", "salah").answer.content.decode()  # type: ignore[attr-defined]


def test_deactivation_ends_the_session_at_the_next_request(rini: User, log_in: LogIn) -> None:
    client = log_in("rini")
    assert client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=rini.pk).update(is_active=False)
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


def test_the_session_ends_with_the_browser_unless_asked_otherwise(rini: User, log_in: LogIn) -> None:
    assert log_in("rini").session.get_expire_at_browser_close()


def test_a_session_can_be_kept(rini: User, log_in: LogIn) -> None:
    assert not log_in("rini", remember="on").session.get_expire_at_browser_close()


def test_next_leads_back_to_the_page_that_was_wanted(rini: User, log_in: LogIn) -> None:
    answer = log_in("rini", next=reverse("usersessions_list")).answer  # type: ignore[attr-defined]
    assert answer.url == reverse("usersessions_list")


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http://localhost/"]
)
def test_next_leads_to_no_other_host(rini: User, log_in: LogIn, url: str, settings: Settings) -> None:
    settings.LOGIN_REDIRECT_URL = "accounts:profile"
    assert log_in("rini", next=url).answer.url == reverse("accounts:profile")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        "/", "/intranet/", "/halocikx/", "/halocik/../intranet/", "/halocik/%2e%2e/intranet/", "http://testserver/intranet/",
        "/halocik/..\\intranet/", "?x=1", "tiket/",
    ],
)  # fmt: skip
def test_next_leads_to_no_neighbour_on_the_same_host(rini: User, log_in: LogIn, url: str, settings: Settings) -> None:
    settings.LOGIN_REDIRECT_URL = "accounts:profile"
    assert log_in("rini", next=url).answer.url == reverse("accounts:profile")  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["/halocik/", "/halocik/tiket/?q=%2e%2e", "http://testserver/halocik/perangkat/"])
def test_next_leads_anywhere_in_the_application(rini: User, log_in: LogIn, url: str) -> None:
    assert log_in("rini", next=url).answer.url == url  # type: ignore[attr-defined]


@pytest.mark.parametrize(("base", "ours"), [("", True), ("halocik/", False)])
def test_without_a_sub_path_the_whole_host_is_ours(settings: Settings, base: str, ours: bool) -> None:
    settings.BASE_PATH = base
    assert is_own_address("/intranet/", RequestFactory().get("/")) is ours


def test_logging_in_leaves_no_second_list_of_addresses(rini: User, log_in: LogIn) -> None:
    from allauth.account.models import EmailAddress

    log_in("rini")
    log_in("rini").post(reverse("account_reset_password"), {"email": "rini@example.com"})
    assert not EmailAddress.objects.exists()


def test_logging_out_needs_a_post(rini: User, log_in: LogIn) -> None:
    client = log_in("rini")
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_accounts_are_offered_in_demo_mode_only(client: Client, settings: Settings, demo: bool) -> None:
    settings.DEMO = demo
    page = client.get(reverse("account_login")).content.decode()
    for login in ("pegawai", "admin", "teknisi", "pimpinan"):
        assert (f'name="login" value="{login}"' in page) is demo
    assert ("halocik-demo" in page) is demo


def test_a_demo_button_signs_in(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    user = UserFactory(username="teknisi", password="halocik-demo")
    client.post(reverse("account_login"), {"login": "teknisi", "password": "halocik-demo"})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"login": "", "password": ""},
        {"login": "a\0b", "password": "x"},
        {"login": "x" * 100_000, "password": "y" * 10_000},
        {"login": "ri%00ni", "password": "\ud7ff"},
        {"login": "rini", "password": PASSWORD, "remember": "\0"},
    ],
)
def test_bad_input_is_no_server_error(client: Client, data: dict[str, str]) -> None:
    assert client.post(reverse("account_login"), data).status_code == 422


def test_answers_are_pages_even_for_a_client_that_asks_for_json(client: Client) -> None:
    answer = client.get(reverse("account_login"), headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("text/html")


def test_pages_need_a_login() -> None:
    for name in ("accounts:profile", "accounts:import", "usersessions_list", "mfa_index", "account_change_password"):
        answer = Client().get(reverse(name))
        assert (name, answer.status_code) == (name, 302)
        assert answer.url.startswith(reverse(current.LOGIN_URL))  # type: ignore[attr-defined]


def test_the_session_list_names_browser_and_address_and_ends_the_others(rini: User) -> None:
    here, there = Client(headers={"User-Agent": "Firefox/1 (Windows)"}), Client()
    for client in (here, there):
        client.post(reverse("account_login"), {"login": "rini", "password": PASSWORD})
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox di Windows" in page
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("accounts:profile")).status_code == 200
    assert there.get(reverse("accounts:profile")).status_code == 302
