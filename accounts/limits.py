"""How often one address may ask for what anybody may ask for."""

import threading
import time
from collections import Counter
from typing import Final

from django.db import connection
from django.http import HttpRequest

from accounts.counts import AskedCount
from accounts.network_address import client_address

MINUTE: Final = 60
#: One statement, so that of any number of requests at once each gets a number of its own.
_COUNT: Final = """
    INSERT INTO accounts_askedcount AS kept (key, minute, n) VALUES (%s, %s, 1)
    ON CONFLICT (key) DO UPDATE SET n = CASE WHEN kept.minute >= excluded.minute THEN kept.n + 1 ELSE 1 END,
        minute = greatest(kept.minute, excluded.minute)
    RETURNING n
"""


def too_often(request: HttpRequest, what: str, *, most: int) -> bool:
    """Counts this request; whether its address has asked for `what` more than `most` times in this minute. To be asked
    outside of transactions: others of the same address wait for its end."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [f"{what} {client_address(request)}", _this_minute()])
        (n,) = cursor.fetchone()
    return bool(n > most)


def forget_old() -> None:
    """What was counted in minutes gone by."""
    AskedCount.objects.filter(minute__lt=_this_minute() - 60).delete()


def _this_minute() -> int:
    return int(time.time()) // MINUTE


class Allowance:
    """The same in this process's memory, for requests that must not cost a query: with n processes an address may have
    up to n times as much."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = 0
        self._counts: Counter[str | None] = Counter()
        self._turn = threading.Lock()

    def is_used_up(self, request: HttpRequest) -> bool:
        """Counts this request."""
        client, minute = client_address(request), int(time.monotonic()) // MINUTE
        with self._turn:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            self._counts[client] += 1
            return self._counts[client] > self.most
