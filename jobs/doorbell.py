"""Rings for a worker: "there is something to do". What is to be done stands in the database; a ring may get lost.

Nothing that rings waits for Redis. A daemon thread of each process carries the rings; while it is busy, or Redis does
not answer, equal rings become one. What is not heard is found by beat's sweep.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from functools import partial
from typing import Final, NamedTuple

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

#: Seconds that a ring waits for equal ones, and for the answer of the request that rings.
PAUSE: Final = 0.05
#: Seconds after which nobody has to answer a ring any more: by then the sweep has come.
EXPIRES: Final = 60


class Ring(NamedTuple):
    task: str
    queue: str


class _Ringer:
    """One thread and the rings it has to carry: at most one of each kind."""

    def __init__(self) -> None:
        self._wanted: set[Ring] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._unheard = False

    def want(self, ring: Ring) -> None:
        with self._changed:
            self._wanted.add(ring)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._carry, name="doorbell", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _carry(self) -> None:
        while True:
            with self._changed:
                while not self._wanted:
                    self._changed.wait()
            time.sleep(PAUSE)
            with self._changed:
                rings, self._wanted = self._wanted, set()
            for ring in rings:
                self._send(ring)

    def _send(self, ring: Ring) -> None:
        try:
            current_app.send_task(ring.task, queue=ring.queue, expires=EXPIRES, retry=False, ignore_result=True)
        except Exception as error:  # whatever the broker's library may raise: the thread goes on
            if not self._unheard:
                logger.warning("the broker does not answer, the sweep takes over: %s", error)
            self._unheard = True
        else:
            self._unheard = False


_ringer = _Ringer()


def _anew() -> None:
    """A forked process has no threads but its own."""
    global _ringer
    _ringer = _Ringer()


os.register_at_fork(after_in_child=_anew)


def ring(task: str, queue: str) -> None:
    """Calls the worker of `queue` to run `task`; never waits, never raises."""
    try:
        _ringer.want(Ring(task, queue))
    except RuntimeError:  # no thread can be started: the process ends, or the machine is full
        logger.warning("no ring for %s, the sweep takes over", task)


def ring_on_commit(task: str, queue: str) -> None:
    """Rings once what is to be done can be seen."""
    transaction.on_commit(partial(ring, task, queue), robust=True)
