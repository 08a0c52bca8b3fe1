"""What every answer carries, and what becomes of errors."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse

from halocik import logs, urls
from halocik.middleware import ErrorMiddleware, RequestMiddleware
from tests.factories import UserFactory
from tickets.workflow import WorkflowError

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.halocik.test_middleware")]


@login_not_required
def conflict(request: HttpRequest) -> HttpResponse:
    raise WorkflowError("Tiket ini sudah diterima.")


@login_not_required
def busy(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    raise OperationalError("FATAL: sorry, too many clients already")


@login_not_required
def cut_off(request: HttpRequest) -> HttpResponse:
    raise UnreadablePostError("Connection reset by peer")


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


@login_not_required
def broken(request: HttpRequest, token: str = "") -> HttpResponse:
    raise RuntimeError("a bug")


def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse("words")


urlpatterns = [
    path("conflict", conflict),
    path("busy", busy),
    path("gone", gone),
    path("cut-off", cut_off),
    path("forbidden", forbidden),
    path("missing", missing),
    path("broken", broken),
    path("broken/<str:token>", broken),
    path("private", private),
    *[path("", include(urls.urlpatterns))],
]
handler500 = urls.handler500


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/conflict", 409),
        ("/busy", 503),
        ("/gone", 503),
        ("/cut-off", 400),
        ("/forbidden", 403),
        ("/missing", 404),
        ("/nowhere", 404),
        ("/broken", 500),
        ("/private", 302),
    ],
)
def test_every_answer_carries_the_rules_for_browsers(visitor: Client, address: str, status: int) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert len(answer["X-Request-ID"]) == 32


def test_a_conflict_says_its_sentence(visitor: Client) -> None:
    assert "Tiket ini sudah diterima." in visitor.get("/conflict").content.decode()


def test_a_conflict_answers_htmx_with_a_fragment(visitor: Client) -> None:
    answer = visitor.get("/conflict", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Tiket ini sudah diterima." in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/busy", "/gone"])
def test_a_database_that_is_away_or_busy_is_tried_again_later(visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    assert int(answer["Retry-After"]) > 0
    assert "<html" in answer.content.decode()


def test_a_session_that_cannot_be_read_is_503_as_well(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", fail)
    answer = visitor.get("/private")
    assert answer.status_code == 503
    assert "Retry-After" in answer


def test_a_bug_is_500_in_our_look_without_its_words(visitor: Client) -> None:
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert "a bug" not in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_a_page_without_session_leads_to_log_in(visitor: Client) -> None:
    answer = visitor.get("/private")
    assert answer["Location"] == f"{reverse('account_login')}?next=/private"


def test_a_fragment_without_session_is_401_so_that_the_page_stays(visitor: Client) -> None:
    answer = visitor.get("/private", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["X-Login"] == reverse("account_login")


def test_a_session_cookie_that_spells_a_nul_counts_as_absent(visitor: Client) -> None:
    answer = visitor.get("/private", headers={"cookie": f'{settings.SESSION_COOKIE_NAME}="\\000abcdefghij"'})
    assert answer.status_code == 302


def test_a_signed_in_user_gets_the_page(visitor: Client) -> None:
    visitor.force_login(UserFactory())
    assert visitor.get("/private").content == b"words"


# Logs


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is logged meanwhile, parsed."""
    written: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    keeper = Keeper(logging.INFO)
    keeper.setFormatter(logs.JSONFormatter())
    logging.getLogger().addHandler(keeper)
    yield written
    logging.getLogger().removeHandler(keeper)


def access(lines: list[dict[str, Any]]) -> dict[str, Any]:
    (line,) = [line for line in lines if line["logger"] == "halocik.access"]
    return line


def test_each_request_is_one_line_with_its_id_and_user(visitor: Client, lines: list[dict[str, Any]]) -> None:
    user = UserFactory()
    visitor.force_login(user)
    answer = visitor.get("/private?q=secret")
    line = access(lines)
    assert line["request"] == answer["X-Request-ID"]
    assert (line["user"], line["method"], line["path"], line["status"]) == (user.pk, "GET", "/private", 200)
    assert line["client"] == "127.0.0.1"
    assert "secret" not in json.dumps(lines)


def test_a_token_in_the_address_is_not_logged(visitor: Client, lines: list[dict[str, Any]]) -> None:
    visitor.get("/broken/very-secret")
    assert access(lines)["path"] == "/broken/<str:token>"
    assert "very-secret" not in json.dumps(lines)


def test_a_bug_is_logged_with_its_trace_in_one_line(visitor: Client, lines: list[dict[str, Any]]) -> None:
    visitor.get("/broken")
    (line,) = [line for line in lines if line["level"] == "ERROR"]
    assert "RuntimeError: a bug" in line["trace"]
    assert line["message"] == "500 GET /broken"


def test_values_of_a_refused_row_are_cut_from_the_log() -> None:
    error = 'duplicate key value violates unique constraint "x"\nDETAIL:  Key (title)=(printer di ruang Bu Ani) exists.'
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, error, None, None)
    assert "Bu Ani" not in logs.JSONFormatter().format(record)
    assert "unique constraint" in logs.JSONFormatter().format(record)


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [(1, "abcdef-123456", True), (0, "abcdef-123456", False), (1, "with space\n", False), (1, "x" * 65, False)],
)
def test_a_request_id_is_taken_from_a_trusted_proxy_alone(proxies: int, given: str, taken: bool) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        request = RequestFactory().get("/", headers={"X-Request-ID": given})
        answer = RequestMiddleware(lambda _: HttpResponse())(request)
    assert (answer["X-Request-ID"] == given) is taken


def test_other_errors_are_left_to_django() -> None:
    middleware = ErrorMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), RuntimeError()) is None
