"""Where a sentence waits for the next page: in a signed cookie of the browser, so no act writes its session too."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponseBase

NAME: Final = settings.SESSION_COOKIE_NAME.replace("session", "toasts")


class ToastStorage(CookieStorage):
    """Django's, with the name, the path and the rules of the session's cookie."""

    cookie_name = NAME

    def _update_cookie(self, encoded_data: str | None, response: HttpResponseBase) -> None:
        rules: dict[str, Any] = {
            "path": settings.SESSION_COOKIE_PATH,
            "domain": settings.SESSION_COOKIE_DOMAIN,
            "samesite": settings.SESSION_COOKIE_SAMESITE,
        }
        if not encoded_data:
            response.delete_cookie(NAME, **rules)
            return
        response.set_cookie(NAME, encoded_data, secure=settings.SESSION_COOKIE_SECURE, httponly=True, **rules)
