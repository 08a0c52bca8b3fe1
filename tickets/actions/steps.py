"""Steps 2 to 6: what the allocated technician does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.prepared import prepared
from accounts.writing import insert
from network.models import Device
from tickets import measuring, sla
from tickets.actions import core, measurements, registry, stock
from tickets.actions.core import Caller
from tickets.models import CheckItem, ConnectionTest, MaterialUse, Measurement, Need, Ticket
from tickets.workflow import Action
from worktime import clock

OUTCOMES: Final = ("ok", "failed", "skipped")

# The requester may reopen until closing time of this many working days after the end.
REOPEN_WORKING_DAYS: Final = 3


@dataclass(frozen=True)
class NeededItem:
    item: str
    quantity: int = 1
    available: bool = True


@dataclass(frozen=True)
class UsedItem:
    item: str
    quantity: int = 1


@transaction.atomic
def accept(ticket: Ticket, **caller: Unpack[Caller]) -> Ticket:
    """SOP step 2."""
    act = core.begin(ticket, Action.ACCEPT, **caller)
    core.leave(act, forward=True)
    core.move(act)
    core.record(act)
    return act.ticket


@transaction.atomic
def decline(ticket: Ticket, *, reason: str, **caller: Unpack[Caller]) -> Ticket:
    """Back to the admin: step 1 opens again with its full standard."""
    act = core.begin(ticket, Action.DECLINE, **caller)
    core.needs(reason=reason)
    core.leave(act)
    act.ticket.technician = None
    core.move(act, "technician")
    core.record(act, text=reason.strip())
    return act.ticket


@transaction.atomic
def identify(
    ticket: Ticket,
    *,
    needs: Sequence[NeededItem],
    device: Device | registry.NewDevice,
    record: registry.NetworkRecord,
    **caller: Unpack[Caller],
) -> Ticket:
    """SOP step 3: what is needed and available; the planned network record is reserved here."""
    act = core.begin(ticket, Action.IDENTIFY, **caller)
    if not needs:
        raise ValidationError({"needs": _("Isi paling sedikit satu kebutuhan.")})
    _countable("needs", needs)
    device_row = registry.device_row(act, device)
    link = registry.plan(act, device_row, record)
    catalogue = stock.named(need.item for need in needs)
    for need in needs:  # a handful; one statement for all of them would be put together anew each time
        row = {"item": need.item.strip(), "quantity": need.quantity, "available": need.available}
        insert(Need(run=act.open_run, equipment=catalogue.get(need.item), **row))
    act.ticket.device = device_row
    core.leave(act, forward=True)
    core.move(act, "device")
    core.record(
        act,
        device=device_row.pk,
        address=link.address_id,
        name=link.name_id,
        workgroup=link.workgroup_id,
        missing=sum(not need.available for need in needs),
    )
    return act.ticket


@transaction.atomic
def complete_work(
    ticket: Ticket,
    *,
    summary: str,
    materials: Sequence[UsedItem] = (),
    **caller: Unpack[Caller],
) -> Ticket:
    """SOP step 4: what was done, and the material it took; what the catalogue knows is booked from its stock."""
    act = core.begin(ticket, Action.COMPLETE_WORK, **caller)
    core.needs(summary=summary)
    _countable("materials", materials)
    catalogue = stock.named(used.item for used in materials)
    uses = [
        insert(
            MaterialUse(
                run=act.open_run, item=used.item.strip(), quantity=used.quantity, equipment=catalogue.get(used.item)
            )
        )
        for used in materials
    ]
    core.leave(act, forward=True)
    core.move(act)
    measurements.lay_link(act)
    stock.book(uses, by=act.by, at=act.at)
    core.record(act, text=summary.strip())
    return act.ticket


@transaction.atomic
def pass_test(ticket: Ticket, *, results: Mapping[str, str], note: str = "", **caller: Unpack[Caller]) -> Ticket:
    """SOP step 5, *Berhasil*: every required check is ok. `results` maps a check's code to its outcome; a line that was
    left out is what the browser on the device says of it. What that measured itself, nobody's word outweighs."""
    act = core.begin(ticket, Action.PASS_TEST, **caller)
    measurement = measurements.newest_measurement(act.open_run)
    lines = _checklist(results, measurement)
    if wrong := {
        str(line["code"]): _("Butir wajib ini belum berhasil.")
        for line in lines
        if line["required"] and line["outcome"] != "ok"
    }:
        raise ValidationError(wrong)
    if measurement and not measurement.passed:
        raise ValidationError([_contradiction(line) for line in measurement.told if line.keeps_from_passing])
    _keep_test(act, lines, note, measurement, passed=True)
    core.leave(act, forward=True)
    core.move(act)
    core.record(act)
    return act.ticket


@transaction.atomic
def fail_test(ticket: Ticket, *, results: Mapping[str, str], note: str = "", **caller: Unpack[Caller]) -> Ticket:
    """SOP step 5, failure: back to step 4 with its full standard."""
    act = core.begin(ticket, Action.FAIL_TEST, **caller)
    measurement = measurements.newest_measurement(act.open_run)
    lines = _checklist(results, measurement)
    failed = [line["code"] for line in lines if line["outcome"] == "failed"]
    if not failed and (measurement is None or measurement.passed):
        raise ValidationError(_("Tandai paling sedikit satu butir yang gagal."))
    _keep_test(act, lines, note, measurement, passed=False)
    core.leave(act)
    core.move(act)
    core.record(act, text=note.strip(), failed=failed)
    return act.ticket


@transaction.atomic
def finish(ticket: Ticket, *, record: registry.NetworkRecord, **caller: Unpack[Caller]) -> Ticket:
    """SOP step 6: IP address, PC name and workgroup are confirmed and become the registry's."""
    act = core.begin(ticket, Action.FINISH, **caller)
    link = registry.confirm(act, record)
    core.leave(act, forward=True)
    _measure(act)
    core.move(act, "net_seconds", "verdict", "reopen_until")
    core.record(
        act,
        device=act.ticket.device_id,
        address=link.address_id,
        name=link.name_id,
        workgroup=link.workgroup_id,
        net_seconds=act.ticket.net_seconds,
        verdict=act.ticket.verdict,
    )
    return act.ticket


def _countable(field: str, things: Sequence[NeededItem] | Sequence[UsedItem]) -> None:
    """Raises ValidationError on `field` unless every line names a thing, and 1 to 1,000 of it."""
    for thing in things:
        core.needs(**{field: thing.item})
        core.fits(120, **{field: thing.item})
        if not 1 <= thing.quantity <= 1000:
            raise ValidationError({field: _("Jumlah antara 1 dan 1.000.")})


def _measure(act: core.Act) -> None:
    """The ticket as a whole, decided anew at each end: net time of all its runs against the sum of the maxima."""
    ticket = act.ticket
    ticket.net_seconds = sum(run.net_seconds or 0 for run in act.runs)
    ticket.verdict = sla.verdict(net=ticket.net_seconds, maximum=ticket.sop.total_maximum, counts=True)
    ticket.reopen_until = clock.closing_after(act.calendar, act.at, REOPEN_WORKING_DAYS)


def _contradiction(line: measuring.Told) -> str:
    return _(
        "Peramban di perangkat mengukur sebaliknya pada “%(name)s”: %(found)s. Perbaiki, lalu ukur lagi di sana."
    ) % {
        "name": line.name,
        "found": line.found,
    }


@prepared
def checklist() -> QuerySet[CheckItem]:
    """The lines of step 5 as they are now."""
    return CheckItem.objects.filter(active=True)


def _checklist(results: Mapping[str, str], measurement: Measurement | None) -> list[dict[str, str | bool]]:
    """Today's checklist with the outcomes given; a line that was left out is what was measured, else skipped."""
    lines: list[dict[str, str | bool]] = []
    measured = measuring.suggestions(measurement.results if measurement else [])
    for item in checklist():
        outcome = results.get(item.code) or measured.get(item.measured, "skipped")
        if outcome not in OUTCOMES:
            raise ValidationError({item.code: _("Pilih berhasil, gagal, atau tidak diuji.")})
        names = {"name": item.name, "name_en": item.name_en}
        lines.append({"code": item.code, **names, "required": item.required, "outcome": outcome})
    return lines


def _keep_test(
    act: core.Act, lines: list[dict[str, str | bool]], note: str, measurement: Measurement | None, *, passed: bool
) -> None:
    core.fits(2000, note=note)
    results = [*lines, *(measurement.results if measurement else [])]
    test = ConnectionTest(
        run=act.open_run, at=act.at, by=act.by, passed=passed, results=results, note=note.strip(),
        measurement=measurement,
    )  # fmt: skip
    insert(test)
