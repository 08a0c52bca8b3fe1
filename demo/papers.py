"""The monthly reports that the demo office's past months left behind, and nobody gets a mail of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery

from dashboard import reports
from dashboard.models import MonthlyReport, ReportMail
from dashboard.periods import Period, Unit
from worktime import clock
from worktime.models import CalendarRevision


def file_reports(now: datetime) -> None:
    """Each as of the first working moment of the month after."""
    calendar = CalendarRevision.objects.current().calendar
    for month in reversed(reports.months_without(now)):
        opening = clock.next_working(calendar, Period.around(month, Unit.MONTH).following.start)
        if opening <= now:
            reports.file_month(month, now=opening)
    made = MonthlyReport.objects.filter(pk=OuterRef("report")).values("made_at")
    ReportMail.objects.filter(sent_at=None).update(sent_at=Subquery(made), next_try_at=None)
