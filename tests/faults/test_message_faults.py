"""A real worker, a real mail server, a Redis that freezes and dies: every message comes once, and nobody waits."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.test import Client
from django.urls import reverse

from tests import processes, smtp_sink
from tests.jobs.test_doorbell import bell, client, port, serving  # noqa: F401  # fixtures
from tests.smtp_sink import Sink
from tests.tickets.factories import Office
from tests.tickets.test_notify_sending import give_addresses
from tickets.models import Ticket

pytestmark = pytest.mark.race

_WORKER = ("worker", "--queues", "outbox", "--concurrency", "1", "--without-gossip", "--without-mingle")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink.serving() as sink:
        yield sink


def submit_by_web(office: Office) -> float:
    """Sends the form as a browser would; returns the seconds that the person waited."""
    browser = Client()
    browser.force_login(office.requester)
    form = {
        "key": "", "category": "fault", "title": "Internet mati", "description": "", "device": "",
        "device_text": "PC", "unit": office.unit.pk, "room": "R-1", "contact": "0812",
    }  # fmt: skip
    page = browser.get(reverse("tickets:create"))
    form["key"] = str(page.context["form"]["key"].value())
    before, started = Ticket.objects.count(), time.monotonic()
    browser.post(reverse("tickets:create"), form)
    waited = time.monotonic() - started
    assert Ticket.objects.count() == before + 1
    return waited


def beat(app: Celery) -> None:
    """What beat sends every minute."""
    app.send_task("tickets.tasks.deliver", queue="outbox", expires=60, retry=False)


def test_messages_come_within_seconds_and_once_redis_is_back(
    office: Office,
    sink: Sink,
    bell: Celery,  # noqa: F811
    port: int,  # noqa: F811
    tmp_path: Path,
) -> None:
    give_addresses()
    submit_by_web(office)  # with nobody there to hear the ring, and everything loaded
    more = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port)}
    with serving(port, tmp_path) as redis, processes.running(*_WORKER, **more):
        beat(bell)
        processes.until(lambda: len(sink.mails) == 3, seconds=40)

        submit_by_web(office)
        assert processes.until(lambda: len(sink.mails) == 6) < 5

        os.kill(redis.pid, signal.SIGSTOP)
        frozen = [submit_by_web(office) for _ticket in range(3)]
        time.sleep(4)  # longer than any socket's patience
        os.kill(redis.pid, signal.SIGCONT)
        processes.until(lambda: bool(client(port).ping()))
        beat(bell)
        processes.until(lambda: len(sink.mails) == 15)

        redis.kill()
        redis.wait(5)
        refused = [submit_by_web(office) for _ticket in range(3)]
        with serving(port, tmp_path):
            beat(bell)
            processes.until(lambda: len(sink.mails) == 24, seconds=40)
    assert max(frozen + refused) < 0.5, (frozen, refused)
    ids = Counter(str(mail["Message-ID"]) for _to, mail in sink.mails)
    assert len(ids) == 24 and set(ids.values()) == {1}
