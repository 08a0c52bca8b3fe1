"""What Celery calls; each task is harmless when run twice."""

from celery import shared_task

from accounts import limits
from jobs import running


@shared_task(soft_time_limit=1680, time_limit=1740)
def work() -> None:
    """Runs one job. Rung when one is started; every 15 seconds in case a ring was lost or a worker died."""
    running.run_next()


@shared_task
def remove_old() -> None:
    """Nightly."""
    running.remove_old()
    limits.forget_old()
