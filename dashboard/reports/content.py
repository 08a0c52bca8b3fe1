"""What a monthly report says: the figures of `dashboard.metrics`, in the office's words, Indonesian."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import number_format

from dashboard.metrics import (
    Closings,
    Course,
    ReasonFigures,
    Scope,
    Share,
    StepFigures,
    Submitted,
    WholeFigures,
    course,
    of_reasons,
    of_steps,
    of_tickets,
    submitted,
)
from dashboard.models import MonthlyReport
from dashboard.periods import Period
from tickets import documents
from tickets.documents import words
from tickets.models import Hold, StepRun, Ticket
from tickets.sla import MINUTE, Verdict
from tickets.workflow import Action, Status, Step

#: Late tickets that the paper lists; the workbook lists all.
LISTED: Final = 60


@dataclass(frozen=True)
class LateTicket:
    """A ticket that took longer than the SOP as a whole, and why, as far as its history tells."""

    number: str
    title: str
    unit: str
    technician: str
    closed_at: datetime
    net_seconds: int
    maximum: int  # working minutes
    reasons: list[str]


@dataclass(frozen=True)
class Told:
    """Everything that paper and workbook say."""

    report: MonthlyReport
    period: Period
    steps: list[StepFigures]
    whole: WholeFigures
    course: Course
    submitted: Submitted
    holds: list[ReasonFigures]
    late: list[LateTicket]

    @property
    def title(self) -> str:
        return f"Laporan Kepatuhan {self.report.sop.number}"

    @property
    def paper(self) -> dict[str, Any]:
        """The data of templates/documents/report.typ."""
        report = self.report
        head = documents.letterhead(report.sop, self.title, report.number, report.code, report.made_at)
        return head | {
            "signed": True,
            "month": f"Bulan {self.period.words}",
            "headline": _headline(self.course),
            "tone": "good" if self.course.now.on_time.rest == 0 else "",
            "comparison": _comparison(self.course),
            "facts": self.facts,
            "steps": [_step_row(step) for step in self.steps],
            "spent": [_spent_row(step) for step in self.steps],
            "holds": [_hold_row(reason) for reason in self.holds],
            "late": [_late_row(ticket) for ticket in self.late[:LISTED]],
            "late_more": max(0, len(self.late) - LISTED),
            "place": report.sop.institution,
            "day": words.day(timezone.localdate(report.made_at)),
            "approver": [report.sop.approver_position, report.sop.approver_name, f"NIP {report.sop.approver_nip}"],
        }

    @property
    def facts(self) -> list[list[str]]:
        now, test = self.course.now, self.steps[Step.TEST - 1]
        return [
            ["Tiket diajukan", number(self.submitted.n)],
            ["Tiket selesai", number(now.on_time.whole)],
            ["Selesai tepat waktu", share(now.on_time)],
            ["Waktu kerja bersih per tiket", _median_and_p90(self.whole.net.median, self.whole.net.p90)],
            ["Dari diajukan sampai selesai", _median_and_p90(self.whole.gross.median, self.whole.gross.p90)],
            ["Lulus uji pada percobaan pertama", share(test.first_tests)],
            ["Dikembalikan teknisi", number(self.steps[Step.ACCEPTANCE - 1].outcomes[Action.DECLINE])],
            ["Ditolak, dibatalkan", f"{number(now.rejected)}, {number(now.cancelled)}"],
            ["Dibuka lagi", number(now.reopened)],
        ]


def of_month(report: MonthlyReport, period: Period) -> Told:
    scope = Scope(period)
    return Told(
        report=report,
        period=period,
        steps=of_steps(scope),
        whole=of_tickets(scope),
        course=course(scope),
        submitted=submitted(scope),
        holds=of_reasons(scope),
        late=list(_late(scope)),
    )


def number(value: int) -> str:
    return number_format(value, force_grouping=True)


def share(told: Share) -> str:
    """ "95 % (19 dari 20)"; a dash where there is nothing to share."""
    if told.percent is None:
        return "–"
    return f"{told.percent} % ({number(told.part)} dari {number(told.whole)})"


def minutes(seconds: int | None) -> str:
    if not seconds:
        return "–" if seconds is None else "0 menit"
    return words.span(seconds)


def standard(step: StepFigures) -> str:
    """ "10–60 menit"; several where the month saw more than one revision."""
    told = (f"{one.minimum}–{one.maximum}" if one.minimum < one.maximum else str(one.maximum) for one in step.standards)
    return " / ".join(told) + " menit" if step.standards else "–"


def _median_and_p90(median: int | None, p90: int | None) -> str:
    return "–" if median is None else f"median {minutes(median)}, P90 {minutes(p90)}"


def _headline(course: Course) -> str:
    now = course.now.on_time
    if not now.whole:
        return "Tidak ada tiket yang selesai pada bulan ini."
    told = f"{number(now.part)} dari {number(now.whole)} tiket ({now.percent} %) selesai dalam waktu baku seluruh SOP."
    return f"{told} Jumlahnya sedikit; persentasenya belum banyak berarti." if now.is_small else told


def _comparison(course: Course) -> str:
    earlier: Closings = course.earlier
    return f"Bulan sebelumnya, {earlier.period.words}: {share(earlier.on_time)}."


def _step_row(step: StepFigures) -> list[str]:
    return [
        f"{step.step}. {step.step.label}",
        standard(step),
        number(step.on_time.whole),
        "–" if step.on_time.percent is None else f"{step.on_time.percent} %",
        number(step.on_time.rest),
        minutes(step.net.median),
        minutes(step.net.p90),
        "–" if step.too_fast is None else number(step.too_fast.part),
    ]


def _spent_row(step: StepFigures) -> list[str]:
    spent = step.spent
    return [
        f"{step.step}. {step.step.label}",
        number(step.again.part),
        minutes(spent.each(spent.net)),
        minutes(spent.each(spent.held)),
        minutes(spent.each(spent.gross)),
        number(step.cut_off),
    ]


def _hold_row(reason: ReasonFigures) -> list[str]:
    lasting = f"{number(reason.open)} masih tertunda" if reason.open else ""
    return [reason.name, number(reason.n), minutes(reason.elapsed.median), minutes(reason.elapsed.p90), lasting]


def _late_row(ticket: LateTicket) -> dict[str, str]:
    return {
        "number": ticket.number,
        "title": ticket.title,
        "who": f"{ticket.unit} · {ticket.technician}",
        "closed": words.short_moment(ticket.closed_at),
        "used": words.span(ticket.net_seconds),
        "over": words.span(ticket.net_seconds - ticket.maximum * MINUTE),
        "reasons": "\n".join(ticket.reasons),
    }


def _late(scope: Scope) -> Iterator[LateTicket]:
    period = scope.period
    late = scope.tickets.filter(
        status=Status.DONE, verdict=Verdict.LATE, closed_at__gte=period.start, closed_at__lt=period.end
    )
    holds = Prefetch("holds", Hold.objects.select_related("reason"))
    runs = Prefetch("runs", StepRun.objects.prefetch_related(holds).order_by("pk"))
    together = late.select_related("unit", "technician", "sop").defer("search").order_by("closed_at", "pk")
    for ticket in together.prefetch_related(runs, "sop__steps").iterator(chunk_size=500):
        assert ticket.closed_at is not None and ticket.net_seconds is not None  # done
        yield LateTicket(
            ticket.number,
            ticket.title,
            ticket.unit.name,
            str(ticket.technician),
            ticket.closed_at,
            ticket.net_seconds,
            ticket.sop.total_maximum,
            list(_reasons(ticket)),
        )


def _reasons(ticket: Ticket) -> Iterator[str]:
    """Steps over their standard, steps done again, pauses with what was said."""
    for run in ticket.runs.all():
        again = f" (ke-{run.attempt})" if run.attempt > 1 else ""
        if run.verdict == Verdict.LATE:
            yield f"Langkah {run.step}{again}: {words.span(run.net_seconds or 0)}, standar {words.standard(run)}"
        if run.outcome == Action.FAIL_TEST:
            yield f"Uji ke-{run.attempt} gagal"
        for hold in run.holds.all():
            note = f": {hold.note}" if hold.note else ""
            yield f"Ditunda pada langkah {run.step}{again}, {hold.reason.name.lower()}{note}"
