"""What Celery calls; each task is harmless when run twice."""

from celery import shared_task

from tickets import actions


@shared_task(queue="clock")
def look() -> None:
    """Finds what has become due: thresholds of open runs, and holds to look at again."""
    actions.flag_overdue()
    actions.remind_of_holds()
