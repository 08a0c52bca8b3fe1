import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(rini: User) -> Client:
    client = Client()
    client.force_login(rini)
    return client


def _post(client: Client, **data: str) -> int:
    fields = {"phone": "", "room": "", "language": "id", "theme": "auto", **data}
    return client.post(reverse("accounts:profile"), fields).status_code


def test_a_person_changes_what_is_theirs(client: Client, rini: User) -> None:
    assert _post(client, phone="0812 3456 7890", room="Ruang IPDS", language="en", theme="dark") == 302
    rini.refresh_from_db()
    assert (rini.phone, rini.room, rini.language, rini.theme) == ("0812 3456 7890", "Ruang IPDS", "en", "dark")


def test_what_the_office_decides_stays(client: Client, rini: User) -> None:
    _post(client, full_name="Ratu", email="x@example.com", nip="199003122014032001", is_staff="1", is_superuser="1")
    rini.refresh_from_db()
    assert (rini.full_name, rini.email, rini.nip) == ("Rini Pemohon", "rini@example.com", None)
    assert not rini.is_staff
    assert not rini.is_superuser


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "bukan nomor"), ("phone", "1\0"), ("room", "x" * 101), ("language", "de"), ("theme", "pink")],
)
def test_bad_values_are_refused_at_the_field_and_kept_in_it(client: Client, rini: User, field: str, value: str) -> None:
    assert _post(client, **{field: value}) == 422
    rini.refresh_from_db()
    assert getattr(rini, field) != value


def test_a_refused_theme_does_not_colour_the_page(client: Client) -> None:
    fields = {"phone": "x", "room": "", "language": "en", "theme": "dark"}
    page = client.post(reverse("accounts:profile"), fields).content.decode()
    assert 'data-theme-choice="auto"' in page


def test_the_page_shows_nip_unit_and_roles(client: Client, rini: User) -> None:
    page = client.get(reverse("accounts:profile")).content.decode()
    assert "1700 BPS Provinsi Bengkulu" in page
    assert "Pegawai" in page


def test_only_those_who_may_import_see_the_way_there(client: Client, rini: User) -> None:
    assert reverse("accounts:import") not in client.get(reverse("accounts:profile")).content.decode()
    rini.set_roles(["Admin/PJK TIP"])
    assert reverse("accounts:import") in client.get(reverse("accounts:profile")).content.decode()
