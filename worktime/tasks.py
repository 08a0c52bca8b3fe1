from celery import shared_task

from worktime import proposals


@shared_task
def propose() -> None:
    """Daily; idempotent, so a second delivery or a second beat does nothing."""
    proposals.propose_holidays()
