"""Loads the Celery application with Django, so that every process's tasks know their broker."""

from django.apps import AppConfig


class HaloCIKConfig(AppConfig):
    name = "halocik"

    def ready(self) -> None:
        import halocik.celery  # noqa: F401
