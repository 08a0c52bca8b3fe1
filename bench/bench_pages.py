"""Every page and act over HTTP, beside the floor: how long it takes, and how it grows from 10,000 tickets to very many.

What is compared is asked in turns, so that whatever else the machine does burdens all alike. BENCH_TICKETS is how many
tickets there are (100,000; a million takes some minutes to make), BENCH_ROUNDS how often each page is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

from bench import acts, servers, world
from bench.browser import Browser
from bench.line import Line
from demo.office import PASSWORD

SMALL: Final = 10_000
TICKETS: Final = int(os.environ.get("BENCH_TICKETS") or 100_000)
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS") or 100)
COURSES: Final = 48
WARM: Final = 3
GROWTH: Final = 1.3
FLOOR_LIST, FLOOR_POST = "/things/3/", "/note/"
ROOT: Final = "/halocik/"


@dataclass(frozen=True)
class Page:
    """`bar`: how many times the floor's list its p95 may take, or with `limit` how many milliseconds.

    A page that tells of a whole period may grow with it (`grows`).
    """

    name: str
    who: str
    path: str | Callable[[Site], Iterator[str]]
    bar: float | None = None
    limit: float | None = None
    grows: bool = False


@dataclass
class Site:
    """A running HaloCIK with the browsers of those who look at it."""

    database: str
    port: int
    browsers: dict[str, Browser] = field(default_factory=dict)
    paths: dict[Page, Iterator[str]] = field(default_factory=dict)

    def browser(self, who: str) -> Browser:
        if who not in self.browsers:
            self.browsers[who] = Browser(self.port)
            self.browsers[who].log_in(f"{ROOT}akun/masuk/", who, PASSWORD)
        return self.browsers[who]

    def ask(self, query: str) -> list[str]:
        return world.ask(self.database, query)

    def time(self, page: Page) -> float:
        if page not in self.paths:
            self.paths[page] = cycle([page.path]) if isinstance(page.path, str) else page.path(self)
        return self.browser(page.who).get(ROOT + next(self.paths[page])).milliseconds


def _tickets(condition: str) -> Callable[[Site], Iterator[str]]:
    """A different ticket each time, so that no page profits from the one before."""

    def paths(site: Site) -> Iterator[str]:
        numbers = site.ask(f"SELECT number FROM tickets_ticket WHERE {condition} ORDER BY last_hash LIMIT 200")  # noqa: S608
        return cycle([f"tiket/{number}/" for number in numbers])

    return paths


def _far(site: Site) -> Iterator[str]:
    """Pages somewhere in the middle of all tickets."""
    paths = []
    for state in ("state=all&submitted=1y&sort=oldest", "state=done&sort=oldest"):
        path = f"tiket/?{state}"
        for _ in range(4):
            html = site.browser("admin").get(ROOT + path).text
            link = html.split('rel="next" href="', 1)[1].partition('"')[0].replace("&amp;", "&")
            path = f"tiket/{link}"
            paths.append(path)
    return cycle(paths)


PAGES: Final = (
    Page("home, employee", "pegawai", "", 2),
    Page("home, admin", "admin", "", 2),
    Page("home, technician", "teknisi", "", 2),
    Page("home, supervisor", "pimpinan", "", 2),
    Page("list, first page", "admin", "tiket/", 2),
    Page("list, an employee's own", "pegawai", "tiket/?state=all", 2),
    Page("list, far page", "admin", _far, 2),
    Page("list, filtered", "admin", "tiket/?state=all&category=move&verdict=late", 2),
    Page("list, all by queue order", "admin", "tiket/?state=all&sort=newest", 2),
    Page("search, a common word", "admin", "tiket/?q=internet", 3),
    Page("search, two words", "admin", "tiket/?q=printer+keuangan", 3),
    Page("search, a number", "admin", "tiket/?q=2025-000123", 3),
    Page("search, a name", "admin", "tiket/?q=rani", 3),
    Page("search, an address", "admin", "tiket/?q=10.17.0.23", 3),
    Page("ticket, finished", "admin", _tickets("status = 'done'"), 2),
    Page("ticket, in work", "admin", _tickets("status = 'working'"), 2),
    Page("ticket, in work, its technician", "teknisi", _tickets(
        "status = 'working' AND technician_id = (SELECT id FROM accounts_user WHERE username = 'teknisi')"
        " OR id < 200 AND status = 'done'"), 2),
    Page("ticket, own, employee", "pegawai", _tickets(
        "requester_id = (SELECT id FROM accounts_user WHERE username = 'pegawai')"), 2),
    Page("form of submission", "pegawai", "tiket/baru/"),
    Page("notices", "pegawai", "pemberitahuan/"),
    Page("SOP", "pegawai", "sop/"),
    Page("SOP with what it really took", "pimpinan", "sop/", grows=True),
    Page("board", "admin", "dasbor/papan/"),
    Page("dashboard, a month", "pimpinan", "dasbor/?period=month", limit=300, grows=True),
    Page("dashboard, a year", "pimpinan", "dasbor/?period=year", limit=1000, grows=True),
    Page("technician's figures", "teknisi", "dasbor/saya/", grows=True),
    Page("satisfaction", "pimpinan", "dasbor/kepuasan/", grows=True),
    Page("reports", "pimpinan", "laporan/"),
)  # fmt: skip


def bench() -> Iterator[Line]:
    with ExitStack() as running:
        databases = [world.seeded(TICKETS), world.seeded(SMALL)]
        large, small = (Site(address, running.enter_context(servers.halocik(address))) for address in databases)
        floor = Browser(running.enter_context(servers.floor(world.floor())))
        floor.log_in("/login/", "floor", world.PASSWORD)
        yield from _pages(large, small, floor)
        yield from _acts(large, floor)


def _pages(large: Site, small: Site, floor: Browser) -> Iterator[Line]:
    for page in PAGES:
        for site in (large, small):
            for _ in range(8):
                site.time(page)
        times: dict[str, list[float]] = {"floor": [], "large": [], "small": []}
        for _ in range(ROUNDS):
            times["floor"].append(floor.get(FLOOR_LIST).milliseconds)
            times["large"].append(large.time(page))
            times["small"].append(small.time(page))
        value, yardstick = _p95(times["large"]), _p95(times["floor"])
        growth = _p50(times["large"]) / _p50(times["small"])
        kept, promise = True, "no promise"
        if page.bar is not None:
            kept, promise = value <= page.bar * yardstick, f"at most {page.bar:g} × the floor's list"
        if page.limit is not None:
            kept, promise = value <= page.limit, f"at most {page.limit:g} ms"
        if not page.grows:
            kept = kept and growth <= GROWTH
            promise = f"{promise}, growth at most {GROWTH}" if page.bar else f"growth at most {GROWTH}"
        name = f"{page.name} (p50 {_p50(times['large']):.1f}; floor's {_p50(times['floor']):.1f}; growth {growth:.2f})"
        yield Line(name, value, "ms", yardstick, promise, kept)


def _acts(large: Site, floor: Browser) -> Iterator[Line]:
    """The POSTs of whole courses of tickets, each beside one of the floor's."""
    form = acts.floor_form(floor)
    times: dict[str, list[float]] = {}
    yardsticks: list[float] = []
    for _warmed in acts.courses(large.browser, large.ask, ROOT, range(WARM)):
        floor.post(FLOOR_POST, form)
    for name, milliseconds in acts.courses(large.browser, large.ask, ROOT, range(WARM, WARM + COURSES)):
        times.setdefault(name, []).append(milliseconds)
        yardsticks.append(floor.post(FLOOR_POST, form).milliseconds)
    yardstick = _p95(yardsticks)
    for name, taken in times.items():
        line = f"{name} (p50 {_p50(taken):.1f}; floor's {_p50(yardsticks):.1f}; n {len(taken)})"
        yield Line(line, _p95(taken), "ms", yardstick, "at most 4 × the floor's POST", _p95(taken) <= 4 * yardstick)


def _p50(values: list[float]) -> float:
    return _percentile(values, 50)


def _p95(values: list[float]) -> float:
    return _percentile(values, 95)


def _percentile(values: list[float], percent: int) -> float:
    """The nearest rank."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]
