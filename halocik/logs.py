"""Logs: one JSON line per record, with the request's and the user's id, and nothing that is a secret."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")
user_id: ContextVar[int | None] = ContextVar("user_id", default=None)

# PostgreSQL repeats the refused row's values there, a ticket's text among them.
_ROW = re.compile(r"\n(DETAIL|CONTEXT|QUERY|LINE \d+):?.*?(?=\n\S|\Z)", re.DOTALL)
_PUBLIC_PARTS = {"number", "pk", "id", "slug", "app_label", "object_id"}


class JSONFormatter(logging.Formatter):
    """`extra={"fields": {…}}` of a record becomes keys of its line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
            "request": request_id.get() or None,
            "user": user_id.get(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = _ROW.sub("", self.formatException(record.exc_info))
        return json.dumps({key: value for key, value in line.items() if value is not None}, default=str)

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if record.name == "django.request" and isinstance(request, HttpRequest):
            return f"{getattr(record, 'status_code', '')} {request.method} {safe_path(request)}".strip()
        return _ROW.sub("", record.getMessage())


def safe_path(request: HttpRequest) -> str:
    """The path without its query; where it carries a token, the pattern that it matched instead.

    Of what matched none the beginning alone: it may be an address with a token that was typed with a slash too few.
    """
    match = request.resolver_match
    if match is None:
        first, deeper, _rest = request.path.removeprefix(f"/{settings.BASE_PATH}").partition("/")
        return "(no page)" if len(first) > 40 else f"/{settings.BASE_PATH}{first}{deeper and '/…'}"
    return request.path if set(match.kwargs) <= _PUBLIC_PARTS and not match.args else f"/{match.route}"


def config(level: str) -> dict[str, Any]:
    """settings.LOGGING: every record as a JSON line on standard error, from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "halocik.logs.JSONFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # 4xx answers stand in the access log already.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            # Every look and delivery, four times a minute, would be three lines each.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "apprise": {"level": "CRITICAL"},  # their words hold tokens of chat services
            "urllib3": {"level": "ERROR"},
        },
    }
