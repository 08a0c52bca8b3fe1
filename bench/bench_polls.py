"""The polls of open pages while nothing changes, beside an answer that is always the same: same middleware and run."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, path, reverse

from accounts import roles
from accounts.models import Unit, User
from bench.line import Line
from halocik import urls
from tickets import actions

TICKETS: Final = 300  # of one person
ROUNDS: Final = 150
PROMISE: Final = 2
QUERIES: Final = 3  # session, person, and one for everything else
BASELINE: Final = "/bench/"


def _constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


# This module is the benchmark's ROOT_URLCONF.
urlpatterns: list[URLPattern | URLResolver] = [path(BASELINE.removeprefix("/"), _constant), *urls.urlpatterns]
_PLAIN: Final = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def bench() -> Iterator[Line]:
    logging.disable(logging.INFO)
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], STORAGES=settings.STORAGES | _PLAIN):
        number = _fill()
        for username, who in (("bench-employee", "employee"), ("bench-technician", "technician")):
            client = Client()
            client.force_login(User.objects.get(username=username))
            for name, args in (("tickets:detail", [number]), ("tickets:list", []), ("dashboard:home", [])):
                page = reverse(name, args=args)
                yield _line(client, f"poll of {name.partition(':')[2]}, {who}", page, _poll_of(client, page))
    logging.disable(logging.NOTSET)


def _fill() -> str:
    unit = Unit.objects.create(code="99998", name="Unit")
    employee = User.objects.create(username="bench-employee", full_name="Bench", unit=unit)
    User.objects.create(username="bench-technician", full_name="Bench", unit=unit).set_roles([roles.TECHNICIAN])
    for _ in range(TICKETS):
        ticket = actions.submit(
            by=employee, requester=employee, category="fault", title="Internet mati", description="",
            device_text="PC", unit=unit, room="R-1", contact="0812",
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return str(ticket.number)


def _poll_of(client: Client, page: str) -> str:
    """The address that the page's script asks."""
    html = client.get(page).content.decode()
    region = html[html.index('id="main"') :]
    address, version = (_attribute(region, name) for name in ("data-live", "data-version"))
    bell = _attribute(html[html.index('id="bell"') :], "data-version")
    return f"{address}{'&' if '?' in address else '?'}v={version}&b={bell}"


def _attribute(html: str, name: str) -> str:
    return html.split(f'{name}="', 1)[1].partition('"')[0]


def _line(client: Client, name: str, page: str, poll: str) -> Line:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(poll).status_code == 204, page
    assert len(captured) == QUERIES, [query["sql"] for query in captured.captured_queries]
    polls, constants = [], []
    for _ in range(ROUNDS):  # in turns, so that whatever else the machine does burdens both
        polls.append(_timed(client, poll))
        constants.append(_timed(client, BASELINE))
    value, yardstick = statistics.median(polls), statistics.median(constants)
    promise = f"at most {PROMISE} × an answer that is always the same"
    return Line(name, value, "ms", yardstick, promise, value <= PROMISE * yardstick)


def _timed(client: Client, address: str) -> float:
    started = time.perf_counter()
    response = client.get(address)
    taken = (time.perf_counter() - started) * 1000
    assert response.status_code == 204
    return taken
