"""The databases that pages are measured on: seeded ones of two sizes, and the floor's million rows."""

# ruff: noqa: S608  # names are this module's own
from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

FLOOR_ROWS: Final = 1_000_000
PASSWORD: Final = "floor-password"  # noqa: S105  # of the floor's only person

_THINGS: Final = f"""
    INSERT INTO floor_thing (number, title, place, state, weight, made_at, due_at)
    SELECT 'T-' || lpad(n::text, 8, '0'), 'Something that somebody asked for, number ' || n, 'Place ' || n % 700,
        n % 6, n % 4, now() - n * interval '1 minute', CASE WHEN n % 3 > 0 THEN now() + n * interval '1 minute' END
    FROM generate_series(1, {FLOOR_ROWS}) n"""


def seeded(tickets: int) -> str:
    """The address of a database with so many tickets, made where it is not there yet: BENCH_SEEDED names one."""
    if (given := os.environ.get("BENCH_SEEDED")) and tickets == int(os.environ.get("BENCH_TICKETS") or 0):
        return given
    address, is_new = _database(f"bench_{tickets}")
    if is_new:
        _run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], address)
        _run([sys.executable, "manage.py", "seed", "--tickets", str(tickets)], address)
        ask(address, "VACUUM ANALYZE")
    return address


def emptied(name: str) -> str:
    """The address of a migrated database of that name without rows, whatever it held before."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    address, _is_new = _database(name)
    _run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], address)
    return address


def floor() -> str:
    address, is_new = _database("bench_floor")
    if is_new:
        django = [sys.executable, "-m", "django"]
        _run([*django, "migrate", "--verbosity", "0"], address, DJANGO_SETTINGS_MODULE="bench.floor.settings")
        words = {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        _run([*django, "createsuperuser", "--no-input", "--username", "floor", "--email", ""], address, **words)
        ask(address, _THINGS)
        ask(address, "VACUUM ANALYZE")
    return address


def ask(address: str, query: str, *values: Any) -> list[Any]:
    """The first column of the answer."""
    with_database = psycopg2.connect(address)
    with_database.autocommit = True
    with with_database.cursor() as cursor:
        cursor.execute(query, values or None)
        rows = [row[0] for row in cursor.fetchall()] if cursor.description else []
    with_database.close()
    return rows


def _database(name: str) -> tuple[str, bool]:
    """A further database of the same engine, and whether it was made just now."""
    address = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
        is_new = not cursor.fetchone()[0]
        if is_new:
            cursor.execute(f"CREATE DATABASE {name}")
    return urlunsplit(address._replace(path=f"/{name}")), is_new


def _run(command: list[str], database: str, **environment: str) -> None:
    subprocess.run(command, env=os.environ | {"DATABASE_URL": database} | environment, check=True)
