"""The monthly report: when it is made, what it says, who gets it, and that it stays."""

from __future__ import annotations

import io
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from dashboard import reports
from dashboard.models import MonthlyReport, ReportFile, ReportMail
from jobs import files
from jobs.running import run_next
from tests.tickets.factories import Office, make_office, wib
from tests.tickets.snapshot import execute
from tickets.integrity import violations

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
OPENING = wib("2026-11-02 07:30")  # 1 November is a Sunday


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office() -> Office:
    office = make_office()
    User.objects.filter(pk=office.supervisor.pk).update(email="pimpinan@example.org")
    return office


@pytest.fixture
def october(office: Office) -> Office:
    """One ticket in time, one that took 40 minutes a step after a failed test and a pause, one rejected."""
    office.ticket_in("done")
    ticket = office.submit(title="Jaringan <ruang> rapat *mati*")
    for action in ("approve", "accept", "identify", "hold", "resume", "complete_work", "fail_test", "complete_work"):
        office.wait(minutes=40)
        ticket = office.do(action, ticket)
    for action in ("pass_test", "finish"):
        office.wait(minutes=1)
        ticket = office.do(action, ticket)
    office.do("reject", office.submit())
    return office


def pdf_text(report: MonthlyReport) -> str:
    file = report.files.get(format="pdf")
    pages = PdfReader(io.BytesIO(files.path_of(file.name).read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def sheets(report: MonthlyReport) -> Any:
    file = report.files.get(format="xlsx")
    return openpyxl.load_workbook(io.BytesIO(files.path_of(file.name).read_bytes()))


@pytest.mark.parametrize(
    ("moment", "due"),
    [("2026-10-31 12:00", False), ("2026-11-01 12:00", False), ("2026-11-02 07:29", False), ("2026-11-02 07:30", True),
     ("2026-11-20 09:00", True)],
)  # fmt: skip
def test_a_report_is_due_from_the_first_working_day_of_the_next_month(october: Office, moment: str, due: bool) -> None:
    assert (reports.file_due(wib(moment)) is not None) is due


def test_a_month_is_reported_once_however_often_it_is_asked_for(october: Office) -> None:
    first = reports.file_due(OPENING)
    assert first is not None
    assert reports.file_due(OPENING) is None
    assert reports.file_month(OCTOBER) == first
    assert ReportMail.objects.count() == 1


def test_without_any_ticket_nothing_is_reported(office: Office) -> None:
    assert reports.file_due(OPENING) is None


def test_the_paper_says_what_the_month_was_like(october: Office) -> None:
    report = reports.file_month(OCTOBER, now=OPENING)
    text = pdf_text(report)
    for said in (
        "Laporan Kepatuhan SOP-053/17000/2025", "LK/2026/10", "Bulan Oktober 2026",
        "1 dari 2 tiket (50 %) selesai dalam waktu baku", "Jumlahnya sedikit",
        "Tiket diajukan 3", "Lulus uji pada percobaan pertama 50 % (1 dari 2)", "Ditolak, dibatalkan 1, 0",
        "Jaringan <ruang> rapat *mati*", "Uji ke-1 gagal", "menunggu perangkat/material",
        "Kepala BPS Provinsi Bengkulu", "Ir. Win Rizal, M.E.", "Keaslian dokumen",
    ):  # fmt: skip
        assert said in text, said


def test_the_paper_is_dated_by_the_offices_day(october: Office) -> None:
    report = reports.file_month(OCTOBER, now=wib("2026-11-05 06:00").astimezone(UTC))  # in London it is still the 4th
    assert "4 November 2026" not in pdf_text(report)


def test_the_workbook_has_the_same_figures_as_numbers(october: Office) -> None:
    book = sheets(reports.file_month(OCTOBER, now=OPENING))
    assert book.sheetnames == ["Ringkasan", "Langkah", "Penundaan", "Tiket terlambat"]
    header, *steps = book["Langkah"].iter_rows(values_only=True)
    fifth = dict(zip(header, steps[4], strict=True))
    assert (fifth["jumlah"], fifth["kembali atau gagal"], fifth["percobaan ulang"]) == (3, 1, 1)
    late = list(book["Tiket terlambat"].iter_rows(values_only=True))
    assert len(late) == 2
    assert late[1][1] == "Jaringan <ruang> rapat *mati*"


def test_each_supervisor_gets_it_once_by_mail_with_the_paper(october: Office) -> None:
    report = reports.file_month(OCTOBER, now=OPENING)
    assert (reports.send_pending(), reports.send_pending()) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["pimpinan@example.org"]
    assert "Oktober 2026" in letter.subject
    assert [name for name, _content, _kind in letter.attachments] == [report.files.get(format="pdf").label]


def test_a_mail_server_that_is_down_delays_the_report_and_loses_none(
    october: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.file_month(OCTOBER, now=OPENING)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        assert reports.send_pending() == 0
    waiting = ReportMail.objects.get()
    assert (waiting.sent_at, waiting.error, waiting.attempts) == (None, "away", 1)
    ReportMail.objects.update(next_try_at=OPENING)
    assert reports.send_pending() == 1


def _refuse(*_: Any) -> None:
    raise ConnectionRefusedError("away")


def test_a_mail_that_is_given_up_says_why_even_where_the_error_has_no_words(
    october: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.file_month(OCTOBER, now=OPENING)
    monkeypatch.setattr("dashboard.reports.sending.MOST_ATTEMPTS", 1)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _run_out_of_time)
    assert reports.send_pending() == 0
    given_up = ReportMail.objects.get()
    assert (given_up.next_try_at, given_up.error) == (None, "TimeoutError")


def _run_out_of_time(*_: Any) -> None:
    raise TimeoutError


def test_who_is_no_supervisor_any_more_gets_none(october: Office) -> None:
    reports.file_month(OCTOBER, now=OPENING)
    october.supervisor.groups.clear()
    assert reports.send_pending() == 0
    assert ReportMail.objects.get().next_try_at is None


def test_its_code_is_verified_like_any_documents(october: Office) -> None:
    report = reports.file_month(OCTOBER, now=OPENING)
    text = Client().get(reverse("tickets:verify", args=[report.code])).content.decode()
    assert "Asli dan berlaku" in text
    assert report.number in text
    assert Client().get(reverse("tickets:verify", args=["x" * 20])).status_code == 404


def test_reports_cannot_be_changed_or_taken_away(october: Office) -> None:
    reports.file_month(OCTOBER, now=OPENING)
    for table in ("dashboard_monthlyreport", "dashboard_reportfile"):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            execute(f"DELETE FROM {table}")


def test_a_damaged_report_is_found(october: Office) -> None:
    report = reports.file_month(OCTOBER, now=OPENING)
    assert list(violations()) == []
    files.path_of(report.files.get(format="pdf").name).write_bytes(b"%PDF-1.7 something else")
    assert len(list(violations())) == 1


# The page


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pages(october: Office) -> Client:
    return client_of(october.supervisor)


def test_reports_are_listed_and_downloaded(pages: Client) -> None:
    report = reports.file_month(OCTOBER, now=OPENING)
    text = pages.get(reverse("dashboard:reports")).content.decode()
    assert "Oktober 2026" in text
    for file in ReportFile.objects.filter(report=report):
        answer: Any = pages.get(file.get_absolute_url())
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file.label}"'
        assert len(answer.getvalue()) == file.size


@pytest.mark.parametrize(
    "address", ["2026-11.pdf", "2026-10.doc", "2026-13.pdf", "x.pdf", "0000-00.xlsx", "%00.pdf", "2026-10.%00"]
)
def test_what_was_never_made_is_missing(pages: Client, address: str) -> None:
    reports.file_month(OCTOBER, now=OPENING)
    assert pages.get(f"{reverse('dashboard:reports')}{address}").status_code == 404


def test_the_report_of_a_past_month_is_made_on_request(pages: Client) -> None:
    text = pages.get(reverse("dashboard:reports")).content.decode()
    assert "2026-10-01" in text
    pages.post(reverse("dashboard:report-make"), {"month": "2026-10-01"})
    assert run_next() is not None
    assert MonthlyReport.objects.get().month == OCTOBER


@pytest.mark.parametrize("month", ["2099-01-01", "", "x", "2026-10-02"])
def test_a_month_that_has_nothing_to_report_is_refused(pages: Client, month: str) -> None:
    assert pages.post(reverse("dashboard:report-make"), {"month": month}).status_code == 422
    assert run_next() is None


def test_a_new_report_stands_on_the_supervisors_home_for_two_weeks(
    pages: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reports.file_month(OCTOBER)
    assert pages.get(reverse("dashboard:home")).context["report"] == report
    monkeypatch.setattr("dashboard.home.NEWS", timedelta(seconds=-1))  # time counts in whole seconds
    assert pages.get(reverse("dashboard:home")).context["report"] is None
