"""How much a page transfers, with the static files as `make run` serves them: collected, named by content, brotli.

The pages themselves leave the application uncompressed (the reverse proxy compresses them), so their part is what
brotli makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import brotli
import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request
from pytest_django import Settings

from tests import live
from tests.e2e.people import enter
from tests.e2e.tours import furnish
from tests.tickets.factories import Office
from tickets.workflow import Status

pytestmark = pytest.mark.e2e

FIRST, LATER, CHARTS = 150_000, 30_000, 75_000  # bytes


@pytest.fixture
def collected_server_url(tmp_path: Path, settings: Settings, committed_db: None) -> Iterator[str]:
    """A live server whose static files are those that `collectstatic` makes for production."""
    settings.STATIC_ROOT = tmp_path
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = configured.STORAGES | {"staticfiles": {"BACKEND": storage}}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    with live.serving() as (url, ear):
        yield url
    assert not ear.heard, "\n".join(ear.heard)


def test_a_page_is_light(office: Office, collected_server_url: str, browser: Browser) -> None:
    number = furnish(office).tickets[Status.TESTING].number
    paths = [reverse("dashboard:home"), reverse("tickets:list"), reverse("tickets:detail", args=[number])]
    dashboard = reverse("dashboard:sla")
    pages: dict[str, Page] = {}
    problems: list[str] = []
    for path in [*paths, reverse("tickets:create"), reverse("dashboard:sop"), dashboard]:
        context = browser.new_context()
        live.listen(context, problems)
        enter(context, office.supervisor if path == dashboard else office.technician)
        pages[path] = context.new_page()
    first, later = (weigh(pages, collected_server_url) for _ in range(2))
    for page in pages.values():
        page.context.close()
    assert not problems, "\n".join(problems)
    for path in pages:
        charts = [name for name in first[path] if name.startswith("chart.umd")]
        assert sum(first[path].pop(name) for name in charts) <= CHARTS
        assert sum(first[path].values()) <= FIRST, f"{path} at the first visit: {first[path]}"
        assert sum(later[path].values()) <= LATER, f"{path} afterwards: {later[path]}"


def weigh(pages: dict[str, Page], server: str) -> dict[str, dict[str, int]]:
    """Each path's bytes over the wire by address, headers and all; the pages come to rest beside each other."""
    with ExitStack() as listening:
        finished = {path: listening.enter_context(noting(page)) for path, page in pages.items()}
        for path, page in pages.items():
            page.goto(server + path)
        for page in pages.values():
            page.wait_for_load_state("networkidle")
    return {path: dict(map(weight, filter(sent, finished[path]))) for path in pages}


@contextmanager
def noting(page: Page) -> Iterator[list[Request]]:
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    yield finished
    page.remove_listener("requestfinished", note)


def sent(request: Request) -> bool:
    answer = request.response()
    return answer is not None and not answer.url.startswith("data:")


def weight(request: Request) -> tuple[str, int]:
    """Files from the browser's own cache weigh nothing."""
    answer, sizes = request.response(), request.sizes()
    assert answer is not None
    body = sizes["responseBodySize"]
    if "text/html" in str(answer.header_value("content-type")):
        body = len(brotli.compress(answer.body(), quality=5))
    else:
        assert body == 0 or answer.header_value("content-encoding") == "br", f"{answer.url} is not compressed"
    return answer.url.rpartition("/")[2] or answer.url, body + (sizes["responseHeadersSize"] if body else 0)
