"""Fixtures of every test: a database per worker, and for tests that commit a fresh clone each."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import hypothesis
import pytest
from django.template.base import Template
from django.template.context import Context
from django.test.signals import template_rendered
from playwright.sync_api import BrowserContext
from pytest_django.plugin import DjangoDbBlocker
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests import browser, engines, live
from tests.forgetting import forget

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    yield
    engines.used(by_all_of_its_module=nextitem is not None and nextitem.path != item.path)


@pytest.fixture(scope="session", autouse=True)
def pages_are_kept_and_not_their_pieces(django_test_environment: None) -> None:
    """`response.context` and `.templates` tell of what a view has rendered.

    Of each template that is included or extended Django would copy the context too: a tenth of a page's time.
    """

    def render(template: Template, context: Context) -> str:
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def nothing_is_settled(django_test_environment: None) -> None:
    """The past of tests is written while they run: no process may keep what it came to."""
    from dashboard.metrics import steps

    steps.SETTLED = timedelta(days=36_500)


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
            forget()


@pytest.fixture
def live_server_url(committed_db: None) -> Iterator[str]:
    """A real server on the worker's database, `http://127.0.0.1:port` without a path. An error in its log fails."""
    with live.serving() as (url, ear):
        yield url
    assert not ear.heard, "the server logged errors:\n" + "\n".join(ear.heard)


# Browser tests: the fixtures of pytest-playwright, in the Chromium of this machine


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = browser.find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: run `python -m tests.browser`")
        pytest.skip("no Chromium: run `python -m tests.browser`")
    return {"executable_path": path, "args": browser.FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "id-ID", "timezone_id": "Asia/Jakarta", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def new_context(new_context: CreateContextCallback) -> Iterator[CreateContextCallback]:
    """pytest-playwright's, whose every context is listened to: `context` and `page` come from it as well."""
    problems: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(15_000)
        live.listen(context, problems)
        return context

    yield cast(CreateContextCallback, make)
    assert not problems, "\n".join(problems)
