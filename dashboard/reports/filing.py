"""When a report is due, and filing it: once a month, whoever asks how often."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import IO, Any, Final

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone, translation

from accounts.models import User
from dashboard.models import MonthlyReport, ReportFile, ReportMail
from dashboard.periods import Period, Unit
from dashboard.reports import content, workbook
from jobs import files, papers
from jobs.instants import database_now
from tickets import documents
from tickets.models import SopRevision, Ticket
from worktime import clock
from worktime.models import CalendarRevision

_LOCK: Final = 7_420_311
Format = ReportFile.Format


def file_due(now: datetime | None = None) -> MonthlyReport | None:
    """The report of the month before, once the first working day of this month has begun; None where none is due."""
    now = now or database_now()
    this_month = Period.around(timezone.localdate(now), Unit.MONTH)
    opening = clock.next_working(CalendarRevision.objects.current().calendar, this_month.start)
    month = this_month.previous.first
    if now < opening or month not in months_without(now):
        return None
    return file_month(month, now=now)


def months_without(now: datetime) -> list[date]:
    """The first days of the months that are over, saw the helpdesk at work and have no report; the latest first."""
    began = Ticket.objects.aggregate(began=Min("submitted_at"))["began"]
    if began is None:
        return []
    present = set(MonthlyReport.objects.values_list("month", flat=True))
    month = Period.around(timezone.localdate(now), Unit.MONTH).previous
    found = []
    while month.end > began:
        if month.first not in present:
            found.append(month.first)
        month = month.previous
    return found


def file_month(month: date, *, now: datetime | None = None) -> MonthlyReport:
    """The report of a month that is over, made unless it is there already; one worker at a time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        present = MonthlyReport.objects.filter(month=month).first()
        return present or _file(month, now or database_now())


def _file(month: date, now: datetime) -> MonthlyReport:
    period = Period.around(month, Unit.MONTH)
    report = MonthlyReport(
        month=month,
        number=f"LK/{month:%Y}/{month:%m}",
        code=documents.new_code(),
        made_at=now,
        sop=SopRevision.objects.in_force(period.end - timedelta(seconds=1)),
    )
    with translation.override("id"):
        told = content.of_month(report, period)
        pdf = papers.render("report", told.paper, now)
        report.save(force_insert=True)
        _keep(report, Format.PDF, lambda file: file.write(pdf))
        _keep(report, Format.XLSX, lambda file: workbook.write(file, told))
    ReportMail.objects.bulk_create(
        ReportMail(report=report, recipient=person, next_try_at=now) for person in _supervisors() if person.email
    )
    return report


def _keep(report: MonthlyReport, format: Format, write: Callable[[IO[bytes]], Any]) -> None:
    name = uuid.uuid4()
    with files.writing(name) as file:
        write(file)
    size, sha256 = files.measured(name)
    ReportFile.objects.create(report=report, format=format, name=name, size=size, sha256=sha256)


def _supervisors() -> list[User]:
    """Who sees the office's figures without being an admin."""
    admins = User.objects.holding("tickets.manage_tickets").values("pk")
    return list(User.objects.holding("tickets.view_figures").exclude(pk__in=admins))
