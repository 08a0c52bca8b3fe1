"""Real servers to measure: gunicorn with two workers, everything as in production but for HTTPS."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_GUNICORN: Final = [sys.executable, "-m", "gunicorn", "--config", "python:halocik.gunicorn"]


@contextmanager
def halocik(database: str) -> Iterator[int]:
    """HaloCIK on that database; yields its port."""
    with _running("halocik.wsgi", database, "/halocik/healthz") as port:
        yield port


@contextmanager
def floor(database: str) -> Iterator[int]:
    """The floor, served just so."""
    with _running("bench.floor.wsgi", database, "/") as port:
        yield port


@contextmanager
def _running(application: str, database: str, health: str) -> Iterator[int]:
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": database, "PORT": str(port), "WEB_WORKERS": "2", "LOG_LEVEL": "WARNING", "DEBUG": "0",
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    server = subprocess.Popen([*_GUNICORN, application], env=environment, stderr=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}{health}", server)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _await(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"The server of {address} did not start.")
