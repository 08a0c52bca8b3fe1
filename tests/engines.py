"""PostgreSQL and Redis of a test run, the migrated template database and its clones.

A run that finds DATABASE_URL and REDIS_URL in its environment uses those. Otherwise the first process of the run
starts engines of its own in a temporary folder; xdist's workers inherit the addresses.
"""

import atexit
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from halocik import embedded

ROOT = Path(__file__).resolve().parent.parent


def ensure() -> None:
    """Sets DATABASE_URL and REDIS_URL where they are missing; the engines end with this process."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _start()
    if worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
        os.environ["REDIS_URL"] = _redis_of(int(worker), os.environ["REDIS_URL"])


def _redis_of(worker: int, address: str) -> str:
    """One of Redis's 16 databases for each of xdist's workers, so that they do not hear each other."""
    number, bare = 1 + worker % 15, address.partition("?")[0]
    if bare.startswith("unix://"):
        return f"{bare}?db={number}"
    return urlsplit(bare)._replace(path=f"/{number}").geturl()


def _folder() -> Path:
    """In memory where there is plenty: a database that is dropped and made anew is hundreds of files."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return memory if roomy else embedded.OUTSIDE


def _start() -> None:
    engines = embedded.Engines(embedded.temporary_place(_folder()))
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:
            engines.stop(patience=0.2)
            shutil.rmtree(engines.place.home, ignore_errors=True)

    atexit.register(stop)
    engines.start()
    os.environ.setdefault("DATABASE_URL", engines.place.database_url)
    os.environ.setdefault("REDIS_URL", engines.place.redis_url)


def install_database(worker: str) -> str:
    """Gives this process a fresh clone of the template as its default database; returns the clone's name."""
    from django.conf import settings
    from django.db import connections

    base = settings.DATABASES["default"]["NAME"]
    with _maintenance() as cursor:
        template = _template(cursor, base)
    name = f"test_{base}_{worker}"
    connections["default"].close()
    settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
    os.environ["TEST_TEMPLATE"] = template
    clone(name)
    return name


def clone(name: str) -> None:
    """Replaces the database `name` by a fresh clone of the template, whoever is connected to it."""
    from django.db import connections

    global _tests_since_clone
    _tests_since_clone = 0
    connections["default"].close()
    with _maintenance() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{os.environ["TEST_TEMPLATE"]}" STRATEGY FILE_COPY')


def used(*, by_all_of_its_module: bool) -> None:
    """After each test: rows that were rolled back stay in the tables, where every query meets them."""
    from django.conf import settings

    global _tests_since_clone
    _tests_since_clone += 1
    if by_all_of_its_module and _tests_since_clone > 100 and "TEST_TEMPLATE" in os.environ:
        clone(settings.DATABASES["default"]["NAME"])


def drop(name: str) -> None:
    from django.db import connections

    connections["default"].close()
    with _maintenance() as cursor:
        _drop(cursor, name)


def _drop(cursor: Any, name: str) -> None:
    """An autovacuum worker in the database is not ours to end (it runs as superuser): wait until it has gone."""
    import psycopg2.errors

    for _attempt in range(50):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except psycopg2.errors.InsufficientPrivilege:
            time.sleep(0.1)
    raise TimeoutError(f"The database {name} is still in use after 5 s.")


def _template(cursor: Any, base: str) -> str:
    """Makes the migrated template unless one of this very source is there; one process at a time, others wait."""
    prefix = f"test_{base}_template_"
    wanted = prefix + _source_hash()
    cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        present = {row[0] for row in cursor.fetchall()}
        if wanted in present:
            return wanted
        for stale in present:
            cursor.execute(f'DROP DATABASE IF EXISTS "{stale}" WITH (FORCE)')
        unfinished = f"{prefix}unfinished"
        cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0')
        _migrate(unfinished)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{wanted}"')
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return wanted


_LOCK = 7_420_310
_tests_since_clone = 0


def _migrate(name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


# What migrations, and the permissions made after them, are built from.
_SCHEMA = {"migrations", "models", "roles", "validators", "fields", "constraints", "settings"}


def _source_hash() -> str:
    """Of everything that the schema and its first rows are made from; other code may change without a new template."""
    digest = hashlib.sha256()
    apps = ("accounts", "jobs", "worktime", "network", "tickets", "dashboard", "demo", "halocik")
    files = [path.relative_to(ROOT) for app in apps for path in (ROOT / app).rglob("*.py")]
    made_from = [path for path in files if _SCHEMA & {path.stem, *path.parts}]
    for path in sorted([*made_from, Path("requirements.txt")]):
        digest.update(str(path).encode() + b"\0" + (ROOT / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@contextmanager
def _maintenance() -> Iterator[Any]:
    """A cursor outside any test's database and transaction; DDL of databases cannot run inside one."""
    import psycopg2
    from django.conf import settings

    address = settings.DATABASES["default"]
    for database in ("postgres", "template1"):
        try:
            connection = psycopg2.connect(
                host=address["HOST"] or None,
                port=address["PORT"] or None,
                user=address["USER"] or None,
                password=address["PASSWORD"] or None,
                dbname=database,
                connect_timeout=5,
            )
            break
        except psycopg2.OperationalError:
            if database == "template1":
                raise
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
