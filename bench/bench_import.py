"""20,000 devices from an XLSX file, looked at and stored by a worker's own process; beside their bare bulk INSERTs.

Seconds are a core's, of the worker and of its database process, which work in turns: those of the clock where a machine
does nothing else.
"""

from __future__ import annotations

import ipaddress
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from accounts import roles
from accounts.models import Unit, User
from bench.line import Line
from jobs import tables, work
from jobs.instants import database_now
from jobs.models import Job
from network.imports.columns import COLUMNS
from network.imports.work import IMPORT, PREVIEW
from network.models import Device, IPAssignment, NameAssignment, Subnet, Workgroup

ROWS: Final = 20_000
SECONDS: Final = 60
MEGABYTES: Final = 300
NETWORK: Final = "10.40.0.0/16"
_FIRST: Final = ipaddress.ip_address("10.40.1.0")
_WORKER: Final = """
import resource, sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from bench.bench_import import core_seconds
from jobs import running
started = core_seconds()
running.run_next()
print(core_seconds() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def bench() -> Iterator[Line]:
    """Leaves the rows in the database, which is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = Path(folder)
        by, unit, group, subnet = _office()
        bare = _bare(by, unit, group, subnet)
        for name, shift, room in (
            ("new", 0, "R-1"),
            ("changed in room and address", 1, "R-2"),
            ("unchanged", 1, "R-2"),
        ):
            seconds, memory = _imported(by, _file(by, shift, room))
            yield Line(
                f"{ROWS:,} {name} devices, preview and import", seconds, "s", bare,
                f"at most {SECONDS} s", seconds <= SECONDS,
            )  # fmt: skip
            yield Line("   its memory at most", memory, "MB", None, f"at most {MEGABYTES} MB", memory <= MEGABYTES)


def core_seconds() -> float:
    """What this process and its database process have computed so far."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _office() -> tuple[User, Unit, Workgroup, Subnet]:
    unit = Unit.objects.create(code="99997", name="BPS Kabupaten Contoh")
    by = User.objects.create(username="bench-import", full_name="Bench", unit=unit)
    by.set_roles([roles.ADMIN])
    subnet = Subnet.objects.create(cidr=NETWORK, name="Kantor", unit=unit, gateway="10.40.0.1")
    return by, unit, Workgroup.objects.create(name="BENCH"), subnet


def _address(number: int, shift: int) -> str:
    """Shifted by one row each: every device takes the address of the next one."""
    return str(_FIRST + number + shift)


def _mac(number: int) -> str:
    digits = f"{number:06X}"
    return f"3C:52:82:{digits[:2]}:{digits[2:4]}:{digits[4:]}"


def _file(by: User, shift: int, room: str) -> SimpleUploadedFile:
    def rows() -> Iterator[list[str]]:
        for number in range(ROWS):
            yield [
                "", f"PC-{number}", _address(number, shift), "BENCH", "PC", "Rakitan Intel i5", f"3100102001-{number}",
                _mac(number), by.username, "99997", room,
            ]  # fmt: skip

    with tempfile.TemporaryFile() as stream:
        tables.write_xlsx(stream, COLUMNS, rows())
        stream.seek(0)
        return SimpleUploadedFile("perangkat.xlsx", stream.read())


def _imported(by: User, file: SimpleUploadedFile) -> tuple[float, float]:
    """Seconds of preview and import together, and the larger of their two peaks in megabytes."""
    preview = work.start(PREVIEW, by=by, upload=file)
    seconds, memory = _worker()
    preview.refresh_from_db()
    assert preview.state == Job.State.DONE and not preview.result["counts"]["error"], preview.message
    params = {"preview": preview.pk, "sha256": preview.result["sha256"], "skip": False}
    job = work.start(IMPORT, by=by, params=params)
    more, peak = _worker()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    return seconds + more, max(memory, peak)


def _worker() -> tuple[float, float]:
    command = [sys.executable, "-c", _WORKER, str(settings.MEDIA_ROOT)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, memory = printed.split()
    return float(seconds), float(memory)


def _bare(by: User, unit: Unit, group: Workgroup, subnet: Subnet) -> float:
    """The same rows by bulk_create alone, triggers and constraints and all; undone."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    started = core_seconds()
    with transaction.atomic():
        now = database_now()
        devices = Device.objects.bulk_create(
            (
                Device(
                    kind="pc", brand_model="Rakitan Intel i5", asset_number=f"3100102001-{number}", mac=_mac(number),
                    owner=by, unit=unit, room="R-1", workgroup=group, pc_name=f"PC-{number}", registered_at=now,
                )
                for number in range(ROWS)
            ),
            batch_size=1000,
        )  # fmt: skip
        active = {"state": "active", "activated_at": now, "activated_by": by}
        IPAssignment.objects.bulk_create(
            (IPAssignment(device=device, subnet=subnet, address=_address(number, 0), **active)
             for number, device in enumerate(devices)),
            batch_size=1000,
        )  # fmt: skip
        NameAssignment.objects.bulk_create(
            (NameAssignment(device=device, name=device.pc_name, **active) for device in devices), batch_size=1000
        )
        seconds = core_seconds() - started
        transaction.set_rollback(True)
    return seconds
