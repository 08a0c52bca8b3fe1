"""Restarts a worker's connection when an acknowledgement was lost.

A task that ends while Redis is frozen or just dying cannot be acknowledged. Celery logs that ("Couldn't ack") and goes
on, but counts the message as still in hand; with a prefetch of one the worker then never takes another, and nothing
tells it so. Closing the connection gives the message back and begins anew.
"""

import logging
from typing import Any

from celery import bootsteps
from celery.worker import state

logger = logging.getLogger(__name__)

EVERY = 5  # seconds


class Unstick(bootsteps.StartStopStep):
    """Looks every few seconds for messages in hand that no task belongs to; twice in a row is no coincidence."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._timer: Any = None
        self._before: set[str] = set()

    def start(self, parent: Any) -> None:
        self._timer = parent.timer.call_repeatedly(EVERY, self.look, (parent,))

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def look(self, worker: Any) -> None:
        """Raises ConnectionError, at which the worker connects again."""
        lost = _unclaimed(worker)
        stuck, self._before = lost & self._before, lost
        if stuck:
            self._before = set()
            logger.warning("an acknowledgement was lost; connecting to the broker again")
            raise ConnectionResetError("an acknowledgement was lost")


def _unclaimed(worker: Any) -> set[str]:
    consumer = getattr(worker.consumer, "task_consumer", None)
    if consumer is None or state.reserved_requests:
        return set()
    qos = consumer.channel.qos
    return {str(tag) for tag in set(qos._delivered) - set(qos._dirty)}
