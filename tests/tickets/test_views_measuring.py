"""The browser test as a PC without log-in opens it, and the technician's page beside it."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.limits import Allowance
from network.models import Subnet
from tests.tickets.factories import Office
from tests.tickets.measuring import PC, figures, link_of, open_page, post
from tests.tickets.web import HTMX, checklist, office, page_of, send, text_of
from tickets import actions, measuring
from tickets.models import Measurement, MeasuringLink, ReachTarget, Ticket
from tickets.views import measuring as views
from tickets.workflow import Action, Status

__all__ = ["office"]


@pytest.fixture
def ticket(office: Office) -> Ticket:
    return office.ticket_in(Status.TESTING)


@pytest.fixture
def link(ticket: Ticket) -> MeasuringLink:
    return link_of(ticket)


def ask(link: MeasuringLink, name: str, **options: Any) -> Any:
    client = Client(REMOTE_ADDR=options.pop("client", PC), enforce_csrf_checks=True)
    address = reverse(f"tickets:measure-{name}", args=[options.pop("code", link.code)])
    if name != "upload":
        return client.get(address)
    return client.generic("POST", address, content_type="application/octet-stream", **options)


# The page


def test_the_page_shows_whether_the_server_sees_the_planned_address(link: MeasuringLink, ticket: Ticket) -> None:
    planned = ticket.addresses.get().address.address
    Subnet.objects.update(seen_directly=True)
    assert "tidak sesuai rencana" in text_of(open_page(link, client="10.17.9.9"))
    page = text_of(open_page(link, client=planned))
    assert "sesuai rencana" in page and "tidak sesuai rencana" not in page
    assert planned in page and "JavaScript tidak aktif" in page


def test_behind_a_router_the_page_says_that_the_address_is_information(link: MeasuringLink) -> None:
    page = text_of(open_page(link, client="203.0.113.7"))
    assert "Hanya informasi" in page and "tidak sesuai rencana" not in page


def test_the_page_names_nobody(office: Office, link: MeasuringLink) -> None:
    page = text_of(open_page(link))
    assert office.requester.full_name not in page and office.technician.full_name not in page


def test_only_this_page_may_ask_the_admins_sites(office: Office, link: MeasuringLink, ticket: Ticket) -> None:
    ReachTarget.objects.all().update(active=False)
    ReachTarget.objects.create(name="Portal", name_en="Portal", url="https://portal.example:8443/masuk")
    policy = open_page(link).headers["Content-Security-Policy"]
    assert "connect-src 'self' https://portal.example:8443;" in f"{policy};"
    assert "unsafe" not in policy
    assert "portal.example" not in page_of(office.technician, ticket).headers["Content-Security-Policy"]


@pytest.mark.parametrize("code", ["x", "2-2222-2222-2222", measuring.code_of(2**39)])
def test_a_code_that_is_nobodys_is_answered_alike(db: None, code: str) -> None:
    answer = Client().get(reverse("tickets:measure", args=[code]))
    assert answer.status_code == 404
    assert "Kode ini tidak kami kenal" in text_of(answer)
    assert Client().post(reverse("tickets:measure-keep", args=[code])).status_code == 404


def test_a_link_that_is_over_says_why(office: Office, link: MeasuringLink, ticket: Ticket) -> None:
    actions.revoke_link(ticket, by=office.technician)
    answer = open_page(link)
    assert (answer.status_code, "sudah dicabut" in text_of(answer)) == (410, True)
    assert post(link, figures()).status_code == 409


def test_the_code_is_typed_as_people_type(db: None, link: MeasuringLink) -> None:
    find = reverse("tickets:measure-any")
    answer = Client().get(find, {"kode": f" {link.code.upper().replace('-', '')} "})
    assert answer.headers["Location"] == link.get_absolute_url()
    for odd in ("", "\0", "??", "a" * 41):
        assert Client().get(find, {"kode": odd}).status_code == 200


def test_whoever_tries_codes_is_stopped(link: MeasuringLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_800_000_000.0)
    monkeypatch.setattr(views, "MOST_PAGES", 2)
    cache.clear()
    assert [open_page(link, client="10.9.9.9").status_code for _ in range(3)] == [200, 200, 429]
    assert open_page(link, client="10.9.9.8").status_code == 200


# What is asked many times


def test_the_small_requests_ask_no_database(
    link: MeasuringLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert ask(link, "answer").status_code == 204
        down = ask(link, "download")
        assert ask(link, "upload", data=b"x" * measuring.PIECE).status_code == 204
    assert len(down.content) == measuring.PIECE
    assert down.headers["Content-Encoding"] == "identity"
    assert "no-store" in down.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["answer", "download", "upload"])
def test_the_small_requests_need_a_signed_code_and_have_a_limit(
    link: MeasuringLink, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(link, name, code=f"3{link.code}").status_code == 404
    for allowance in (views._answers, views._pieces):
        monkeypatch.setattr(allowance, "most", 0)
    assert ask(link, name).status_code == 429


def test_an_allowance_is_counted_by_address_and_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    allowance, clock = Allowance(1), [60.0]
    monkeypatch.setattr("accounts.limits.time.monotonic", lambda: clock[0])
    here, there = (RequestFactory().get("/", REMOTE_ADDR=address) for address in ("10.0.0.1", "10.0.0.2"))
    assert [allowance.is_used_up(request) for request in (here, here, there)] == [False, True, False]
    clock[0] += 60
    assert not allowance.is_used_up(here)


class Unreadable(io.BytesIO):
    def read(self, *_: Any) -> bytes:
        raise AssertionError("this body was read")


@pytest.mark.parametrize(
    ("length", "status"), [(str(measuring.PIECE + 1), 413), ("9" * 30, 413), ("0", 411), ("", 411), ("x", 413)]
)
def test_more_than_one_piece_is_refused_unread(link: MeasuringLink, length: str, status: int) -> None:
    request = RequestFactory().post("/", content_type="application/octet-stream")
    request.META["CONTENT_LENGTH"] = length
    request._stream = Unreadable()
    assert views.upload(request, token=link.code).status_code == status


def test_an_upload_that_trickles_holds_nobody_for_long(link: MeasuringLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_GULP_SECONDS", -1)
    assert ask(link, "upload", data=b"x" * measuring.PIECE).status_code == 408


# What arrives


def test_a_measurement_arrives_without_log_in_and_is_answered_in_words(link: MeasuringLink) -> None:
    answer = post(link, figures(), client="10.17.0.77", **{"User-Agent": "Mozilla/5.0 (Windows) Firefox/140.0"})
    assert answer.status_code == 200
    assert "Sambungan PC ini baik" in text_of(answer)
    row = Measurement.objects.get()
    assert (row.seen, row.browser, row.figures["trips"][0]) == ("10.17.0.77", "Firefox di Windows", 2.5)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"NaN", 422), (b'{"key": NaN}', 422), (b"\xff\x00", 422), (b"[" * 5000, 422), ({}, 422),
        (figures(trips=[-1] * 30), 422), (figures(trips=[10**12] * 30), 422), (figures(more=1), 422),
        (b" " * (measuring.LARGEST + 1), 413),
    ],
    ids=["empty", "NaN", "NaN within", "not UTF-8", "too deep", "nothing said", "below nothing", "beyond reason",
         "one too many", "too large"],
)  # fmt: skip
def test_forged_figures_are_refused_with_a_sentence(link: MeasuringLink, body: Any, status: int) -> None:
    answer = post(link, body)
    assert answer.status_code == status
    assert "tidak masuk akal" in text_of(answer)
    assert not Measurement.objects.exists()


def test_a_replay_is_answered_alike_and_kept_once(link: MeasuringLink) -> None:
    body = figures()
    assert [post(link, body).status_code for _ in range(2)] == [200, 200]
    assert Measurement.objects.count() == 1


def test_results_have_a_limit(link: MeasuringLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_RESULTS", 0)
    assert post(link, figures()).status_code == 429


def test_no_log_holds_a_code(link: MeasuringLink, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        open_page(link)
        post(link, figures())
        post(link, b"x")
        ask(link, "answer")
        Client().get(link.get_absolute_url().removesuffix("/"))
        Client().get(f"{link.get_absolute_url()}hasil")
    kept = " ".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)
    assert "uji/<slug:token>/hasil/" in kept
    assert link.code not in kept


# The technician's page


def test_the_technician_sees_the_way_and_nobody_else_does(office: Office, ticket: Ticket, link: MeasuringLink) -> None:
    page = text_of(page_of(office.technician, ticket))
    assert link.code in page and "data:image/svg+xml;base64," in page
    for other in (office.requester, office.admin, office.supervisor):
        assert link.code not in text_of(page_of(other, ticket))


def test_the_open_page_hears_of_a_measurement(office: Office, ticket: Ticket, link: MeasuringLink) -> None:
    for user in (office.technician, office.requester):
        version = text_of(page_of(user, ticket)).split('id="ticket"')[1].split('data-version="')[1].split('"')[0]
        assert page_of(user, ticket, "fragment", v=version).status_code == 204
        post(link, figures())
        fresh = page_of(user, ticket, "fragment", v=version)
        assert (fresh.status_code, "30 dari 30 permintaan" in text_of(fresh)) == (200, True)
        assert "menerima ukuran dari peramban" in text_of(fresh)


def test_the_checklist_is_filled_in_from_what_was_measured(office: Office, ticket: Ticket, link: MeasuringLink) -> None:
    Subnet.objects.update(seen_directly=True)
    post(link, figures(reached={str(row.pk): True for row in ReachTarget.objects.all()}), client="10.17.9.9")
    page = text_of(page_of(office.technician, ticket))
    ticked = re.findall(r'<input[^>]*name="check_([a-z-]+)" value="(\w+)"[^>]*checked', page)
    assert dict(ticked) == {"ip-sesuai": "failed", "dns": "ok", "portal": "ok"}
    refused = send(office.technician, Action.PASS_TEST, ticket, checklist(), htmx=True)
    assert refused.status_code == 422
    assert "Peramban di perangkat mengukur sebaliknya" in text_of(refused)


def test_the_link_is_renewed_and_revoked_on_the_page(office: Office, ticket: Ticket, link: MeasuringLink) -> None:
    client = Client()
    client.force_login(office.technician)
    renew, revoke = (
        reverse(f"tickets:{name}", args=[ticket.number]) for name in ("measuring-link", "measuring-link-revoke")
    )
    sent = {"run": actions.claim(ticket)}
    assert client.post(renew, sent, headers=HTMX).status_code == 200
    assert link_of(ticket) != link
    assert client.post(revoke, sent).headers["Location"] == ticket.get_absolute_url()
    assert "Saat ini tidak ada tautan uji" in text_of(page_of(office.technician, ticket))
    assert client.post(revoke, sent).status_code == 409
    assert client.post(renew, {"run": 1}).status_code == 409
    client.force_login(office.stranger)
    assert client.post(renew, sent).status_code == 404
