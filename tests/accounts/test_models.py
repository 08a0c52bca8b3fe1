"""What a user and a unit may be; the database holds it too."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Unit, User
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

NIP = "199003122014032001"


def test_a_person_is_shown_by_their_full_name() -> None:
    assert str(User(username="rini", full_name="Rini Pemohon")) == "Rini Pemohon"


def test_a_person_without_a_full_name_is_shown_by_their_user_name() -> None:
    assert str(User(username="rini")) == "rini"


def test_a_unit_is_shown_with_its_code() -> None:
    assert str(Unit(code="1771", name="BPS Kota Bengkulu")) == "1771 BPS Kota Bengkulu"


def test_two_people_without_nip_live_side_by_side() -> None:
    assert UserFactory(nip=None).pk != UserFactory(nip=None).pk


def test_two_people_without_email_live_side_by_side() -> None:
    assert UserFactory(email="").pk != UserFactory(email="").pk


def test_email_is_stored_in_lower_case() -> None:
    assert UserFactory(email="Rini@Example.com").email == "rini@example.com"


@pytest.mark.parametrize(
    ("stored", "second"),
    [
        ({"nip": NIP}, {"nip": NIP}),
        ({"email": "rini@example.com"}, {"email": "RINI@example.com"}),
        ({"username": "rini"}, {"username": "RINI"}),
    ],
)
def test_the_database_refuses_the_same_person_twice(stored: dict[str, str], second: dict[str, str]) -> None:
    UserFactory(**stored)
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**second)


@pytest.mark.parametrize(
    "values",
    [
        {"nip": "12345"},
        {"nip": "19900312201403200x"},
        {"username": "rini@example.com"},
        {"language": "xx"},
        {"theme": "pink"},
    ],
)
def test_the_database_refuses_values_that_cannot_be(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**values)


def test_the_database_refuses_an_email_that_went_past_the_model_in_capitals() -> None:
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="RINI@example.com")


@pytest.mark.parametrize("field", ["username", "email"])
def test_a_taken_name_is_an_error_at_its_field(field: str) -> None:
    UserFactory(username="rini", email="rini@example.com")
    values = {
        "username": "lain",
        "email": "lain@example.com",
        field: {"username": "RINI", "email": "Rini@example.com"}[field],
    }
    with pytest.raises(ValidationError) as caught:
        User(full_name="Lain", **values).full_clean(exclude=["password"])
    assert field in caught.value.message_dict


def test_keeping_ones_own_names_is_no_clash() -> None:
    user = UserFactory(username="rini", email="rini@example.com")
    user.full_clean()


def test_an_empty_nip_is_stored_as_none() -> None:
    user = UserFactory()
    user.nip = ""
    user.clean()
    assert user.nip is None


def test_units_form_a_tree() -> None:
    province = UnitFactory(code="1700")
    regency = UnitFactory(code="1701", parent=province)
    assert list(province.children.all()) == [regency]


def test_the_cache_table_is_there_after_migrating() -> None:
    from django.core.cache import cache

    cache.set("kunci", [1, 2], 60)
    assert cache.get("kunci") == [1, 2]
