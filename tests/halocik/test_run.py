"""The processes of `make run`, really started and really killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from tests.engines import ROOT

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at /proc")


def address_of_this_database() -> str:
    database = settings.DATABASES["default"]
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    host, port = quote(database["HOST"], safe=""), database["PORT"]
    return f"postgres://{user}:{password}@/{database['NAME']}?host={host}&port={port}"


def marked(mark: str) -> list[int]:
    """Every living process that was started, directly or not, with this mark in its environment."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and mark.encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return found


def readiness(port: int) -> dict[str, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/halocik/readyz", timeout=5) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError:
        return {}
    checks: dict[str, str] = json.loads(body)["checks"]
    return checks


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_all_processes_start_become_ready_and_end_together(committed_db: None, how: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mark = f"HALOCIK_RUN_{uuid.uuid4().hex}"
    environment = os.environ | {
        mark: "1",
        "PORT": str(port),
        "DEMO": "0",
        "BASE_PATH": "halocik/",
        "DATABASE_URL": address_of_this_database(),
        "DJANGO_SETTINGS_MODULE": "halocik.settings",
        "REDIS_URL": settings.REDIS_URL,
    }
    launcher = subprocess.Popen(
        [sys.executable, "-m", "halocik.launch"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 90
        checks: dict[str, str] = {}
        while time.monotonic() < deadline and set(checks.values()) != {"ok"}:
            checks = readiness(port)
            time.sleep(0.2)
        assert set(checks.values()) == {"ok"}, checks
        assert len(marked(mark)) > 10
        launcher.send_signal(how)
        launcher.wait(20)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and marked(mark):
            time.sleep(0.1)
        assert marked(mark) == []
    finally:
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)
        launcher.wait()
