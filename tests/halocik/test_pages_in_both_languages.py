"""Every page in English has no Indonesian, and the other way round, whoever looks at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from halocik import messages
from network.actions.reality import record
from network.models import Device, IPAssignment, Subnet
from network.probe.packets import Status as Said
from tests.halocik.pages import ENGLISH, INDONESIAN, NAMES, said
from tests.tickets.factories import WAY_TO, Office, make_office
from tests.tickets.measuring import link_of, read
from tests.tickets.snapshot import undone
from tests.tickets.test_notify_sending import give_addresses
from tests.tickets.web import HTMX
from tickets import actions, documents, notify
from tickets.models import Delivery, Document, Equipment, MeasuringLink, StepRun, Ticket
from tickets.workflow import TRANSITIONS, Action, Status

STRANGERS: Final = (
    "account_login", "account_reset_password", "account_reset_password_done", "account_inactive",
    "account_reset_password_from_key_done", "tickets:verify-any", "tickets:measure-any",
)  # fmt: skip
EVERYBODY: Final = (
    "dashboard:home", "dashboard:sop", "tickets:views", "tickets:notices", "tickets:notice-preferences",
    "tickets:list", "tickets:create", "accounts:profile", "mfa_index",
    "account_change_password", "account_set_password", "usersessions_list", "network:device-list", "account_logout",
    "worktime:calendar", "jobs:list",
)  # fmt: skip
STAFF: Final = (
    "accounts:import", "network:device-create", "network:subnet-list", "network:subnet-create",
    "network:workgroup-list", "network:workgroup-create",
    "network:export",
)  # fmt: skip
WATCH: Final = ("dashboard:sla", "dashboard:reports")
WORK: Final = {
    Action.ACCEPT, Action.DECLINE, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FAIL_TEST,
    Action.FINISH, Action.HOLD, Action.RESUME,
}  # fmt: skip
WITHOUT_REQUEST: Final = ("500.html", "503.html")
# What people of the test office wrote.
WRITTEN: Final = re.compile(
    r"Konektor RJ45|Kabel jaringan|Tang krimping|Tester kabel|Printer|Komputer|buah|meter|"
    r"Alasan yang jelas\.?|Kabel UTP|Konektor|Kabel ditarik\.?|Gateway diam\.?|Apa kabarnya\?|(?:PC )?[Rr]akitan|"
    r"Pasang jaringan PC baru|PC baru di ruang rapat\.?|Kantor|Unit \d+|\bBPS\b[\w ]*"
)


@pytest.fixture(scope="module")
def busy(
    django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), undone(), override_settings(MEDIA_ROOT=media):
        yield _busy()


@pytest.fixture
def office(busy: Office) -> Iterator[Office]:
    """Made once; what a test changes is undone."""
    with undone():
        yield replace(busy)


def _busy() -> Office:
    """Tickets of every status, one on hold, one whose test failed, one that was late."""
    office = make_office(now=actions.database_now() - timedelta(hours=8))
    for number, user in enumerate(User.objects.all()):
        User.objects.filter(pk=user.pk).update(username=f"x{number}", full_name=f"Xyz {number}")
    for status in Status:
        office.ticket_in(status)
    documents.file_pending()  # those of what comes next are still being made
    office.ticket_in(Status.WORKING, on_hold=True)
    measured = office.ticket_in(Status.TESTING)
    for ticket, seen in ((measured, "10.17.9.9"), (Ticket.objects.filter(status=Status.TESTING)[0], None)):
        actions.keep_measurement(link_of(ticket), read(upload=None), origin=seen, now=office.now)
    office.do(Action.FAIL_TEST, measured)
    done = office.ticket_in(Status.DONE)
    office.do(Action.REOPEN, done)
    office.do(Action.COMMENT, done)
    for action in (Action.CHANGE_PRIORITY, Action.REASSIGN):
        office.do(action, office.ticket_in(Status.ASSIGNED))
    office.do(Action.DECLINE, office.ticket_in(Status.ASSIGNED))
    office.do(Action.RESUME, office.ticket_in(Status.WORKING, on_hold=True))
    actions.receive_stock(Equipment.objects.get(name="Konektor RJ45"), quantity=3, by=office.admin, now=office.now)
    used = [actions.UsedItem("Konektor RJ45", 5)]
    office.do(Action.COMPLETE_WORK, office.ticket_in(Status.WORKING), materials=used)
    rated = office.ticket_in(Status.DONE)
    actions.rate(rated, score=3, by=office.requester, now=office.now)
    actions.answer(rated, answers=dict.fromkeys(range(1, 10), 4), by=office.requester, now=office.now)
    _looked_at(office)
    give_addresses()
    notify.fan_out()
    Delivery.objects.filter(channel="email").update(state="undelivered", next_try_at=None)
    assert set(WAY_TO) <= {Status(status) for status in Ticket.objects.values_list("status", flat=True)}
    return office


def _looked_at(office: Office) -> None:
    """One device calls itself otherwise, and a stranger answers."""
    held = IPAssignment.objects.active().order_by("pk")[0]
    Subnet.objects.filter(pk=held.subnet_id).update(seen_directly=True)
    said = {held.address: Said("DESKTOP-7", "WORKGROUP", ""), "10.17.99.9": Said("TAMU", "WORKGROUP", "")}
    record(held.subnet, said)


@cache
def translated() -> re.Pattern[str]:
    """Each text of ten letters or more whose English is another, as it stands, between placeholders."""
    pieces = {
        piece.strip(" ,.:;%")
        for message in messages.load("en")
        if message.id and messages._strings(message)[-1] != messages._first(message)
        for piece in messages._PLACEHOLDER.split(messages._first(message))
        if piece
    }
    told = sorted((re.escape(piece) for piece in pieces if len(piece) >= 10), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(told) + r")(?!\w)", re.IGNORECASE)


def wrong(html: str, language: str) -> list[str]:
    return [text for text in said(html) if is_wrong(text, language)]


@cache  # most texts stand on most pages
def is_wrong(text: str, language: str) -> bool:
    text = NAMES.sub("", WRITTEN.sub("", text))
    if language == "id":
        return bool(ENGLISH.search(text))
    return bool(INDONESIAN.search(text) or translated().search(text))


def addresses(user: User | None) -> list[str]:
    if user is None:
        codes = Document.objects.values_list("code", flat=True)[:2]
        links = [link.get_absolute_url() for link in MeasuringLink.objects.filter(run__ended_at=None)]
        return [*map(reverse, STRANGERS), *(reverse("tickets:verify", args=[code]) for code in codes), *links]
    names = [*EVERYBODY, *(STAFF if user.has_perm("network.edit_registry") else ())]
    names += WATCH if user.has_perm("tickets.view_figures") else ()
    names += ["worktime:edit", "tickets:older-calendars"] if user.has_perm("worktime.add_calendarrevision") else []
    names += ["dashboard:sop-revision-new"] if user.has_perm("tickets.add_soprevision") else []
    names += ["network:import"] if user.has_perm("network.import_devices") else []
    names += ["dashboard:board"] if user.has_perm("tickets.view_all_tickets") else []
    names += ["dashboard:mine"] if user.has_perm("tickets.work_ticket") else []
    names += ["dashboard:displays"] if user.has_perm("dashboard.manage_displays") else []
    names += ["accounts:availability"] if user.has_perm("accounts.enter_own_absence") else []
    found = [reverse(name) for name in names if name != "accounts:import" or user.has_perm("accounts.import_users")]
    found += [f"{reverse('tickets:list')}?{query}" for query in ("state=held", "state=all&q=zzz", "state=overdue")]
    tickets = Ticket.objects.visible_to(user).order_by("status", "pk")
    found += [ticket.get_absolute_url() for ticket in (tickets if user.is_staff else tickets.distinct("status"))]
    if user.is_staff or not user.has_perm("tickets.view_all_tickets"):  # an account reads the same for all who see all
        runs = StepRun.objects.filter(ticket__in=tickets.values("pk")).order_by("verdict", "ticket__status", "pk")
        newest = runs.distinct("verdict", "ticket__status").select_related("ticket")
        found += [reverse("tickets:ledger", args=[run.ticket.number, run.pk]) for run in newest]
    if user.has_perm("tickets.view_figures") or user.has_perm("tickets.work_ticket"):
        found.append(reverse("dashboard:satisfaction"))
    if user.has_perm("tickets.view_equipment"):
        shelf = Equipment.objects.get(name="Konektor RJ45").get_absolute_url()
        found += [reverse("tickets:equipment-list"), f"{reverse('tickets:equipment-list')}?state=low", shelf]
    if rated := Ticket.objects.exclude(rating=None).filter(requester=user).first():
        found += [reverse(f"tickets:{name}", args=[rated.number]) for name in ("rating", "survey")]
    if user.has_perm("tickets.manage_tickets"):
        found.append(reverse("tickets:undelivered"))
    if user.has_perm("network.view_all_devices"):
        found += [row.get_absolute_url() for row in (*Device.objects.all()[:2], *Subnet.objects.all()[:1])]
        held = IPAssignment.objects.active()[0]
        found.append(f"{held.subnet.get_absolute_url()}?block={held.address}")
        found += [reverse("network:drift"), f"{reverse('network:drift')}?q=zzz", held.device.get_absolute_url()]
        found += [f"{reverse('network:lookup')}?what={what}" for what in (held.address, "PC-0", "")]
    if user.has_perm("network.edit_registry"):
        found.append(reverse("network:device-record", args=[Device.objects.all()[0].pk]))
    if user.has_perm("network.view_subnet"):
        found.append(reverse("network:device-trail", args=[Device.objects.all()[0].pk]))
        found.append(reverse("network:subnet-trail", args=[Subnet.objects.all()[0].pk]))
    return found


def speaking(user: User, language: str) -> Client:
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize("role", ["nobody", "requester", "admin", "technician", "supervisor"])
def test_pages_speak_one_language(office: Office, settings: Settings, role: str) -> None:
    found = {}
    user = getattr(office, role, None)
    for language in ("en", "id"):
        client = speaking(user, language) if user else Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for address in addresses(User.objects.get(pk=user.pk) if user else None):
            answer = client.get(address, follow=True)
            assert (answer.status_code, answer.headers["Content-Language"]) == (200, language), address
            if texts := wrong(answer.content.decode(), language):
                found[language, address] = texts
    assert found == {}


@pytest.mark.django_db
def test_a_page_in_the_other_language_is_noticed(client: Client, settings: Settings) -> None:
    for shown, wanted in (("en", "id"), ("id", "en")):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = shown
        assert wrong(client.get(reverse("account_login")).content.decode(), wanted)


@pytest.mark.parametrize("language", ["en", "id"])
def test_forms_sent_empty_speak_one_language(office: Office, language: str) -> None:
    """Each action once, where it is possible and where it is not; those that need no input may succeed."""
    found = {}
    for action in set(Action) - {Action.SUBMIT}:
        possible = [status for status, on_hold, move in TRANSITIONS if move == action and not on_hold]
        for status in (possible[:1] or [Status.WORKING])[0], Status.REJECTED:
            ticket = Ticket.objects.filter(status=status).order_by("pk")[0]
            client = speaking(office.technician if action in WORK else office.admin, language)
            answer = client.post(reverse(f"tickets:{action.value}", args=[ticket.number]), headers=HTMX)
            if texts := wrong(answer.content.decode(), language):
                found[action, status] = texts
    assert found == {}


@pytest.mark.parametrize("page", ["403.html", "403_csrf.html", "404.html", "409.html", "429.html", *WITHOUT_REQUEST])
@pytest.mark.parametrize("language", ["en", "id"])
def test_error_pages_speak_one_language(rf: RequestFactory, page: str, language: str) -> None:
    with translation.override(language):
        request = rf.get("/")
        request.user = AnonymousUser()
        html = render_to_string(page, request=None if page in WITHOUT_REQUEST else request)
    assert wrong(html, language) == []
