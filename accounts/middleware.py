"""Language of the page, and the duties an account has before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGE_COOKIE = "halocik_language"


def chosen_language(request: HttpRequest) -> str:
    """The signed-in user's language, else the cookie's, else Indonesian. The browser's own wish is not asked."""
    known = {code for code, _name in settings.LANGUAGES}
    try:
        language = getattr(request.user, "language", "")
    except DatabaseError:  # pages that need no database still answer while it is away
        language = ""
    for code in (language, request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if code in known:
            return str(code)
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Stands after AuthenticationMiddleware, which it asks for the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
