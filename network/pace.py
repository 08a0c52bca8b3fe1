"""Turns that all processes share, given by the database: who asks gets the next one and the seconds until it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

# One statement of its own, so that the row is never locked for longer than it takes.
_CLAIM: Final = """
    INSERT INTO network_pace AS pace (name, free_at) VALUES (%(name)s, clock_timestamp() + %(every)s)
    ON CONFLICT (name) DO UPDATE SET free_at = GREATEST(pace.free_at, clock_timestamp()) + %(every)s
    WHERE pace.free_at <= clock_timestamp() + %(ahead)s
    RETURNING free_at - %(every)s, clock_timestamp()
"""


class Busy(Exception):
    """More is asked for than the pace allows."""


@dataclass(frozen=True)
class Kind:
    """A turn `every` so often; whoever would get one that is further away than `ahead` gets none."""

    name: str
    every: timedelta
    ahead: timedelta

    def turn(self) -> float:
        """Seconds until the turn that is now the caller's. Raises Busy."""
        begins, now = self.slot()
        return max(0.0, (begins - now).total_seconds())

    def slot(self) -> tuple[datetime, datetime]:
        """When the caller's turn begins, and the database's present. Raises Busy."""
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"name": self.name, "every": self.every, "ahead": self.ahead})  # type: ignore[dict-item]  # psycopg2 adapts timedelta
            row: tuple[datetime, datetime] | None = cursor.fetchone()
        if row is None:
            raise Busy(self.name)
        return row


#: Packets of all scans and look-ups together: 50 a second, 92 bytes each.
PACKETS: Final = Kind("packets", every=timedelta(milliseconds=20), ahead=timedelta(seconds=5))
#: Look-ups hold a thread of the web server for up to two seconds: three at once, then one a second.
LOOKUPS: Final = Kind("lookups", every=timedelta(seconds=1), ahead=timedelta(seconds=2))
