"""What the dashboard keeps: screens on the wall, monthly reports."""

from dashboard.models.displays import MOST_DRAWN, Display, hashed, new_token
from dashboard.models.reports import MonthlyReport, ReportFile, ReportMail

__all__ = ["MOST_DRAWN", "Display", "MonthlyReport", "ReportFile", "ReportMail", "hashed", "new_token"]
