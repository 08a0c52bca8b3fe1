"""How often one address may ask for what anybody may ask for."""

import threading
import time
from collections import Counter
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from accounts.network_address import client_address

MINUTE: Final = 60


def too_often(request: HttpRequest, what: str, *, most: int) -> bool:
    """Counts this request; whether its address has asked for `what` more than `most` times in this minute."""
    key = f"limit:{what}:{client_address(request)}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key) > most
    except ValueError:  # culled just now: the count begins anew
        return False


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
