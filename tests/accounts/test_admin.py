"""The Django admin: behind the same log-in, users deactivated and never deleted, no way up to superuser."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import User
from tests.factories import Cast, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def _form_of(client: Client, user: User) -> dict[str, Any]:
    """What the change form would send back untouched."""
    form = client.get(reverse("admin:accounts_user_change", args=[user.pk])).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {
        name: [getattr(item, "pk", item) for item in value] if isinstance(value, (list, tuple)) else value
        for name, value in values.items()
        if value not in (None, False) and name != "password"
    }


def _change(client: Client, user: User, **changes: Any) -> int:
    data = {**_form_of(client, user), **changes}
    url = reverse("admin:accounts_user_change", args=[user.pk])
    return client.post(url, {key: value for key, value in data.items() if value is not None}).status_code


def test_a_stranger_is_led_to_our_own_login() -> None:
    answer = Client().get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_admin_sites_own_login_form_takes_no_password(cast: Cast) -> None:
    client = Client()
    client.post(reverse("admin:login"), {"username": cast.admin.username, "password": "kata-sandi-uji-1"})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("who", ["requester", "technician", "supervisor"])
def test_others_are_not_let_in(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_the_admin_sites_password_page_is_ours(admin: Client) -> None:
    assert admin.get(reverse("admin:password_change")).url == reverse("account_change_password")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["user", "unit"])
def test_lists_and_search_open(admin: Client, name: str) -> None:
    assert admin.get(reverse(f"admin:accounts_{name}_changelist"), {"q": "rini"}).status_code == 200


def test_a_new_user_must_change_the_password_that_the_admin_chose(admin: Client) -> None:
    data = {
        "username": "baru",
        "full_name": "Baru",
        "email": "baru@example.com",
        "usable_password": "true",
        "password1": "rahasia-Baru-77",
        "password2": "rahasia-Baru-77",
    }
    assert admin.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(username="baru")
    assert user.must_change_password
    assert user.roles == [roles.EMPLOYEE]


def test_a_password_that_the_admin_resets_must_be_changed(admin: Client, cast: Cast) -> None:
    url = reverse("admin:auth_user_password_change", args=[cast.requester.pk])
    admin.post(url, {"usable_password": "true", "password1": "rahasia-Baru-77", "password2": "rahasia-Baru-77"})
    cast.requester.refresh_from_db()
    assert cast.requester.must_change_password
    assert cast.requester.check_password("rahasia-Baru-77")


def test_giving_the_role_of_admin_opens_the_admin_site(admin: Client, cast: Cast) -> None:
    groups = list(cast.admin.groups.values_list("pk", flat=True))
    assert _change(admin, cast.requester, groups=groups) == 302
    cast.requester.refresh_from_db()
    assert cast.requester.is_staff


def test_pegawai_cannot_be_taken_away(admin: Client, cast: Cast) -> None:
    assert _change(admin, cast.requester, groups=[]) == 302
    assert User.objects.get(pk=cast.requester.pk).roles == [roles.EMPLOYEE]


@pytest.mark.parametrize(
    ("field", "value"),
    [("nip", "123"), ("email", "KIKI@example.com"), ("username", "KIKI"), ("username", "a@b.id"), ("phone", "x")],
)
def test_bad_values_are_errors_at_their_field(admin: Client, cast: Cast, field: str, value: str) -> None:
    url = reverse("admin:accounts_user_change", args=[cast.requester.pk])
    answer = admin.post(url, {**_form_of(admin, cast.requester), field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


def test_an_admin_cannot_become_superuser(admin: Client, cast: Cast) -> None:
    _change(admin, cast.admin, is_superuser="on")
    cast.admin.refresh_from_db()
    assert not cast.admin.is_superuser


def test_an_admin_can_neither_change_a_superuser_nor_set_their_password(admin: Client) -> None:
    root = UserFactory(username="root", is_superuser=True, is_staff=True)
    change = reverse("admin:accounts_user_change", args=[root.pk])
    assert admin.post(change, {"email": "saya@example.com"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    data = {"password1": "rahasia-Baru-77", "password2": "rahasia-Baru-77"}
    assert admin.post(password, data).status_code == 403


def test_users_cannot_be_deleted_even_by_a_superuser() -> None:
    root = UserFactory(username="root", is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(root)
    assert (
        client.post(reverse("admin:accounts_user_delete", args=[UserFactory().pk]), {"post": "yes"}).status_code == 403
    )
