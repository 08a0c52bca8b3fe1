"""What every process starts with: the Celery application, so that tasks know their broker, and a quick way to ask for
the language."""

import threading

from django.apps import AppConfig
from django.utils.translation import trans_real


class HaloCIKConfig(AppConfig):
    name = "halocik"

    def ready(self) -> None:
        import halocik.celery  # noqa: F401

        # Django keeps the language where coroutines find it too; there are none here, and a page asks 200 times.
        trans_real._active = threading.local()  # type: ignore[attr-defined]
