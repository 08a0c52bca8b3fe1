"""The record of service: the whole ticket up to its end, on one paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from tickets import sla
from tickets.documents import words
from tickets.documents.content import MARKS, Paper, Stage, record_at
from tickets.models import Document, Hold, StepRun, TicketAddress
from tickets.workflow import Action


def record_of_service(paper: Paper) -> dict[str, Any]:
    ticket, event = paper.ticket, paper.event
    runs = _runs(paper)
    verdict = sla.Verdict(event.data["verdict"])
    return {
        "tone": words.TONES[verdict],
        "facts": _facts(paper),
        "description": ticket.description,
        "steps": [_step(run) for run in runs],
        "total": (
            f"Seluruhnya {words.span(event.data['net_seconds'])} waktu kerja dari standar "
            f"{words.span(ticket.sop.total_maximum * 60)}: {words.VERDICTS[verdict]}."
        ),
        "record": list(_record(paper)),
        "items": list(_items(runs)),
        "work": "\n\n".join(_reports(paper)),
        "tests": list(_tests(paper)),
        "confirmation": (
            f"Alamat IP, nama PC, dan grup jaringan dikonfirmasi bersama pemohon; tiket dinyatakan selesai oleh "
            f"{words.person(event.by)} pada {words.moment(event.at)}."
        ),
    }


def _runs(paper: Paper) -> list[StepRun]:
    runs = paper.ticket.runs.filter(pk__lte=paper.run.pk).select_related("technician", "ended_by")
    holds = Prefetch("holds", Hold.objects.select_related("reason"))
    return list(runs.prefetch_related(holds, "needs", "materials").order_by("started_at", "pk"))


def _facts(paper: Paper) -> list[list[str]]:
    ticket = paper.ticket
    return [
        ["Tiket", ticket.number],
        ["Permintaan", ticket.title],
        ["Kategori", ticket.get_category_display()],
        ["Prioritas", ticket.get_priority_display()],
        ["Pemohon", words.person(ticket.requester)],
        ["Unit kerja", ticket.unit.name],
        ["Ruang", ticket.room],
        ["Teknisi", words.person(paper.run.technician)],
        ["Perangkat", words.device(ticket.device) if ticket.device else ticket.device_text],
        ["Diajukan", words.moment(ticket.submitted_at)],
        ["Selesai", words.moment(paper.event.at)],
    ]


def _step(run: StepRun) -> dict[str, Any]:
    again = f", ke-{run.attempt}" if run.attempt > 1 else ""
    assert run.ended_at is not None and run.net_seconds is not None  # no run outlasts the end of its ticket
    return {
        "name": f"{run.step}. {run.get_step_display()}{again}",
        "actor": str(run.ended_by or run.technician or ""),
        "pauses": [_pause(hold) for hold in run.holds.all()],
        "started": words.short_moment(run.started_at),
        "ended": words.short_moment(run.ended_at),
        "standard": words.standard(run),
        "used": words.span(run.net_seconds),
        "verdict": words.VERDICTS[sla.Verdict(run.verdict)],
        "tone": words.TONES[sla.Verdict(run.verdict)],
    }


def _pause(hold: Hold) -> str:
    since, until = (words.short_moment(at).replace("\n", " ") for at in (hold.started_at, hold.ended_at) if at)
    return f"Ditunda {since} – {until}: {hold.reason.name.lower()}"


def _record(paper: Paper) -> Iterator[list[str]]:
    """Each part before the ticket was submitted, and as it was confirmed."""
    after = record_at(paper, Stage.RECORDED)
    device, since = paper.ticket.device, paper.ticket.submitted_at
    address = device.addresses.active_at(since).order_by("-pk").first() if device else None
    name = device.names.active_at(since).order_by("-pk").first() if device else None
    group = _group_beside(paper, name) if name else ""
    yield ["Alamat IP", str(address or ""), after.address.address if after else ""]
    yield ["Nama PC", str(name or ""), after.name.name if after else ""]
    yield ["Grup jaringan", group, after.workgroup.name if after else ""]


def _group_beside(paper: Paper, name: Any) -> str:
    """The workgroup that an earlier ticket recorded beside this name."""
    links = TicketAddress.objects.filter(name=name, stage=Stage.RECORDED).exclude(ticket=paper.ticket)
    earlier = links.select_related("workgroup").order_by("-pk").first()
    return earlier.workgroup.name if earlier else ""


def _items(runs: list[StepRun]) -> Iterator[list[str]]:
    """What the newest identification needed, then what the work used."""
    needs = next((found for run in reversed(runs) if (found := list(run.needs.all()))), [])
    for need in needs:
        yield [need.item, str(need.quantity), "tersedia" if need.available else "belum tersedia"]
    for run in runs:
        for used in run.materials.all():
            yield [used.item, str(used.quantity), "terpakai"]


def _reports(paper: Paper) -> Iterator[str]:
    return (event.text.body for event in paper.story if event.kind == Action.COMPLETE_WORK and event.text)


def _tests(paper: Paper) -> Iterator[dict[str, str]]:
    tests = [event for event in paper.story if event.kind in (Action.PASS_TEST, Action.FAIL_TEST)]
    for place, event in enumerate(tests, 1):
        passed = event.kind == Action.PASS_TEST
        yield {
            "number": f"{paper.ticket.number}/{MARKS[Document.Kind.TEST]}-{place}",
            "at": words.moment(event.at),
            "words": "berhasil" if passed else "gagal",
            "tone": "good" if passed else "late",
        }
