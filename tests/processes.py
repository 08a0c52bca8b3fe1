"""Other processes on the test's own database and Redis: scripts to be killed, real workers, a real beat."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from django.db import connection

from tests.engines import ROOT

_SET_UP: Final = "import django; django.setup()\n"


def environment(**more: str) -> dict[str, str]:
    """What a process needs to meet this test's database (of a `committed_db`) and Redis."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "halocik.settings", **more}


def python(script: str, **more: str) -> subprocess.Popen[str]:
    """A Python process with Django set up; what the script prints can be read from its stdout."""
    command = [sys.executable, "-c", _SET_UP + script]
    return subprocess.Popen(command, cwd=ROOT, env=environment(**more), stdout=subprocess.PIPE, text=True)


@contextmanager
def running(*arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """`celery …` of this project for as long as the block lasts; killed at its end, whatever it is doing."""
    command = [sys.executable, "-m", "celery", "--app", "halocik.celery", "--quiet", "--skip-checks", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), text=True, start_new_session=True)
    try:
        yield process
    finally:
        with_children = os.getpgid(process.pid) if process.poll() is None else None
        if with_children is not None:
            os.killpg(with_children, 9)
        process.wait(timeout=10)


def until(condition: Callable[[], bool], *, seconds: float = 60) -> float:
    """Waits for the condition, for longer than a busy machine needs; returns how many seconds. Raises TimeoutError."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - started


def connections_of_others() -> int:
    """How many other connections there are to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        row = cursor.fetchone()
    return int(row[0])
