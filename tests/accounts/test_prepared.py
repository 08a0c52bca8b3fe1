"""Prepared queries answer like those they are made of, whatever they are asked with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Absence, User
from accounts.prepared import prepared
from network.models import IPAssignment
from tests.factories import UnitFactory, UserFactory
from tests.network.factories import make_device, make_subnet

pytestmark = pytest.mark.django_db


@prepared
def joined(since: datetime, but: int | None, *, names: bool) -> Any:
    people = User.objects.filter(date_joined__gte=since).select_related("unit").order_by("pk")
    people = people if but is None else people.exclude(pk=but)
    return people.values_list("username", flat=True) if names else people


def test_each_question_gets_its_own_answer() -> None:
    first, second = UserFactory(username="satu"), UserFactory(username="dua")
    ever = timezone.now() - timedelta(days=1)
    assert joined(ever, None, names=False) == [first, second]
    assert joined(ever, first.pk, names=False) == [second]
    assert joined(ever, second.pk, names=True) == ["satu"]
    assert joined(timezone.now() + timedelta(days=1), None, names=False) == []


def test_one_question_is_one_query_with_what_belongs_to_it() -> None:
    UserFactory()
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            (person,) = joined(timezone.now() - timedelta(days=1), None, names=False)
            assert person.unit is None or person.unit.name
        assert len(queries) == 1


@prepared
def away(moment: datetime) -> Any:
    return Absence.objects.on(timezone.localdate(moment))


@prepared
def unasked(day: date) -> Any:
    return User.objects.order_by("pk")


@prepared
def mentioned(word: Any) -> Any:
    return User.objects.filter(username=word)


@prepared
def found(word: str) -> Any:
    return User.objects.filter(username__contains=word)


def test_a_text_is_bound_too() -> None:
    person = UserFactory(username="100% '\\x02")
    assert mentioned(person.username) == [person]
    assert mentioned("tiga") == []


@pytest.mark.parametrize(
    "ask", [lambda: away(timezone.now()), lambda: unasked(date(2026, 1, 2)), lambda: mentioned(1.5), lambda: found("a")]
)
def test_what_would_be_bound_wrongly_is_refused(ask: Any) -> None:
    with pytest.raises(TypeError):
        ask()


KINDS: dict[str, Any] = {
    "objects": lambda people: people.select_related("unit").prefetch_related("groups"),
    "annotated": lambda people: people.annotate(shouted=Upper("username")),
    "deferred": lambda people: people.only("username", "unit__name").select_related("unit"),
    "mappings": lambda people: people.values("username", shouted=Upper("username")),
    "tuples": lambda people: people.values_list(Upper("username"), "pk"),
    "named": lambda people: people.values_list("pk", "username", named=True),
    "flat": lambda people: people.values_list("date_joined", flat=True),
}


def facts(person: User) -> dict[str, Any]:
    return {name: value for name, value in vars(person).items() if not name.startswith("_")}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_become_what_the_queryset_makes_of_them(kind: str) -> None:
    @prepared
    def after(pk: int) -> Any:
        return KINDS[kind](User.objects.filter(pk__gt=pk).order_by("pk"))

    UserFactory(unit=None)
    UserFactory(unit=UnitFactory(name="Statistik Sosial"))
    expected = list(KINDS[kind](User.objects.order_by("pk")))
    found = after(0)
    assert (found, [type(one) for one in found]) == (expected, [type(one) for one in expected])
    if isinstance(found[0], User):
        assert [facts(one) for one in found] == [facts(one) for one in expected]
        with CaptureQueriesContext(connection) as queries:
            assert [one.unit and one.unit.name for one in found] == [None, "Statistik Sosial"]
        assert len(queries) == (kind == "annotated")


def test_a_statement_outlives_a_rollback() -> None:
    @prepared
    def called(name: str) -> Any:
        return User.objects.filter(username=name)

    person = UserFactory()
    with transaction.atomic():
        assert called(person.username) == [person]
        transaction.set_rollback(True)
    assert called(person.username) == [person]


@prepared
def addressed(address: str) -> Any:
    return IPAssignment.objects.filter(address=address)


@pytest.mark.parametrize("address", ["10.17.0.9", "fd00::9"])
def test_an_address_is_bound_too(address: str) -> None:
    subnet = make_subnet("10.17.0.0/24" if "." in address else "fd00::/64")
    held = IPAssignment.objects.create(
        device=make_device(), subnet=subnet, address=address, state="reserved", reserved_at=timezone.now()
    )
    assert addressed(address) == [held]
    assert addressed("10.17.0.10") == []
