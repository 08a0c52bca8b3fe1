"""How much a page transfers, with the static files as `make run` serves them: collected, named by content, brotli.

The pages themselves leave the application uncompressed (the reverse proxy compresses them), so their part is what
brotli makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    for path in [*paths, reverse("tickets:create"), reverse("dashboard:sop"), dashboard]:
        context = browser.new_context()
        problems: list[str] = []
        live.listen(context, problems)
        enter(context, office.supervisor if path == dashboard else office.technician)
        page = context.new_page()
        first, later = (weigh(page, collected_server_url + path) for _ in range(2))
        context.close()
        assert sum(first.pop(name) for name in list(first) if name.startswith("chart.umd")) <= CHARTS
        assert not problems, "\n".join(problems)
        assert sum(first.values()) <= FIRST, f"{path} at the first visit: {first}"
        assert sum(later.values()) <= LATER, f"{path} afterwards: {later}"


def weigh(page: Page, url: str) -> dict[str, int]:
    """Bytes over the wire by address, headers and all; files from the browser's own cache weigh nothing."""
    weights: dict[str, int] = {}
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    page.goto(url, wait_until="networkidle")
    page.remove_listener("requestfinished", note)
    for request in finished:
        answer = request.response()
        if answer is None or answer.url.startswith("data:"):
            continue
        sizes = request.sizes()
        body = sizes["responseBodySize"]
        if "text/html" in str(answer.header_value("content-type")):
            body = len(brotli.compress(answer.body(), quality=5))
        else:
            assert body == 0 or answer.header_value("content-encoding") == "br", f"{answer.url} is not compressed"
        weights[answer.url.rpartition("/")[2] or url] = body + (sizes["responseHeadersSize"] if body else 0)
    return weights
