"""Chat services: real requests to a server of our own, and what an address may not be."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from tests.tickets.factories import Office
from tickets import notify
from tickets.models import ChatAddress, Delivery
from tickets.notify import gateways
from tickets.notify.lanes import Later, NotSent, Refused, Unreachable

TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544"


class Service(ThreadingHTTPServer):
    """Answers every message with `status`; falls silent where that is 0."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.messages: list[dict[str, Any]] = []
        self.closing = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.status:
            self.server.closing.wait(30)
            return
        if self.server.status == 200:
            self.server.messages.append(said)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.NOTIFY_SERVICES = ["json"]
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join(5)


def address_of(service: Service) -> str:
    return f"json://127.0.0.1:{service.server_address[1]}/rahasia-panjang-sekali"


@pytest.fixture
def told(office: Office, service: Service) -> Delivery:
    ChatAddress.objects.create(
        user=office.requester, name="Obrolan", url=address_of(service), created_at=office.now
    )  # fmt: skip
    office.submit()
    notify.fan_out()
    return Delivery.objects.get(channel="chat")


@pytest.mark.django_db
def test_a_message_reaches_the_service(told: Delivery, service: Service) -> None:
    notify.deliver()
    (message,) = service.messages
    assert message["title"].startswith("[HC-2026-000001] Tiket Anda kami terima")
    assert "/halocik/tiket/HC-2026-000001/" in message["message"]
    told.refresh_from_db()
    assert told.state == "sent"


@pytest.mark.django_db
def test_a_service_that_refuses_is_asked_again_later(told: Delivery, service: Service) -> None:
    service.status = 500
    notify.deliver()
    told.refresh_from_db()
    assert (told.state, told.attempts, told.stranded, told.error) == ("pending", 1, False, "Layanan menolak pesan.")


@pytest.mark.django_db
def test_a_service_that_falls_silent_ends_its_lane(
    told: Delivery, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "PATIENCE", (0.3, 0.3))
    service.status = 0
    assert notify.send_pending() is False
    told.refresh_from_db()
    assert (told.state, told.stranded, told.error) == ("pending", True, "Layanan tidak menjawab.")
    service.status = 200
    notify.deliver()
    assert len(service.messages) == 1


@pytest.mark.django_db
def test_what_waits_for_a_service_that_is_no_longer_allowed_is_on_the_list(told: Delivery, settings: Settings) -> None:
    settings.NOTIFY_SERVICES = ["tgram"]
    notify.deliver()
    assert Delivery.objects.undelivered().get() == told


@pytest.mark.django_db
def test_no_secret_is_logged(told: Delivery, service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        service.status = 500
        notify.deliver()
    assert "rahasia" not in told.error + caplog.text


@pytest.mark.parametrize("url", [TELEGRAM, "whatsapp://AToken12345:67890@1234567/15551234567"])
def test_addresses_of_the_shipped_services_are_taken(url: str) -> None:
    gateways.check(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("json://127.0.0.1/x", "tidak diizinkan"),
        ("file:///etc/passwd", "tidak diizinkan"),
        ("ntfy://10.0.0.1/topik", "tidak diizinkan"),
        (f"{TELEGRAM}?rto=3600", "tanda tanya"),
        (f"{TELEGRAM}?template=/etc/passwd", "tanda tanya"),
        (f"{TELEGRAM} json://127.0.0.1/", "spasi"),
        ("tgram://", "seperti"),
        ("tgram://x", "salah tulis"),
        ("bukan alamat", "seperti"),
    ],
)
def test_other_addresses_are_refused_in_words(url: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        gateways.check(url)


def test_an_address_is_shown_again_without_its_secret() -> None:
    assert gateways.masked(TELEGRAM) == "tgram://…5544"
    assert gateways.masked("tgram://abc") == "tgram://…"


@pytest.mark.parametrize("outcome", [Later, Refused, Unreachable])
def test_every_way_of_failing_is_told_as_not_sent(outcome: type[Exception]) -> None:
    assert issubclass(outcome, NotSent)
