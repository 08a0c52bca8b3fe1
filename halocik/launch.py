"""What `make run` calls once everything is installed.

    python -m halocik.launch            the Procfile under honcho, and a word when all of it is ready
    python -m halocik.launch web        the Procfile's web entry: database, migrations, demo data, then gunicorn

Nothing stays behind: every process asks the kernel to end with its parent, also when that is killed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.process import Popen, Process

from halocik import env
from halocik.embedded import end_with_parent

PROJECT = Path(__file__).resolve().parent.parent


# The launcher


class _TiedProcess(Process):
    """honcho's, but the command ends with honcho's process, and that one with honcho."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._child_ctor = _tied_popen

    def run(self, *arguments: Any, **options: Any) -> None:
        end_with_parent(signal.SIGKILL)
        super().run(*arguments, **options)


def _tied_popen(command: str, **options: Any) -> subprocess.Popen[bytes]:
    child: subprocess.Popen[bytes] = Popen(command, preexec_fn=end_with_parent, **options)
    return child


def _processes() -> dict[str, str]:
    """The Procfile's, without engines that DATABASE_URL and REDIS_URL replace."""
    processes: dict[str, str] = parse_procfile((PROJECT / "Procfile").read_text()).processes
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        processes.pop("engines")
    return processes


def _address() -> str:
    port = env.number("PORT", 8000)
    return f"http://127.0.0.1:{port}/{env.url_path('BASE_PATH', 'halocik/')}"


def _refuse_taken_port() -> None:
    port = env.number("PORT", 8000)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise ImproperlyConfigured(
                f"Port {port} is taken or not to be had. End what uses it, or choose another: make run PORT={port + 80}"
            ) from None


def run() -> int:
    """Until Ctrl-C, or until one of the processes ends."""
    _refuse_taken_port()
    address = _address()
    if not env.flag("PRODUCTION"):
        os.environ.setdefault("DEMO", "1")
        os.environ.setdefault("PUBLIC_BASE_URL", address)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["PYTHONUNBUFFERED"] = "1"
    manager = Manager()
    manager._process_ctor = _TiedProcess
    for name, command in _processes().items():
        manager.add_process(name, command, cwd=str(PROJECT))
    announcer = subprocess.Popen(
        [sys.executable, "-m", "halocik.launch", "announce", address],
        cwd=PROJECT,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        manager.loop()
    finally:
        announcer.terminate()
        announcer.wait()
    return 0 if manager.returncode in {130, 143} else int(manager.returncode or 0)


def announce(address: str) -> int:
    """Waits until the application says that it is ready, then says so where nobody overlooks it."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        checks = _readiness(address)
        if checks is not None and all(value == "ok" for value in checks.values()):
            break
        time.sleep(0.25)
    else:
        return 1
    words = f"HaloCIK is ready: {address}    (Ctrl-C ends it)"
    line = "=" * (len(words) + 4)
    print(f"\n{line}\n  {words}\n{line}\n", flush=True)
    return 0


def _readiness(address: str) -> dict[str, str] | None:
    try:
        with urllib.request.urlopen(f"{address}readyz", timeout=5) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError:
        return None
    try:
        checks: dict[str, str] = json.loads(body)["checks"]
    except (ValueError, KeyError):
        return None
    return checks


# The web entry


def web() -> int:
    """Brings the database up to date and becomes gunicorn, in the same process: Django is loaded once."""
    _prepare()
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "--config", "python:halocik.gunicorn", "halocik.wsgi"]
    run()
    return 0


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "halocik.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command, get_commands
    from django.db import connection

    django.setup()
    from demo.guard import refuse_demo_data

    await_database()
    if pending_migrations():
        call_command("migrate", interactive=False, verbosity=1)
    refuse_demo_data()
    if settings.DEMO and "demo" in get_commands() and _is_empty():
        print("Loading demo data, about a minute …", flush=True)
        call_command("demo")
    connection.close()  # a connection must not be inherited by gunicorn's workers


def _is_empty() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model()._default_manager.exists()


def await_database(seconds: float = 90) -> None:
    """Raises ImproperlyConfigured with a sentence when the database does not answer in time."""
    from django.db import OperationalError, connection

    deadline = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > deadline:
                raise ImproperlyConfigured(f"The database does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


def pending_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def main(arguments: list[str]) -> int:
    acts: dict[str, Callable[..., int]] = {"run": run, "web": web, "announce": announce}
    name, *rest = arguments or ["run"]
    try:
        return acts[name](*rest)
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
