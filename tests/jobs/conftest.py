"""Kinds of long work for tests alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from jobs import kinds, running, work
from jobs.models import Job
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    before = dict(kinds.KINDS)
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory()


@pytest.fixture
def worked(owner: User) -> Callable[..., Job]:
    """Starts a job of the function and lets a worker take it."""

    def at(run: kinds.Run, **options: Any) -> Job:
        work.kind("test", label="Uji", **options)(run)
        started = work.start("test", by=owner)
        assert running.run_next() == started
        return Job.objects.get(pk=started.pk)

    return at
