"""Prepared statements belong to their connection, and are made anew wherever they are not known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from accounts.models import User
from accounts.prepared import Statement, prepared, spelt_out
from tests.factories import UserFactory


@prepared
def named(username: str) -> Any:
    return User.objects.filter(username=username)


def known() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def ask_and_look(username: str) -> tuple[list[User], int]:
    """On a connection of the thread's own: what is found, and how often it was prepared there."""
    try:
        found = [named(username) for _ in range(3)][0]
        return found, len([name for name in known() if "named" in name])
    finally:
        connection.close()


def test_each_thread_prepares_on_its_own_connection_once(committed_db: None) -> None:
    person = UserFactory()
    with ThreadPoolExecutor(max_workers=4) as threads:
        answers = list(threads.map(ask_and_look, [person.username] * 8))
    assert answers == [([person], 1)] * 8


def test_after_a_lost_connection_it_is_made_again(committed_db: None) -> None:
    person = UserFactory()
    assert named(person.username) == [person]
    connection.close()
    assert named(person.username) == [person]


def test_a_broken_transaction_says_so_and_the_next_one_prepares(db: None) -> None:
    statement = Statement("late_comer", "SELECT $1 + 1", ["bigint"])
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute("SELECT 1 / 0")
        statement.rows(1)
    assert statement.rows(41) == [(42,)]


def test_a_statement_that_makes_no_sense_is_an_error_of_the_database(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement("nonsense", "SELECT nothing FROM nowhere").rows()


def test_a_value_of_the_wrong_kind_is_refused_by_the_database(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement("kinds", "SELECT $1", ["bigint"]).rows("satu")


def test_a_statement_takes_no_longer_than_any_other(committed_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
    with pytest.raises(OperationalError):
        Statement("sleeper", "SELECT pg_sleep($1)", ["float8"]).rows(5)
    connection.close()


def test_what_was_called_can_be_read(db: None) -> None:
    statement = Statement("told", "SELECT $1::text", ["text"])
    assert spelt_out(statement.call) == "SELECT $1::text"
    assert spelt_out("SELECT 1") == "SELECT 1"


def test_plans_are_made_for_all_values(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
    person = UserFactory()
    for _ in range(3):
        named(person.username)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE name ~ 'named'")
        generic, custom = cursor.fetchone()
    assert generic >= 3
    assert custom == 0


def test_in_a_transaction_that_is_lost_nothing_is_asked(db: None) -> None:
    statement = Statement("lost", "SELECT 1")
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        statement.rows()


def test_whoever_listens_to_what_is_asked_hears_of_it(db: None) -> None:
    heard: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        heard.append(spelt_out(sql))
        return execute(sql, *rest)

    statement = Statement("heard", "SELECT $1 + 1", ["bigint"])
    assert statement.rows(1) == [(2,)]
    with connection.execute_wrapper(listen):
        assert statement.rows(1) == [(2,)]
    assert heard == ["SELECT $1 + 1"]


def test_moments_come_back_in_their_zone(db: None) -> None:
    ((at,),) = Statement("moment", "SELECT timestamptz '2026-11-30 08:00+07'").rows()
    assert at == datetime(2026, 11, 30, 1, tzinfo=UTC)
