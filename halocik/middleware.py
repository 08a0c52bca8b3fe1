"""What every request gets: an id and a log line, no copy in any cache, and a fitting answer when something fails."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import pghistory.runtime
from django.conf import settings
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string, select_template
from django.utils.cache import patch_vary_headers
from pghistory.middleware import HistoryMiddleware

from accounts.network_address import client_address
from accounts.prepared import UNTRACKED
from halocik import logs
from tickets.workflow import WorkflowError

access_log = logging.getLogger("halocik.access")
error_log = logging.getLogger("halocik.errors")

GetResponse = Callable[[HttpRequest], HttpResponseBase]

RETRY_AFTER = 10  # seconds
# Asked every few seconds by machines, or many times in a row by one measurement.
_FREQUENT = {"healthz", "readyz", "measure-answer", "measure-download", "measure-upload"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestMiddleware:
    """Gives the request its id (a trusted proxy's, else a new one) and writes the access log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        identifier = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        id_token, user_token = logs.request_id.set(identifier), logs.user_id.set(None)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = identifier
            self._write(request, response, started)
        finally:
            logs.request_id.reset(id_token)
            logs.user_id.reset(user_token)
        return response

    def _write(self, request: HttpRequest, response: HttpResponseBase, started: float) -> None:
        match = request.resolver_match
        if request.path.startswith(settings.STATIC_URL) or (match and match.url_name in _FREQUENT):
            return
        # Django keeps the user there once something has asked for them; asking here would cost a query.
        user = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method,
            "path": logs.safe_path(request),
            "status": response.status_code,
            "ms": round((time.monotonic() - started) * 1000),
            "client": client_address(request),
            "user": getattr(user, "pk", None),
        }
        access_log.info("request", extra={"fields": fields})


class NoStoreMiddleware:
    """No answer but static files may be kept by a browser or proxy: it is one person's view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["HX-Request"])
        return response


class LegibleMiddleware:
    """Cookies with a NUL count as absent: PostgreSQL refuses one in the look-up of a session.

    A quoted cookie can spell it, and a neighbour on the same host can set one, so the person is not locked out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class LoginMiddleware(LoginRequiredMiddleware):
    """Every view needs a log-in unless it says otherwise.

    An htmx request without a session gets 401 and no redirect: the page stays as it is, and log-in opens beside it.
    """

    def handle_no_permission(  # type: ignore[override]  # declared to redirect always
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        user = getattr(request, "user", None)
        if request.headers.get("HX-Request") == "true" and not getattr(user, "is_authenticated", False):
            response = HttpResponse(status=401)
            response.headers["X-Login"] = resolve_url(settings.LOGIN_URL)
            return response
        return super().handle_no_permission(request, view_func)


# pghistory tells the database before each statement whose it is, but for those that it knows to change nothing.
pghistory.runtime.IGNORED_SQL_PREFIXES += (f"execute {UNTRACKED}", "savepoint", "release")  # type: ignore[assignment]  # it may be longer


class TrailMiddleware(HistoryMiddleware):
    """Beside each change of a tracked row stands who made it, on which page, and from which address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_context(request), "origin": client_address(request)}


class ErrorMiddleware:
    """Turns what a view raised into the answer of the error table: WorkflowError 409, engines away or busy 503.

    Failures outside of views (a session that cannot be read) reach `halocik.views.server_error` instead.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        logs.user_id.set(getattr(getattr(request, "_cached_user", None), "pk", None))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, WorkflowError):
            return conflict(request, exception)
        if is_unavailable(exception):
            return unavailable(exception)
        if isinstance(exception, UnreadablePostError):
            return HttpResponse(status=400)  # who sent it went away in the middle, and reads no answer
        if isinstance(exception, DataError | ValueError) and _is_filtered_admin_list(request):
            return redirect(f"{request.path}?{ERROR_FLAG}=1")
        return None


def _is_filtered_admin_list(request: HttpRequest) -> bool:
    """Whether the address asks a list of the admin site for something: PostgreSQL refuses a broken regular expression
    or a NUL only when it is asked, where Django answers other nonsense with its whole list."""
    match = request.resolver_match
    is_list = match is not None and match.app_name == "admin" and str(match.url_name).endswith("_changelist")
    return is_list and request.method in ("GET", "HEAD") and bool(request.GET) and ERROR_FLAG not in request.GET


def conflict(request: HttpRequest, error: WorkflowError) -> HttpResponse:
    """409: what was asked is not possible now. htmx gets the fragment, everybody else the page."""
    names = ["409.html"]
    if request.headers.get("HX-Request") == "true":
        names.insert(0, "tickets/partials/conflict.html")
    template = select_template(names).template.name
    return render(request, template, {"message": error.message, "ticket": error.ticket}, status=409)


def is_unavailable(exception: BaseException | None) -> bool:
    """Whether the database is away, full, or too busy for now.

    Lock and statement timeouts arrive as OperationalError too (classes 55 and 57 of SQLSTATE).
    """
    return isinstance(exception, OperationalError | InterfaceError)


def unavailable(exception: BaseException | None) -> HttpResponse:
    """503, rendered without a context that would ask the database again."""
    cause = exception.__cause__ or exception if exception else None
    error_log.warning("database unavailable", extra={"fields": {"reason": type(cause).__name__}})
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
