"""The demo office's monthly reports."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import reports
from dashboard.models import MonthlyReport, ReportMail
from demo.papers import file_reports
from tests.tickets.factories import make_office, wib


@pytest.mark.django_db
def test_past_months_have_their_reports_and_no_mail_waits(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    office = make_office(now=wib("2026-08-31 09:00"))
    office.supervisor.email = "pimpinan@example.org"
    office.supervisor.save(update_fields=["email"])
    office.ticket_in("done")
    file_reports(wib("2026-11-01 09:00"))  # a Sunday: October's is not due yet
    made = dict(MonthlyReport.objects.values_list("month", "made_at"))
    assert made == {date(2026, 8, 1): wib("2026-09-01 07:30"), date(2026, 9, 1): wib("2026-10-01 07:30")}
    assert ReportMail.objects.count() == 2
    assert reports.send_pending() == 0
