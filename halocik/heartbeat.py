"""Each worker says every few seconds, in Redis, that it serves its queues; `readyz` reads it."""

import contextlib
import time
from typing import Any

import redis
from celery import bootsteps
from django.conf import settings

EVERY = 5  # seconds
FORGOTTEN_AFTER = 20  # seconds
_KEY = "halocik:worker:{}"


def queues() -> list[str]:
    return [queue.name for queue in settings.CELERY_TASK_QUEUES]


def seen() -> list[str]:
    """The queues whose worker was heard of lately. Raises redis.RedisError."""
    with contextlib.closing(_client()) as client:
        values = client.mget([_KEY.format(name) for name in queues()])
    return [name for name, value in zip(queues(), values, strict=True) if value]


def say(names: list[str]) -> None:
    """A Redis that is away makes the worker look dead, which is what `readyz` shall tell; the worker goes on."""
    with contextlib.suppress(redis.RedisError), contextlib.closing(_client()) as client:
        for name in names:
            client.set(_KEY.format(name), int(time.time()), ex=FORGOTTEN_AFTER)


def _client() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.8, socket_connect_timeout=0.8)


class Heartbeat(bootsteps.StartStopStep):
    """Runs in the worker's own event loop: a worker that is stuck falls silent."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._timer: Any = None

    def start(self, parent: Any) -> None:
        names = [name for name in parent.app.amqp.queues.consume_from if name in queues()]
        say(names)
        self._timer = parent.timer.call_repeatedly(EVERY, say, (names,))

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
