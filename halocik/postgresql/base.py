"""Django's PostgreSQL, whose connections stay with the process instead of with each thread of it.

A connection knows the statements that were prepared on it (see accounts.prepared). A process of the web server has four
threads, and in an office most requests come one after the other: each thread would have to learn everything by itself.
Here the connection that was put back last is taken first, so that one of them knows it all, and threads that are idle
hold none.
"""

from __future__ import annotations

import os
import select
from threading import Lock
from typing import Any

from django.db.backends.postgresql import base


class Idle:
    """Connections that are put back between requests, of this process alone: none is ever shared with a fork."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[tuple[Any, float | None]] = []
        self._process: int | None = None

    def open(self) -> None:
        """From now on this process keeps them; what a parent process kept is not touched."""
        self._kept, self._process = [], os.getpid()

    @property
    def is_open(self) -> bool:
        return self._process == os.getpid()

    def put(self, connection: Any, close_at: float | None) -> None:
        with self._lock:
            self._kept.append((connection, close_at))

    def take(self) -> tuple[Any, float | None] | None:
        """The one that was put back last, and when it is to be closed."""
        with self._lock:
            return self._kept.pop() if self._kept else None


idle = Idle()


class DatabaseWrapper(base.DatabaseWrapper):
    def close_if_unusable_or_obsolete(self) -> None:
        """At the beginning and at the end of a request; a thread that has nothing open puts its connection back."""
        super().close_if_unusable_or_obsolete()
        if self.connection is None or self.in_atomic_block or not idle.is_open:
            return
        connection, close_at = self.connection, self.close_at
        self.connection = None
        idle.put(connection, close_at)

    def ensure_connection(self) -> None:
        if self.connection is None and not self.in_atomic_block and idle.is_open and (taken := idle.take()):
            self.connection, self.close_at = taken
            self.autocommit = self.settings_dict["AUTOCOMMIT"]
            self.health_check_enabled, self.health_check_done = self.settings_dict["CONN_HEALTH_CHECKS"], False
            self.close_if_health_check_failed()
        super().ensure_connection()

    def is_usable(self) -> bool:
        """Whether the server is still there: it says nothing while it is, and asking it takes as long as a question."""
        if self.connection is None:
            return False
        return (not self.errors_occurred and not _has_news(self.connection)) or super().is_usable()


def _has_news(connection: Any) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(waiting.poll(0))
