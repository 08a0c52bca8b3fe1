"""Eight real threads, each with its own connection, that start each round together; and a control that must fail."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from tickets.workflow import WorkflowError

THREADS: Final = 8
ROUNDS: Final = 20

Outcome = Any  # what a racer returned, or the exception it met
Racer = Callable[[], Any]


class Track:
    """Eight threads that keep their connections from round to round and start each round together."""

    def __init__(self) -> None:
        self.start = threading.Barrier(THREADS, timeout=30)
        self.pool = ThreadPoolExecutor(THREADS)

    def run(self, *racers: Racer) -> list[Outcome]:
        """One round. The racers share the threads evenly: one racer eight times, two racers four times each …"""
        line = [racers[number % len(racers)] for number in range(THREADS)]
        return [future.result(timeout=60) for future in [self.pool.submit(self._one, racer) for racer in line]]

    def _one(self, racer: Racer) -> Outcome:
        self.start.wait()
        try:
            return racer()
        except (WorkflowError, PermissionDenied, ValidationError) as refusal:
            return refusal

    def close(self) -> None:
        for future in [self.pool.submit(self._one, connections.close_all) for _ in range(THREADS)]:
            future.result(timeout=60)
        self.pool.shutdown()


def won(outcomes: list[Outcome]) -> int:
    """How many succeeded; whoever did not must have been refused in words, never by a database error."""
    return sum(not isinstance(outcome, Exception) for outcome in outcomes)


def kinds(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


@contextmanager
def a_control_that_fails() -> Iterator[Callable[[bool], bool]]:
    """Gives a function that takes whether a naive round went wrong; at least one must have."""
    failures: list[bool] = []

    def note(failed: bool) -> bool:
        failures.append(failed)
        return failed

    yield note
    assert any(failures), "the naive control never failed: this is no race"
