"""Two steps: set up, used, lost, and demanded of admins by a setting."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def _code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def _log_in(user: User) -> Client:
    """By the page: force_login leaves no record of a password, which the sensitive pages ask for."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def _set_up(client: Client) -> str:
    """Sets two steps up; returns the secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret: str = client.session[totp.SECRET_SESSION_KEY]
    answer = client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert answer.status_code == 302
    cache.clear()  # a code counts once; the tests go on within the same 30 seconds
    return secret


def test_setting_up_asks_for_the_password_first(rini: User) -> None:
    answer = _log_in(rini).get(reverse("mfa_activate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))  # type: ignore[attr-defined]


def test_a_wrong_code_sets_nothing_up(rini: User) -> None:
    client = _log_in(rini)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert answer.status_code == 422
    assert "Kode tidak cocok" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_once_set_up_the_login_asks_for_a_code(rini: User) -> None:
    secret = _set_up(_log_in(rini))
    client = _log_in(rini)
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 422
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert client.session["_auth_user_id"] == str(rini.pk)


def test_a_recovery_code_opens_the_door_once(rini: User) -> None:
    client = _log_in(rini)
    _set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()
    outcomes = []
    for _attempt in range(2):
        fresh = _log_in(rini)
        fresh.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append("_auth_user_id" in fresh.session)
    assert outcomes == [True, False]


def test_guessing_codes_is_limited(rini: User) -> None:
    _set_up(_log_in(rini))
    client = _log_in(rini)
    for _attempt in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_all_pages_of_the_two_steps_open_in_our_look(rini: User) -> None:
    client = _log_in(rini)
    _set_up(client)
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        answer = client.get(reverse(name))
        assert (name, answer.status_code, 'class="topbar"' in answer.content.decode()) == (name, 200, True)
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200


def test_new_recovery_codes_replace_the_old(rini: User) -> None:
    client = _log_in(rini)
    _set_up(client)
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"])


def test_two_steps_can_be_switched_off(rini: User) -> None:
    client = _log_in(rini)
    _set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()


def test_recovery_codes_need_the_two_steps(rini: User) -> None:
    client = _log_in(rini)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 404


class TestDemandedOfAdmins:
    @pytest.fixture(autouse=True)
    def demanded(self, settings: Settings) -> None:
        settings.MFA_REQUIRED_FOR_ADMINS = True

    def test_an_admin_is_led_to_the_set_up_from_every_page(self, cast: Cast) -> None:
        client = _log_in(cast.admin)
        assert client.get(reverse("accounts:profile")).url == reverse("mfa_activate_totp")  # type: ignore[attr-defined]

    def test_after_the_set_up_all_pages_open_and_it_cannot_be_switched_off(self, cast: Cast) -> None:
        client = _log_in(cast.admin)
        _set_up(client)
        assert client.get(reverse("accounts:profile")).status_code == 200
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(type="totp").exists()
        assert "wajib" in client.get(reverse("mfa_deactivate_totp")).content.decode()

    def test_others_are_not_asked(self, cast: Cast) -> None:
        assert _log_in(cast.technician).get(reverse("accounts:profile")).status_code == 200


def test_admins_are_not_asked_where_the_office_does_not_demand_it(cast: Cast) -> None:
    assert _log_in(cast.admin).get(reverse("accounts:profile")).status_code == 200
