"""The monthly report as a workbook: the same figures, to be reckoned with. Text of people is typed as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Final

import xlsxwriter
from django.utils import timezone

from dashboard.reports.content import LateTicket, Told, minutes, standard
from tickets.documents import words

_STEPS: Final = (
    "langkah", "standar", "jumlah", "tepat waktu", "terlambat", "median (detik)", "P90 (detik)", "terlalu cepat",
    "percobaan ulang", "rata-rata bersih (detik)", "rata-rata tertunda (detik)", "rata-rata kotor (detik)",
    "terpotong", "kembali atau gagal",
)  # fmt: skip
_HOLDS: Final = ("alasan", "jumlah", "masih tertunda", "median (detik)", "P90 (detik)")
_LATE: Final = (
    "nomor tiket", "permintaan", "unit kerja", "teknisi", "selesai", "waktu kerja bersih (detik)",
    "standar (menit kerja)", "sebab",
)  # fmt: skip


def write(file: IO[bytes], told: Told) -> None:
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        _sheet(book, "Ringkasan", (told.title, told.period.words), _summary(told))
        _sheet(book, "Langkah", _STEPS, _steps(told))
        _sheet(book, "Penundaan", _HOLDS, ((r.name, r.n, r.open, r.elapsed.median, r.elapsed.p90) for r in told.holds))
        _sheet(book, "Tiket terlambat", _LATE, map(_late, told.late))


def _sheet(book: xlsxwriter.Workbook, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
    sheet.set_column(0, len(header) - 1, 26)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell)
            elif cell is not None:
                sheet.write_string(line, column, str(cell), text)


def _summary(told: Told) -> Iterable[Sequence[object]]:
    report, now = told.report, told.course.now
    yield from (("nomor", report.number), ("dibuat", words.moment(report.made_at)))
    yield from told.facts
    yield from (("tiket selesai", now.on_time.whole), ("tiket tepat waktu", now.on_time.part))
    yield ("median waktu bersih", minutes(told.whole.net.median))


def _steps(told: Told) -> Iterable[Sequence[object]]:
    for step in told.steps:
        spent = step.spent
        yield (
            f"{step.step}. {step.step.label}", standard(step), step.on_time.whole, step.on_time.part, step.on_time.rest,
            step.net.median, step.net.p90, step.too_fast.part if step.too_fast else None, step.again.part,
            spent.each(spent.net), spent.each(spent.held), spent.each(spent.gross), step.cut_off,
            step.outcomes["decline"] + step.outcomes["fail_test"],
        )  # fmt: skip


def _late(ticket: LateTicket) -> Sequence[object]:
    closed = timezone.localtime(ticket.closed_at).strftime("%Y-%m-%d %H:%M:%S")
    return (
        ticket.number, ticket.title, ticket.unit, ticket.technician, closed, ticket.net_seconds, ticket.maximum,
        "; ".join(ticket.reasons),
    )  # fmt: skip
