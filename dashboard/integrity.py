"""What must hold of reports, and who knows them by their code."""

from __future__ import annotations

from typing import Final

from dashboard.models import MonthlyReport, ReportFile
from tickets import documents
from tickets import integrity as house

INVARIANTS: Final = {
    "a report has a PDF and a workbook, and was made after its month": """
        SELECT r.number FROM dashboard_monthlyreport r
        WHERE (SELECT count(*) FROM dashboard_reportfile f WHERE f.report_id = r.id) <> 2
            OR r.made_at < ((r.month + interval '1 month')::timestamp AT TIME ZONE 'Asia/Jakarta')
    """,
    "a report's mail is under way, sent, or given up with its error": """
        SELECT 'mail ' || m.id FROM dashboard_reportmail m
        WHERE m.next_try_at IS NULL AND m.sent_at IS NULL AND m.error = ''
    """,
}


def genuine(code: str) -> documents.Genuine | None:
    """A monthly report, to the page that verifies documents."""
    file = (
        ReportFile.objects.filter(report__code=code, format=ReportFile.Format.PDF).select_related("report__sop").first()
    )
    if file is None:
        return None
    report = file.report
    kind = MonthlyReport._meta.verbose_name
    return documents.Genuine(str(kind), report.number, report.made_at, report.sop, file.sha256, file.label)


def register() -> None:
    """Called when the application starts: the rooms below know nothing of this one."""
    house.INVARIANTS.update(INVARIANTS)
    house.KEPT.append(ReportFile)
    documents.FINDERS.append(genuine)
