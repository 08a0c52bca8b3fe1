"""Connections that stay with the process: taken by whichever thread asks next, and never one that is not fit to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from accounts.prepared import Statement
from halocik.postgresql import base

R = TypeVar("R")


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[base.Idle]:
    """What a process of the web server keeps."""
    kept = base.Idle()
    kept.open()
    monkeypatch.setattr(base, "idle", kept)
    yield kept
    while taken := kept.take():
        taken[0].close()


def in_a_thread(act: Callable[[], R]) -> R:
    """A request in a thread that was never there before."""

    def request() -> R:
        try:
            return act()
        finally:
            connection.close_if_unusable_or_obsolete()  # as at the end of each request
            if connection.connection is not None:
                left.append(connection.connection)

    left: list[Any] = []
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(request).result(20)
    for one in left:
        one.close()
    return answer


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_one_thread_after_the_other_has_the_same_connection(committed_db: None, idle: base.Idle) -> None:
    assert in_a_thread(backend) == in_a_thread(backend)


def test_the_connection_that_was_put_back_last_is_taken_first(idle: base.Idle) -> None:
    idle.put("older", None)
    idle.put("newer", 5.0)
    assert [idle.take(), idle.take(), idle.take()] == [("newer", 5.0), ("older", None), None]


def test_what_one_thread_prepared_the_next_one_knows(committed_db: None, idle: base.Idle) -> None:
    statement = Statement("passed_on", "SELECT $1 + 1", ["bigint"])

    def known() -> tuple[Any, int]:
        answer = statement.rows(41)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name ~ 'passed_on'")
            return answer, cursor.fetchone()[0]

    assert [in_a_thread(known), in_a_thread(known)] == [([(42,)], 1)] * 2


def test_two_at_the_same_time_have_one_each(committed_db: None, idle: base.Idle) -> None:
    assert (
        in_a_thread(lambda: (backend(), in_a_thread(backend)))[0]
        != in_a_thread(lambda: (backend(), in_a_thread(backend)))[1]
    )


@pytest.mark.parametrize("ask", [backend, lambda: Statement("after", "SELECT pg_backend_pid()").rows()[0][0]])
def test_one_that_the_server_has_closed_is_not_handed_on(
    committed_db: None, idle: base.Idle, ask: Callable[[], int]
) -> None:
    own = backend()  # this thread keeps it
    first = in_a_thread(ask)
    assert first != own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert in_a_thread(ask) != first


def test_one_that_has_lived_its_time_is_closed(
    committed_db: None, idle: base.Idle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    first = in_a_thread(backend)
    assert idle.take() is None
    assert in_a_thread(backend) != first


def test_one_in_a_transaction_stays_with_its_thread(committed_db: None, idle: base.Idle) -> None:
    def within() -> bool:
        with transaction.atomic():
            backend()
            connection.close_if_unusable_or_obsolete()
            return connection.connection is not None

    assert in_a_thread(within)


def test_what_is_handed_on_commits_by_itself(committed_db: None, idle: base.Idle) -> None:
    in_a_thread(backend)
    assert in_a_thread(lambda: (backend(), connection.get_autocommit()))[1] is True


def test_outside_of_the_web_server_each_thread_keeps_its_own(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = base.Idle()
    monkeypatch.setattr(base, "idle", closed)
    in_a_thread(backend)
    assert closed.take() is None


def test_a_process_that_was_forked_does_not_use_its_parents(idle: base.Idle, monkeypatch: pytest.MonkeyPatch) -> None:
    idle.put("the parent's", None)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    states = [idle.is_open]
    idle.open()
    states.append(idle.is_open)
    assert states == [False, True]
    assert idle.take() is None


def test_a_connection_is_usable_while_its_server_is_there(committed_db: None) -> None:
    pid = backend()
    assert connection.is_usable()
    in_a_thread(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [pid]))
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()
