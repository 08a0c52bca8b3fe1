"""What Celery calls; each task is harmless when run twice."""

from celery import shared_task

from jobs import doorbell
from tickets import actions, documents, notify


@shared_task
def look() -> None:
    """Finds what has become due: thresholds of open runs, and holds to look at again."""
    if actions.flag_overdue() + actions.remind_of_holds():
        doorbell.ring(deliver.name, queue="outbox")


@shared_task
def deliver() -> None:
    """Tells what has happened. Rung after every event; every minute in case a ring was lost."""
    notify.deliver()


@shared_task
def file_documents() -> None:
    """Makes the documents that events call for. Rung after such an event; every minute in case a ring was lost."""
    documents.file_pending()
