"""How often one address may ask for what anybody may ask for."""

import time
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
