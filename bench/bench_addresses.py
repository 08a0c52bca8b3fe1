"""The next free address under concurrency: eight at once in a subnet with thousands of addresses, beside eight who know
which address is theirs and only write it down. Everybody gets one, no two the same.

They ask in a closed loop, which is the worst case: of eight who are proposed one address, seven are told that it has
gone, and are proposed the next. In a database of its own: what is done here is committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from bench import world
from bench.line import Line

TAKEN: Final = 10_000
EACH: Final = 40

# A process of its own, whose threads all have connections to that database.
_RACE: Final = """
import json, sys, threading, time, django
django.setup()
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from accounts.models import Unit
from network import actions
from network.models import Device, IPAssignment, Subnet, Workgroup
from network.proposals import next_free

taken, each, threads = int(sys.argv[1]), int(sys.argv[2]), 8
unit = Unit.objects.create(code="99999", name="BPS Contoh")
group = actions.save_workgroup(Workgroup(name="CONTOH"), by=None)

def subnet_of(cidr):
    return actions.save_subnet(Subnet(cidr=cidr, name=cidr, unit=unit), exclusions=[], by=None)

def fill(subnet):
    now = timezone.now()
    holders = Device.objects.bulk_create(
        Device(kind="pc", unit=unit, room="R", registered_at=now) for _ in range(taken)
    )
    first = subnet.cidr.network_address + 1
    IPAssignment.objects.bulk_create(
        IPAssignment(device=holder, subnet=subnet, address=str(first + n), state="active", activated_at=now)
        for n, holder in enumerate(holders)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE network_ipassignment")

def devices():
    make = lambda: actions.register_device(kind="pc", owner=None, unit=unit, room="R", by=None)
    return [[make() for _ in range(each)] for _ in range(threads)]

def race(work):
    lots, start, failed = devices(), threading.Barrier(threads + 1), []
    def run(who):
        connection.ensure_connection()
        start.wait()
        try:
            for number, device in enumerate(lots[who]):
                work(who, number, device)
        except BaseException as error:
            failed.append(repr(error))
        connection.close()
    runners = [threading.Thread(target=run, args=(who,)) for who in range(threads)]
    for runner in runners: runner.start()
    start.wait()
    began = time.monotonic()
    for runner in runners: runner.join()
    assert not failed, failed
    return (time.monotonic() - began) * 1000 / (threads * each)

first, second = subnet_of("10.40.0.0/16"), subnet_of("10.41.0.0/16")
fill(first)

def write(who, number, device):
    address = f"10.41.{200 + who}.{number + 1}"
    actions.reserve(device, address=address, pc_name=f"B-{who}-{number}", workgroup=group, by=None)

lost = [0] * threads
def take(who, number, device):
    while True:
        try:
            actions.reserve(device, address=next_free(first), pc_name=f"A-{who}-{number}", workgroup=group, by=None)
        except ValidationError:
            lost[who] += 1
        else:
            return

bare = race(write)
taking = race(take)
got = list(IPAssignment.objects.filter(subnet=first, state="reserved").values_list("address", flat=True))
told = {"bare": bare, "taking": taking, "lost": sum(lost), "got": len(got), "different": len(set(got))}
print(json.dumps(told))
"""


def bench() -> Iterator[Line]:
    told = _told()
    whole = told["got"] == told["different"] == 8 * EACH
    name = (
        f"next free address of {TAKEN:,} taken ones, eight at once: {told['different']:.0f} of {8 * EACH} got one of "
        f"their own, {told['lost']:.0f} times somebody else was first"
    )
    yield Line(name, told["taking"], "ms", told["bare"], "all different, nobody in vain", bool(whole))


def _told() -> dict[str, float]:
    database = world.emptied("bench_addresses")
    environment = os.environ | {
        "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "halocik.settings", "STATEMENT_TIMEOUT_MS": "0",
    }  # fmt: skip
    command = [sys.executable, "-c", _RACE, str(TAKEN), str(EACH)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told
