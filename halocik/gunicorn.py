"""How gunicorn serves the application: `gunicorn --config python:halocik.gunicorn halocik.wsgi`."""

import gc
import os
from typing import Any

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True  # Django is loaded once; nothing is connected before the workers are forked
timeout = 90  # seconds; longer than the longest export
graceful_timeout = 4
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# Headers of a proxy are read by Django alone (TRUSTED_PROXIES); gunicorn must not act on them.
forwarded_allow_ips = ""
control_socket_disable = True
accesslog = None  # halocik.middleware writes it
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "halocik.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {
            "handlers": ["stderr"],
            "level": os.environ.get("WEB_LOG_LEVEL") or "WARNING",
            "propagate": False,
        },
        "gunicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}


def post_fork(server: Any, worker: Any) -> None:
    """A process of the web server keeps its connections for all of its threads."""
    from halocik.postgresql.base import idle

    idle.open()


def when_ready(server: Any) -> None:
    """What has been loaded lives as long as the workers: looking through it for garbage again and again would cost each
    page some milliseconds now and then, and the workers the memory that they share."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # a page makes some ten thousand objects, nearly none in circles
