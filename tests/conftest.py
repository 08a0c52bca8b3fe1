"""Fixtures of every test: a database per worker, and for tests that commit a fresh clone each."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import engines

# Playwright keeps an event loop in the main thread; the tests' own queries there are meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

hypothesis.settings.register_profile(
    "project",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction")
        if flushes or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(
                f"{item.nodeid}: use the fixture committed_db or live_server_url; triggers refuse flushing."
            )


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Overrides pytest-django's: clones the migrated template for this worker. Yields the clone's name."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        name = engines.install_database(worker)
    yield name
    with django_db_blocker.unblock():
        engines.drop(name)


@pytest.fixture
def committed_db(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The worker's database outside any transaction, for threads, processes and servers; a fresh clone follows."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            engines.clone(django_db_setup)
