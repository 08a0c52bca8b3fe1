"""Exports of all tickets and of all steps: what memory they take beyond that of a process which exports nothing.

BENCH_TICKETS is how many tickets there are (100,000; the promise is for a million).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from bench import world
from bench.bench_pages import TICKETS
from bench.line import Line

MOST: Final = 150  # MB

# A process of its own each: what one took, the next would have for nothing.
_EXPORT: Final = """
import json, resource, sys, tempfile, time, django
django.setup()
from django.db import transaction
from dashboard import exports
from dashboard.exports import Format, What
from tickets.models import Ticket

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

what, format = What(sys.argv[1]), Format(sys.argv[2])
write, _type = exports.WRITERS[format]
header = [column.title for column in exports.COLUMNS[what]]
with tempfile.TemporaryFile() as file, transaction.atomic():
    write(file, header, exports.rows(what, Ticket.objects.none()))
base, started, count = peak(), time.monotonic(), 0

def counted(rows):
    global count
    for row in rows:
        count += 1
        yield row

with tempfile.TemporaryFile() as file, transaction.atomic():
    write(file, header, counted(exports.rows(what, Ticket.objects.order_by("pk"))))
    size = file.seek(0, 2)
told = {"base": base, "more": peak() - base, "seconds": time.monotonic() - started, "rows": count, "size": size}
print(json.dumps(told))
"""


def bench() -> Iterator[Line]:
    database = world.seeded(TICKETS)
    for what in ("tickets", "steps"):
        for format in ("csv", "xlsx"):
            told = _told(database, what, format)
            name = (
                f"{what} as {format}: {told['rows']:,.0f} rows, {told['size'] / 1024**2:,.0f} MB, "
                f"{told['seconds']:,.0f} s; memory over {told['base']:.0f} MB"
            )
            yield Line(name, told["more"], "MB", None, f"at most {MOST} MB more", told["more"] <= MOST)


def _told(database: str, what: str, format: str) -> dict[str, float]:
    environment = os.environ | {
        "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "halocik.settings", "STATEMENT_TIMEOUT_MS": "0",
    }  # fmt: skip
    command = [sys.executable, "-c", _EXPORT, what, format]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told
