"""Language of the page, and the duties an account has before anything else."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from accounts.adapter import must_use_mfa
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


def chosen_language(request: HttpRequest) -> str:
    """The signed-in user's language, else the cookie's, else Indonesian. The browser's own wish is not asked."""
    try:
        language = getattr(request.user, "language", "")
    except DatabaseError:  # pages that need no database still answer while it is away
        language = ""
    for code in (language, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if code in User.Language:
            return str(code)
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Stands after AuthenticationMiddleware, which it asks for the user."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class DutiesMiddleware:
    """Leads a user whose password must change, or who must set up MFA, to that page before any other."""

    ALLOWED = frozenset(
        {
            "account_logout",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "accounts:language",
            "accounts:theme",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_reauthenticate",
        }
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user if getattr(view, "login_required", True) else None
        match = request.resolver_match
        if not isinstance(user, User) or (match and match.view_name in self.ALLOWED):
            return None
        if user.must_change_password:
            return _lead(request, "account_change_password")
        if must_use_mfa(user) and not is_mfa_enabled(user):
            return _lead(request, "mfa_activate_totp")
        return None


def _lead(request: HttpRequest, name: str) -> HttpResponse:
    """A redirect; for htmx one of the whole page, which would else swap that page into a part of this one."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": reverse(name)})
    return redirect(name)
