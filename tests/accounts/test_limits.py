"""Limits by address: each of many requests at once gets a number of its own; beside it, a counter that must fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from typing import Final

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from django.test import RequestFactory

from accounts import limits
from accounts.counts import AskedCount
from jobs.tasks import remove_old
from tests.tickets.racing import ROUNDS, Track, a_control_that_fails

MOST: Final = 5


def asks(address: str = "10.0.0.1") -> HttpRequest:
    return RequestFactory().post("/", REMOTE_ADDR=address)


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_800_000_000.0)


@pytest.mark.django_db
def test_an_address_is_counted_by_thing_and_minute() -> None:
    here, there = asks(), asks("10.0.0.2")
    assert [limits.too_often(here, "a", most=2) for _ in range(3)] == [False, False, True]
    assert not limits.too_often(here, "b", most=2)
    assert not limits.too_often(there, "a", most=2)
    AskedCount.objects.update(minute=F("minute") - 2)
    assert not limits.too_often(here, "a", most=2)


@pytest.mark.django_db
def test_old_counts_are_forgotten_at_night() -> None:
    limits.too_often(asks(), "a", most=1)
    limits.too_often(asks(), "b", most=1)
    AskedCount.objects.filter(key__startswith="a").update(minute=F("minute") - 24 * 60)
    remove_old()
    assert [count.key[0] for count in AskedCount.objects.all()] == ["b"]


@pytest.fixture
def track(committed_db: None) -> Iterator[Track]:
    track = Track()
    yield track
    track.close()


@pytest.mark.race
def test_of_eight_requests_at_once_as_many_pass_as_may(track: Track) -> None:
    for number in range(ROUNDS):
        outcomes = track.run(partial(limits.too_often, asks(), f"{number}", most=MOST))
        assert outcomes.count(False) == MOST


@pytest.mark.race
def test_a_count_in_the_databases_cache_lets_too_many_pass(track: Track) -> None:
    """It reads, adds and writes."""

    def naive(key: str) -> bool:
        cache.add(key, 0)
        return cache.incr(key) > MOST

    with a_control_that_fails() as note:
        for number in range(ROUNDS):
            if note(track.run(partial(naive, f"{number}")).count(False) > MOST):
                break


def fails_to_log_in(name: str) -> bool:
    """Whether this is refused; by allauth's own limit."""
    config = {"login_failed": f"{MOST}/5m/key"}
    return not ratelimit.consume(asks(), app="account", action="login_failed", config=config, key=name)


@pytest.mark.race
def test_failed_log_ins_are_counted_under_allauths_own_lock(track: Track) -> None:
    """Whoever does not get the lock in time is refused: never do more pass than may."""
    for number in range(3):
        assert 1 <= track.run(partial(fails_to_log_in, f"rini {number}")).count(False) <= MOST


@pytest.mark.race
def test_without_that_lock_too_many_pass(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit, "cache_lock", lambda _key: nullcontext(True))
    with a_control_that_fails() as note:
        for number in range(ROUNDS):
            if note(track.run(partial(fails_to_log_in, f"rini {number}")).count(False) > MOST):
                break
