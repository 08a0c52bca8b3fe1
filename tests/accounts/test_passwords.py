"""Forgotten, changed, and chosen by somebody else."""

import re
import threading
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import adapter
from accounts.models import User
from tests.accounts.conftest import LogIn
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "rahasia-Baru-77"


def _ask(email: str, **headers: str) -> list[EmailMultiAlternatives]:
    Client(headers=headers).post(reverse("account_reset_password"), {"email": email})
    for thread in threading.enumerate():
        if thread.name == "account-mail":
            thread.join(5)
    return mail.outbox  # type: ignore[return-value]


def _link(message: EmailMultiAlternatives) -> str:
    found = re.search(r"https?://\S+", str(message.body))
    assert found
    return found.group()


def _path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def _open(client: Client, link: str) -> str:
    """Follows the mail's link to the form; returns the form's address."""
    answer = client.get(_path(link))
    return str(answer.url) if answer.status_code == 302 else ""  # type: ignore[attr-defined]


def test_the_mail_has_text_and_html_in_the_readers_language(rini: User) -> None:
    message = _ask("rini@example.com")[0]
    assert message.subject == "[HaloCIK] Buat kata sandi baru"
    assert "Rini Pemohon" in message.body
    html = str(message.alternatives[0][0])
    assert _link(message) in html
    assert 'lang="id"' in html


def test_the_mail_is_written_in_the_language_its_reader_chose() -> None:
    UserFactory(username="john", email="john@example.com", language="en")
    assert 'lang="en"' in str(_ask("john@example.com")[0].alternatives[0][0])


def test_the_link_leads_to_the_public_address_whatever_the_host_header_says(rini: User, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://halo.example.go.id/halocik/"
    settings.ALLOWED_HOSTS = ["*"]
    message = _ask("rini@example.com", Host="evil.example")[0]
    assert _link(message).startswith("https://halo.example.go.id/")
    assert "evil" not in message.body + str(message.alternatives[0][0])


def test_an_unknown_address_gets_no_mail(rini: User) -> None:
    assert _ask("siapa@example.com") == []


def test_a_deactivated_user_gets_no_mail(rini: User) -> None:
    User.objects.filter(pk=rini.pk).update(is_active=False)
    assert _ask("rini@example.com") == []


def test_a_mail_server_that_is_down_changes_nothing_for_the_asker(rini: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: EmailMultiAlternatives) -> None:
        raise SMTPException("451")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    adapter.deliver(EmailMultiAlternatives("s", "b"))
    answer = Client().post(reverse("account_reset_password"), {"email": "rini@example.com"})
    assert answer.status_code == 302


def test_the_link_sets_a_new_password_and_works_once(rini: User, client: Client, log_in: LogIn) -> None:
    link = _link(_ask("rini@example.com")[0])
    form = _open(client, link)
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert answer.url == reverse("account_reset_password_from_key_done")  # type: ignore[attr-defined]
    assert "_auth_user_id" in log_in("rini", NEW).session
    assert "tidak berlaku lagi" in Client().get(_path(link)).content.decode()


def test_a_new_employee_without_password_makes_one_by_the_link(client: Client, log_in: LogIn) -> None:
    user = UserFactory(username="baru", email="baru@example.com")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    client.post(_open(client, _link(_ask("baru@example.com")[0])), {"password1": NEW, "password2": NEW})
    assert "_auth_user_id" in log_in("baru", NEW).session


def test_a_changed_email_makes_the_old_link_worthless(rini: User) -> None:
    link = _link(_ask("rini@example.com")[0])
    rini.email = "lain@example.com"
    rini.save(update_fields=["email"])
    assert "tidak berlaku lagi" in Client().get(_path(link)).content.decode()


@pytest.mark.parametrize("tail", ["1-x", "zzzzzzzzzzzzz-abc-def", "0-set-password", "1-set-password", "1-0-0"])
def test_a_made_up_link_is_told_so(tail: str) -> None:
    path = reverse("account_reset_password_done").replace("lupa/terkirim/", f"atur-ulang/{tail}/")
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "tidak berlaku lagi" in answer.content.decode()


def _change(client: Client, **data: str) -> int:
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **data}
    return client.post(reverse("account_change_password"), fields).status_code


def test_changing_the_password_keeps_this_session_and_ends_the_others(rini: User) -> None:
    here, there = Client(), Client()
    here.force_login(rini)
    there.force_login(rini)
    assert _change(here) == 302
    assert here.get(reverse("accounts:profile")).status_code == 200
    assert there.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        {"oldpassword": "salah"},
        {"password2": "lain-lagi-99"},
        {"password1": "pendek1", "password2": "pendek1"},
        {"password1": "1234567890123", "password2": "1234567890123"},
        {"password1": "rini@example.com", "password2": "rini@example.com"},
        {"password1": "password123", "password2": "password123"},
        {"password1": PASSWORD, "password2": PASSWORD},
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(rini: User, client: Client, data: dict[str, str]) -> None:
    client.force_login(rini)
    assert _change(client, **data) == 422
    rini.refresh_from_db()
    assert rini.check_password(PASSWORD)


def test_error_messages_of_the_libraries_are_indonesian(rini: User, client: Client) -> None:
    client.force_login(rini)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": "", "password1": "123", "password2": "321"}
    )
    page = answer.content.decode()
    for word in ("This ", "field", "password is", "must", "required"):
        assert word not in re.sub(r"<[^>]*>", " ", page), word


class TestPasswordChosenBySomebodyElse:
    @pytest.fixture
    def client(self, rini: User) -> Client:
        rini.must_change_password = True
        rini.save(update_fields=["must_change_password"])
        client = Client()
        client.force_login(rini)
        return client

    @pytest.mark.parametrize("name", ["accounts:profile", "usersessions_list", "accounts:import"])
    def test_every_page_leads_to_the_change_first(self, client: Client, name: str) -> None:
        answer = client.get(reverse(name))
        assert answer.url == reverse("account_change_password")  # type: ignore[attr-defined]

    def test_a_fragment_leads_the_whole_page_there(self, client: Client) -> None:
        answer = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == reverse("account_change_password")

    def test_the_page_says_why(self, client: Client) -> None:
        assert "dibuat oleh orang lain" in client.get(reverse("account_change_password")).content.decode()

    def test_logging_out_is_possible(self, client: Client) -> None:
        assert client.post(reverse("account_logout")).url == reverse("account_login")  # type: ignore[attr-defined]

    def test_the_language_can_be_switched(self, client: Client, rini: User) -> None:
        client.post(reverse("accounts:language"), {"language": "en"})
        rini.refresh_from_db()
        assert rini.language == "en"

    def test_the_same_password_again_will_not_do(self, client: Client) -> None:
        assert _change(client, password1=PASSWORD, password2=PASSWORD) == 422

    def test_after_the_change_all_pages_open(self, client: Client, rini: User) -> None:
        assert _change(client) == 302
        assert client.get(reverse("accounts:profile")).status_code == 200
        rini.refresh_from_db()
        assert not rini.must_change_password
