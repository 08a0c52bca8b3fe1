"""What stands on a paper, as data for its template: the ticket as it was at the event that the paper tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from accounts.links import public_link
from jobs.papers import Drawing, qr_code
from tickets.documents import words
from tickets.models import ConnectionTest, Document, SopRevision, StepRun, Ticket, TicketAddress, TicketEvent

Stage = TicketAddress.Stage

MARKS: Final = {Document.Kind.TEST: "HTK", Document.Kind.SERVICE: "RL"}
TITLES: Final = {Document.Kind.TEST: "Hasil Tes Koneksi", Document.Kind.SERVICE: "Rekam Layanan"}
_OUTCOMES: Final = {"ok": ("berhasil", "good"), "failed": ("gagal", "late"), "skipped": ("tidak diuji", "hold")}


@dataclass(frozen=True)
class Paper:
    """One document that is being made. `story` are the ticket's tests, ends and finished pieces of work up to it, in
    their order: its number follows from them, however late it is made."""

    event: TicketEvent
    kind: Document.Kind
    number: str
    code: str
    made_at: datetime
    story: list[TicketEvent]

    @property
    def ticket(self) -> Ticket:
        return self.event.ticket

    @property
    def run(self) -> StepRun:
        run = self.event.run
        assert run is not None  # both kinds tell of the end of a run
        return run


def grouped(code: str) -> str:
    """A code as people read it out: four groups of five."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def frame(paper: Paper) -> dict[str, Any]:
    return letterhead(paper.ticket.sop, TITLES[paper.kind], paper.number, paper.code, paper.made_at)


def letterhead(sop: SopRevision, title: str, number: str, code: str, made_at: datetime) -> dict[str, Any]:
    """What every paper carries: letterhead, number, SOP, and the way to the page that verifies it."""
    link = public_link(reverse("tickets:verify", args=[code]))
    return {
        "institution": sop.institution,
        "owner": sop.owner,
        "system": "HaloCIK",
        "title": title,
        "number": number,
        "sop_number": sop.number,
        "sop_revised": words.day(sop.revised_on),
        "sop_title": sop.title,
        "qr": Drawing(qr_code(link)),
        "link": Drawing(link),
        "link_words": Drawing(public_link(reverse("tickets:verify-any")).partition("://")[2].replace("/", "/\u200b")),
        "code_words": Drawing(grouped(code)),
        "made": words.moment(made_at),
    }


def result_of_test(paper: Paper) -> dict[str, Any]:
    """Step 5's output."""
    test = paper.run.connection_test
    return {
        "tone": "good" if test.passed else "late",
        "verdict": "Berhasil" if test.passed else "Gagal",
        "verdict_words": _verdict(test),
        "facts": [*_ticket_facts(paper), *_planned_facts(paper), *_test_facts(paper, test)],
        "checks": [_check(line["name"], line["required"], line["outcome"]) for line in test.own],
        "measured": [_check(line.name, line.required, line.outcome) | {"found": line.found} for line in test.told],
        "measured_words": _measured(test),
        "note": test.note,
    }


def _check(name: str, required: bool, outcome: str) -> dict[str, str]:
    word, tone = _OUTCOMES[outcome]
    return {"name": name, "duty": "wajib" if required else "tambahan", "words": word, "tone": tone}


def _measured(test: ConnectionTest) -> str:
    measurement = test.measurement
    if measurement is None:
        return ""
    return f"Diukur {measurement.browser} di perangkat, {words.moment(measurement.at)}."


def _verdict(test: ConnectionTest) -> str:
    if test.passed:
        return "Semua butir wajib berhasil; perangkat siap diselesaikan pada langkah 6."
    failed = sum(line["outcome"] == "failed" for line in test.results)
    return f"{failed} butir gagal; pekerjaan kembali ke langkah 4 (pelaksanaan)."


def _ticket_facts(paper: Paper) -> list[list[str]]:
    ticket = paper.ticket
    return [
        ["Tiket", ticket.number],
        ["Permintaan", ticket.title],
        ["Pemohon", f"{words.person(ticket.requester)}, {ticket.unit.name}"],
        ["Perangkat", words.device(ticket.device) if ticket.device else ticket.device_text],
    ]


def _planned_facts(paper: Paper) -> list[list[str]]:
    planned = record_at(paper, Stage.PLANNED)
    if planned is None:
        return []
    return [
        ["Alamat IP", planned.address.address, "m"],
        ["Nama PC", planned.name.name, "m"],
        ["Grup jaringan", planned.workgroup.name, "m"],
    ]


def _test_facts(paper: Paper, test: ConnectionTest) -> list[list[str]]:
    return [
        ["Diuji oleh", words.person(test.by)],
        ["Waktu uji", words.moment(test.at)],
        ["Pengujian ke", str(paper.run.attempt)],
    ]


def record_at(paper: Paper, stage: Stage) -> TicketAddress | None:
    """The network record of `stage` that held at the event."""
    links = paper.ticket.addresses.filter(stage=stage, run__lte=paper.run.pk)
    return links.select_related("address", "name", "workgroup").order_by("-pk").first()
