"""Health, readiness, and the page for what nobody caught."""

import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

import psycopg2
import redis
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from halocik import heartbeat
from halocik.middleware import is_unavailable, unavailable

logger = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for each dependency


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nothing else."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database, the broker and each queue's worker answer within a second; else 503, and which does not."""
    checks = {"database": _within(PATIENCE, "database", _database)}
    broker = _within(PATIENCE, "broker", heartbeat.seen)
    checks["broker"] = None if isinstance(broker, list) else broker
    seen = broker if isinstance(broker, list) else []
    checks |= {f"worker {name}": None if name in seen else "not seen" for name in heartbeat.queues()}
    ready = not any(checks.values())
    body = {
        "status": "ready" if ready else "not ready",
        "checks": {name: found or "ok" for name, found in checks.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Rendered without a context: whatever failed may be what a context asks."""
    exception = sys.exc_info()[1]
    if is_unavailable(exception):
        return unavailable(exception)
    return HttpResponse(render_to_string("500.html"), status=500)


def _database() -> None:
    """By a connection of its own: a web thread's may hang on a server that is frozen."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "options", "context"):
        parameters.pop(name, None)
    own = psycopg2.connect(**parameters | {"connect_timeout": 2})
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        own.close()


_asking: dict[str, threading.Thread] = {}


def _within(seconds: float, name: str, ask: Callable[[], Any]) -> Any:
    """What `ask` returns, or in words why not: "away", or "no answer" after so many seconds.

    One question per dependency at a time: while an earlier one still hangs, later ones fail at once.
    """
    answer: list[Any] = []

    def run() -> None:
        try:
            answer.append(ask())
        except (psycopg2.Error, redis.RedisError, OSError) as error:
            logger.warning("not ready", extra={"fields": {"dependency": name, "reason": type(error).__name__}})
            answer.append("away")

    earlier = _asking.get(name)
    if earlier is not None and earlier.is_alive():
        earlier.join(seconds)
        if earlier.is_alive():
            return "no answer"
    thread = _asking[name] = threading.Thread(target=run, name=f"readyz-{name}", daemon=True)
    thread.start()
    thread.join(seconds)
    return answer[0] if answer else "no answer"
