"""What Celery calls; each task is harmless when run twice."""

from celery import shared_task

from dashboard import reports


@shared_task
def file_reports() -> None:
    """Files the report of the month before once it is due, and sends what has to be sent."""
    reports.file_due()
    reports.send_pending()
