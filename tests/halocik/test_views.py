"""Health and readiness."""

import socket
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from halocik import heartbeat, views


@pytest.fixture
def workers() -> None:
    """A worker of each queue was heard of just now."""
    heartbeat.say(heartbeat.queues())


@pytest.fixture
def no_workers() -> None:
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        client.delete(*(f"halocik:worker:{name}" for name in heartbeat.queues()))


def test_alive_asks_nothing(client: Client) -> None:
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_alive_is_not_for_posting(client: Client) -> None:
    assert client.post(reverse("healthz")).status_code == 405


@pytest.mark.django_db
def test_ready_when_everything_answers(client: Client, workers: None) -> None:
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_not_ready_without_workers_and_says_which(client: Client, no_workers: None) -> None:
    heartbeat.say(["clock"])
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    others = {checks[f"worker {name}"] for name in ("outbox", "jobs", "long")}
    assert (checks["worker clock"], others) == ("ok", {"not seen"})


@pytest.mark.django_db
def test_not_ready_without_broker(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nothing.sock"
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "away"


@pytest.mark.django_db
def test_a_frozen_broker_is_not_waited_for(client: Client, settings: Settings, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen(8)
        settings.REDIS_URL = f"unix://{tmp_path}/silent.sock"
        started = time.monotonic()
        answer = client.get(reverse("readyz"))
        assert time.monotonic() - started < 3
    assert answer.json()["checks"]["broker"] in {"away", "no answer"}


@pytest.mark.django_db
def test_not_ready_without_database(client: Client, workers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = connection.get_connection_params() | {"host": "127.0.0.1", "port": "1"}
    monkeypatch.setattr(DatabaseWrapper, "get_connection_params", lambda _: parameters)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "away"


def test_a_question_that_hangs_is_not_asked_twice() -> None:
    asked: list[float] = []

    def hang() -> None:
        asked.append(time.monotonic())
        time.sleep(0.6)

    assert views._within(0.05, "test", hang) == "no answer"
    assert views._within(0.05, "test", hang) == "no answer"
    assert len(asked) == 1
    time.sleep(0.7)
    assert views._within(0.05, "test", lambda: "back") == "back"
