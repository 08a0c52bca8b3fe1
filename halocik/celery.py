"""The Celery application; its settings stand in settings.py."""

import logging.config
import os
import time
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]
from celery.signals import setup_logging, worker_init

from halocik.heartbeat import Heartbeat
from halocik.unstick import Unstick

# As root, `make run` serves a developer; deploy/ runs workers as a user of their own.
warnings.filterwarnings("ignore", category=SecurityWarning)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "halocik.settings")

app = Celery("halocik")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # for every thread: the application that was made last is current in its own thread only
app.steps["worker"].update({Heartbeat, Unstick})


@setup_logging.connect
def _log_as_json(**_: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def _wait_for_migrations(**_: Any) -> None:
    """A worker that starts beside the migration would fail its first tasks on tables that are not there yet."""
    from django.db import OperationalError, connection

    from halocik.launch import pending_migrations

    while True:
        try:
            if not pending_migrations():
                break
        except OperationalError:
            pass
        connection.close()
        time.sleep(0.5)
    connection.close()
