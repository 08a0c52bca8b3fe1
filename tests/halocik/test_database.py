"""The tests' own database: clones of one migrated template."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction


@pytest.mark.django_db
def test_the_database_is_migrated() -> None:
    assert Group.objects.filter(name="Pegawai").exists()


def test_a_test_that_commits_sees_other_threads_writes(committed_db: None) -> None:
    def write() -> None:
        with transaction.atomic():
            Group.objects.create(name="from a thread")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert Group.objects.filter(name="from a thread").exists()


def test_a_test_that_commits_leaves_nothing_behind(committed_db: None) -> None:
    assert not Group.objects.filter(name="from a thread").exists()


@pytest.mark.django_db
def test_the_role_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def _timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (timeout,) = cursor.fetchone()
    return str(timeout)


@pytest.mark.django_db
def test_a_migration_may_take_longer_than_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    during: list[str] = []
    usual = _timeout()
    monkeypatch.setattr(Migrate, "handle", lambda *_args, **_options: during.append(_timeout()))
    call_command("migrate", verbosity=0)
    assert during == ["0"]
    assert usual != "0"


@pytest.mark.django_db
def test_after_a_migration_statements_are_limited_again() -> None:
    usual = _timeout()
    call_command("migrate", verbosity=0)
    assert _timeout() == usual
