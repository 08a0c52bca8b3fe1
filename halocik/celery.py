"""The Celery application; its settings stand in settings.py."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from halocik.heartbeat import Heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "halocik.settings")

app = Celery("halocik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Heartbeat)


@setup_logging.connect  # type: ignore[untyped-decorator,unused-ignore]
def _log_as_json(**_: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
