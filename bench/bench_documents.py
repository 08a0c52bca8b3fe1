"""A document from its event to its file, beside an empty document of the same standards: both kinds, rows and all."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts import roles
from accounts.models import Unit, User
from bench.line import Line
from jobs import papers
from network.models import Subnet, Workgroup
from tickets import actions, documents
from tickets.models import CheckItem

TICKETS: Final = 25
PROMISE: Final = 50  # ms
EMPTY: Final = '#set document(title: "Empty")\n#set text(lang: "id")\n#sys.inputs.data\n'
# A Monday without holidays around it.
START: Final = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
DESCRIPTION: Final = "PC baru di ruang rapat; mohon dipasang sebelum rapat pekan depan. " * 4


def bench() -> Iterator[Line]:
    """Leaves the database as it was, and the store of files untouched."""
    kept = settings.MEDIA_ROOT
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.MEDIA_ROOT = Path(folder)
        _tickets()
        filed, taken = _filed()
        empty = _empty(folder)
        yield Line(
            f"each of {filed} documents, from event to file", taken / filed, "ms", empty,
            f"at most {PROMISE} ms on average", taken / filed <= PROMISE,
        )  # fmt: skip
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = kept


def _filed() -> tuple[int, float]:
    """How many documents, and the milliseconds of this process's own time on a core that they took."""
    documents.file_pending(seconds=0.001)  # one, so that the first sight of the fonts is not counted
    started = time.process_time()
    filed = documents.file_pending(seconds=600)
    return filed, (time.process_time() - started) * 1000


def _empty(folder: str) -> float:
    (Path(folder) / "empty.typ").write_text(EMPTY)
    with_templates, papers.FOLDER = papers.FOLDER, Path(folder)  # type: ignore[misc]
    papers.render("empty", {"number": 0}, START)
    started = time.process_time()
    for number in range(2 * TICKETS):
        papers.render("empty", {"number": number}, START)
    taken = (time.process_time() - started) * 1000 / (2 * TICKETS)
    papers.FOLDER = with_templates  # type: ignore[misc]
    return taken


def _tickets() -> None:
    """Finished tickets, each step a minute, one hold each."""
    unit = Unit.objects.create(code="99998", name="BPS Kota Contoh")
    people = {name: User.objects.create(username=f"bench-{name}", full_name=name.title(), unit=unit) for name in _ROLES}
    for name, user in people.items():
        user.set_roles(_ROLES[name])
    cast = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
    Subnet.objects.create(cidr="10.17.0.0/24", name="Kantor", unit=unit, gateway="10.17.0.1")
    group = Workgroup.objects.create(name="BPS1771")
    for number in range(TICKETS):
        _ticket(cast, unit, actions.NetworkRecord(f"10.17.0.{number + 10}", f"PC-{number}", group), number)


_ROLES: Final = {"requester": [], "admin": [roles.ADMIN], "technician": [roles.TECHNICIAN]}


def _ticket(cast: dict[str, User], unit: Unit, record: actions.NetworkRecord, number: int) -> None:
    minutes = iter(START + timedelta(hours=number, minutes=minute) for minute in range(60))
    admin, worker = {"by": cast["admin"]}, {"by": cast["technician"]}
    checks = dict.fromkeys(CheckItem.objects.filter(active=True).values_list("code", flat=True), "ok")
    ticket = actions.submit(
        by=cast["requester"], requester=cast["requester"], category="new", title="Pasang jaringan PC baru",
        description=DESCRIPTION, device_text="PC rakitan", unit=unit, room="R-12", contact="0812", now=next(minutes),
    )  # fmt: skip
    moves: list[tuple[Any, dict[str, Any]]] = [
        (actions.approve, admin | {"priority": 3, "technician": cast["technician"]}),
        (actions.accept, worker),
        (actions.identify, worker | {
            "needs": [actions.NeededItem("Kabel UTP", 2)], "record": record,
            "device": actions.NewDevice("pc", "Rakitan"),
        }),
        (actions.complete_work, worker | {"summary": DESCRIPTION, "materials": [actions.UsedItem("Kabel UTP", 2)]}),
        (actions.pass_test, worker | {"results": checks, "note": "Kecepatan baik."}),
        (actions.finish, worker | {"record": record}),
    ]  # fmt: skip
    for move, given in moves:
        ticket = move(ticket, **given, now=next(minutes))
