"""The monthly report: filed by itself on the first working day of the next month, and sent to the supervisors."""

from dashboard.reports.filing import file_due, file_month, months_without
from dashboard.reports.sending import send_pending

__all__ = ["file_due", "file_month", "months_without", "send_pending"]
