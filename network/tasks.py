"""What Celery calls; each task is harmless when run twice."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ValidationError

from network.actions import reality
from network.models import Subnet

logger = logging.getLogger(__name__)


@shared_task(soft_time_limit=1680, time_limit=1740)
def scan_all() -> None:
    """Asks every subnet that is seen directly, from Monday to Friday at 10, where DAILY_REALITY_CHECK is on."""
    for subnet in Subnet.objects.seen_directly().order_by("cidr") if settings.DAILY_REALITY_CHECK else ():
        try:
            found = reality.scan(subnet, tell=lambda done, total: None)
        except ValidationError as error:
            logger.warning("%s was not scanned to its end: %s", subnet.cidr, " ".join(error.messages))
        else:
            logger.info("%s: %s of %s addresses answered", subnet.cidr, found.answered, found.asked)
