"""Every page of the helpdesk, role by role: each tour brings a person to page after page and names where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Route, ViewportSize, expect

from accounts.models import User
from network import actions as registry
from network.actions.reality import record
from network.models import Device, Subnet
from network.probe.packets import Status as Said
from tests.e2e.people import Person, fill_in_log_in
from tests.factories import PASSWORD
from tests.tickets.factories import Office
from tests.tickets.measuring import link_of, read
from tickets import actions, notify
from tickets.models import Delivery, Equipment, MeasuringLink, Ticket
from tickets.workflow import Action, Status
from worktime.models import CalendarRevision
from worktime.proposals import propose_holidays

HELD = "on hold"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class World:
    """An office where every page has something to show. `tickets` by status; one more is held."""

    office: Office
    tickets: dict[str, Ticket]
    device: Device
    retired: Device


def furnish(office: Office) -> World:
    office.now = actions.database_now() - timedelta(hours=3)
    device = office.device()
    retired = registry.decommission(office.device(), reason="Rusak terkena air.", by=office.admin, now=office.now)
    tickets = {status.value: office.ticket_in(status) for status in Status}
    tickets[HELD] = office.ticket_in(Status.WORKING, on_hold=True, device=device, device_text="")
    tested = tickets[Status.WORKING]
    for action in (Action.COMPLETE_WORK, Action.FAIL_TEST):
        tested = office.do(action, tested)
    office.do(Action.COMMENT, tested, text="Sudah hampir selesai?\n\nSaya perlu untuk rapat jam dua.")
    office.do(Action.COMMENT, tested, by=office.technician, text="Switch di lantai 2 tua.", internal=True)
    again = office.do(Action.REOPEN, office.ticket_in(Status.DONE, requester=office.colleague, by=office.colleague))
    worst = read(trips=[None] * 30, download=None)
    actions.keep_measurement(link_of(tickets[Status.TESTING]), worst, origin="10.17.9.9", now=office.now)
    _tell(office)
    registered = tickets[Status.DONE].device
    assert registered is not None and again.device is not None
    return World(office, tickets | {Status.WORKING: tested}, registered, retired)


def _tell(office: Office) -> None:
    """Everybody's bell rings, the requester has a chat address, and one mail was not delivered."""
    User.objects.filter(pk=office.requester.pk).update(email="pemohon@kantor.example")
    notify.add_address(office.requester, "Telegram saya", "tgram://123456789:abcdefg_hijklmnop/12315544")
    notify.fan_out()
    mail = Delivery.objects.filter(channel="email").latest("pk")
    Delivery.objects.filter(pk=mail.pk).update(state="undelivered", next_try_at=None, error="550 5.1.1 no such user")
    Delivery.objects.filter(channel="chat").delete()


Tour = Callable[[Person, World], Iterator[str]]


def visitor(person: Person, world: World) -> Iterator[str]:
    """Nobody in particular: before the log-in."""
    page, office = person.page, world.office
    person.open("account_login")
    yield "log-in"
    page.get_by_label("Nama pengguna atau email").fill("rini")
    page.get_by_label("Kata sandi").fill("salah")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("alert").or_(page.locator(".alert, .invalid-feedback")).first).to_be_visible()
    yield "log-in refused"
    with override_settings(DEMO=True):
        person.open("account_login")
        yield "log-in with demo accounts"
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/h/ip"}):
        Client().post(reverse("account_login"), {"login": "rini", "password": "salah"})
        fill_in_log_in(page, office.requester)
        expect(page.get_by_role("heading", level=1)).to_have_text("Terlalu banyak percobaan")
        yield "429"
    person.open("account_reset_password")
    yield "password forgotten"
    person.open("account_reset_password_done")
    yield "password mail sent"
    key = PasswordResetTokenGenerator().make_token(office.requester)
    person.open("account_reset_password_from_key", user_pk_to_url_str(office.requester), key)
    yield "new password"
    person.open("account_reset_password_from_key", user_pk_to_url_str(office.requester), "tidak-berlaku")
    yield "new password, link used up"
    person.open("account_reset_password_from_key_done")
    yield "new password set"
    person.open("account_inactive")
    yield "account inactive"
    page.goto(f"{person.server}/{settings.BASE_PATH}tidak-ada/")
    yield "404 for a visitor"
    person.open("tickets:verify-any")
    yield "verification of a document"
    person.open("tickets:verify", "tidak-ada")
    yield "verification, unknown code"
    person.open("tickets:measure", "tidak-ada")
    yield "browser test, unknown code"
    link = MeasuringLink.objects.get(run__ticket=world.tickets[Status.TESTING])
    page.goto(person.server + link.get_absolute_url())
    yield "browser test, with a result"
    MeasuringLink.objects.filter(pk=link.pk).update(expires_at=office.now)
    page.goto(person.server + link.get_absolute_url())
    yield "browser test, expired"
    yield from _without_the_server(person)
    person.open("account_login")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    fill_in_log_in(page, office.requester)
    expect(page.locator(".error-code")).to_have_text("403")
    yield "403, form out of date"
    TOTP.activate(office.stranger, generate_totp_secret())
    person.open("account_login")
    fill_in_log_in(page, office.stranger)
    page.wait_for_url(person.server + reverse("mfa_authenticate"))
    yield "log-in, second step"


def _without_the_server(person: Person) -> Iterator[str]:
    """The pages of failures, which must not be provoked here: a 500 fails the test."""
    for name in ("500", "503"):
        address = f"{person.server}/{settings.BASE_PATH}gangguan-{name}/"
        person.page.route(address, _answering(render_to_string(f"{name}.html")))
        person.page.goto(address)
        yield name


def _answering(page: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=page, content_type="text/html")


def employee(person: Person, world: World) -> Iterator[str]:
    page = person.page
    person.open("dashboard:home")
    yield "home"
    person.open("tickets:list", query="?state=all")
    yield "list"
    person.open("tickets:list", query="?state=all&category=new")
    yield "list, filtered"
    person.open("tickets:list", query="?q=tidakada")
    yield "list, nothing found"
    person.open("tickets:create")
    yield "submit"
    page.set_viewport_size(PHONE)
    yield "submit, on a phone"
    page.locator(".device-other").click()
    person.press("Ajukan tiket", within=".submission-end")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    yield "submit, refused"
    person.open("network:device-list")
    yield "devices"
    person.open("network:device-detail", world.device.pk)
    expect(page.locator("[hx-trigger=load]")).not_to_contain_text("Memuat")
    yield "device"
    person.open("network:device-detail", world.retired.pk)
    yield "device, retired"
    person.open("dashboard:sop")
    yield "SOP"
    for name in ("notices", "notice-preferences"):
        person.open(f"tickets:{name}")
        yield name
        page.set_viewport_size(PHONE)
        yield f"{name}, on a phone"
    page.locator("#id_name").fill("Obrolan")
    page.locator("#id_url").fill("json://127.0.0.1/")
    person.press("Tambah alamat")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    yield "chat address, refused"
    person.open("network:device-create")
    yield "403"
    person.open("tickets:detail", "HC-2020-000001")
    yield "404"
    person.open("account_logout")
    yield "log-out"


def requester(person: Person, world: World) -> Iterator[str]:
    """An employee's tickets, whatever has become of them, and why their steps are due when they are. While a ticket is
    worked on, only its tracker moves."""
    working = {Status.IDENTIFYING, Status.TESTING, Status.FINISHING}
    yield from _tickets(person, world, *(status for status in Status if status not in working), HELD)
    for name in (Status.WORKING, HELD, Status.DONE):
        ticket = world.tickets[name]
        person.open("tickets:ledger", ticket.number, ticket.runs.latest("pk").pk)
        yield f"account, {name}"
    done = world.tickets[Status.DONE]
    person.open("tickets:rating", done.number)
    person.press("Kirim penilaian")
    expect(person.page.locator(".invalid-feedback")).to_be_visible()
    yield "rating, refused"
    person.page.get_by_label("Sangat baik").check()
    person.press("Kirim, lalu isi survei")
    expect(person.page.locator(".survey fieldset")).to_have_count(9)
    yield "survey"


def newcomer(person: Person, world: World) -> Iterator[str]:
    """Somebody who has nothing yet, and looks after their account."""
    for name in ("dashboard:home", "tickets:list", "network:device-list", "tickets:create"):
        person.open(name)
        yield f"{name}, empty"
    for name in ("accounts:profile", "usersessions_list", "mfa_index", "account_change_password"):
        person.open(name)
        yield name
    for field in person.page.locator("main input[type=password]").all():
        field.fill("pendek")
    person.press("Simpan kata sandi")
    expect(person.page.locator(".invalid-feedback").first).to_be_visible()
    yield "password, refused"
    person.open("mfa_activate_totp")
    yield "password asked for again"
    person.page.get_by_label("Kata sandi").fill(PASSWORD)
    person.press("Lanjutkan")
    expect(person.page).to_have_url(person.server + reverse("mfa_activate_totp"))
    yield "two steps, set-up"
    user = User.objects.get(username="kiki")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    names = ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp")
    for name in (*names, "account_reauthenticate", "mfa_reauthenticate"):
        person.open(name)
        yield f"{name}, two steps"


def technician(person: Person, world: World) -> Iterator[str]:
    page = person.page
    person.open("dashboard:home")
    yield "home"
    person.open("tickets:list", query="?state=all")
    yield "list"
    person.open("dashboard:mine")
    yield "my figures"
    waiting = (Status.ASSIGNED, Status.IDENTIFYING, Status.WORKING, Status.TESTING, Status.FINISHING, HELD)
    yield from _tickets(person, world, *waiting)
    person.open("tickets:detail", world.tickets[Status.IDENTIFYING].number)
    person.press("Simpan identifikasi")
    expect(page.locator("#form-identify .invalid-feedback").first).to_be_visible()
    yield "identify, refused"
    person.open("tickets:detail", world.tickets[Status.TESTING].number)
    person.press("Lulus uji")
    expect(page.locator("#form-test .invalid-feedback").first).to_be_visible()
    yield "test, refused"
    page.set_viewport_size(PHONE)
    yield "test, refused, on a phone"
    page.locator("#ticket-news").evaluate("notice => { notice.hidden = false }")
    yield "test, whose step is over"
    stale = world.tickets[Status.ASSIGNED]
    person.open("tickets:detail", stale.number)
    actions.accept(stale, by=world.office.technician)
    page.evaluate("document.getElementById('form-accept').submit()")
    expect(page.locator(".error-code")).to_have_text("409")
    yield "409"


def administrator(person: Person, world: World) -> Iterator[str]:
    page = person.page
    person.open("dashboard:home")
    yield "home"
    person.open("tickets:list", query="?state=all&priority=3&whose=mine")
    yield "list, filtered to nothing"
    person.open("tickets:list", query="?state=approval")
    page.locator("summary", has_text="Tampilan").click()
    yield "list, views"
    page.get_by_label("Nama tampilan").fill("Perlu saya")
    person.press("Simpan tampilan ini")
    person.sees_toast("Tampilan “Perlu saya” disimpan.")
    person.open("tickets:views")
    yield "saved views"
    person.open("tickets:list", query="?state=held")
    page.locator("[data-pick]").first.check()
    page.locator(".bulk-bar select").select_option("change_priority")
    person.press("Lanjut")
    expect(page.locator("#picked-title")).to_be_visible()
    yield "bulk action"
    page.get_by_label("Mendesak").check()
    person.press("Ubah prioritas")
    expect(page.locator("#results-title")).to_be_visible()
    yield "bulk action, results"
    yield from _tickets(person, world, Status.SUBMITTED, Status.TESTING, Status.DONE)
    person.open("tickets:detail", world.tickets[Status.SUBMITTED].number)
    person.press("Setujui")
    expect(page.locator("#form-approve .invalid-feedback").first).to_be_visible()
    yield "approve, refused"
    person.open("tickets:create")
    yield "submit for somebody"
    person.open("tickets:undelivered")
    yield "not delivered"
    for name in (
        "device-list",
        "device-create",
        "subnet-list",
        "subnet-create",
        "workgroup-list",
        "workgroup-create",
        "import",
        "export",
    ):
        person.open(f"network:{name}")
        yield name
    for name, pk in {
        "device-detail": world.device.pk, "device-edit": world.device.pk, "device-record": world.device.pk,
        "device-trail": world.device.pk, "subnet-trail": world.office.subnet.pk,
        "subnet-detail": world.office.subnet.pk, "subnet-edit": world.office.subnet.pk,
    }.items():  # fmt: skip
        person.open(f"network:{name}", pk)
        yield name
    address = world.device.current_address
    person.open("network:subnet-detail", world.office.subnet.pk, query=f"?block={address}")
    yield "address map"
    person.open("network:lookup", query=f"?what={address}")
    expect(page.locator("[id^=tickets-of] a").first).to_be_visible()
    yield "look-up"
    yield from _reality(person, world)
    yield from _shelves(person, world)
    yield from _calendar(person)
    person.open("dashboard:sop-revision-new")
    longest = page.get_by_label("Paling lama").first
    longest.fill("0")
    longest.blur()
    expect(page.locator("#what-if")).to_contain_text("Perbaiki dahulu waktu yang ditandai merah")  # asks by itself
    person.press("Terbitkan revisi ini")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    yield "SOP revision, refused"
    person.open("dashboard:reports")
    yield "reports"
    person.open("accounts:availability")
    yield "availability"
    person.press("Simpan")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    yield "availability, refused"
    person.open("accounts:import")
    yield "import"
    uploads = {"errors": "nama,username,email\nTuti,tuti,bukan-email\n", "nothing wrong": "nama,username\nTuti,tuti\n"}
    for name, rows in uploads.items():
        file: Any = {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        page.get_by_label("Berkas CSV atau XLSX").set_input_files(file)
        person.press("Lihat pratinjau")
        expect(page.get_by_role("heading", name="Pratinjau")).to_be_visible()
        yield f"import, preview with {name}"


def _reality(person: Person, world: World) -> Iterator[str]:
    """What machines say, differing from what is recorded; nobody is really asked."""
    office, here = world.office, world.device.current_address
    Subnet.objects.filter(pk=office.subnet.pk).update(seen_directly=True)
    record(office.subnet, {here: Said("DESKTOP-7", "WORKGROUP", ""), "10.17.99.9": Said("TAMU", "WORKGROUP", "")})
    person.open("network:device-detail", world.device.pk)
    yield "device that differs"
    person.open("network:subnet-detail", office.subnet.pk)
    yield "subnet that is seen directly"
    person.open("network:drift")
    yield "drift"
    person.page.set_viewport_size(PHONE)
    yield "drift on a phone"
    person.page.set_viewport_size(DESKTOP)


def _shelves(person: Person, world: World) -> Iterator[str]:
    item = actions.receive_stock(Equipment.objects.get(name="Konektor RJ45"), quantity=9, by=world.office.admin)
    person.open("tickets:equipment-list")
    yield "equipment"
    person.open("tickets:equipment", item.pk)
    person.press("Simpan hasil hitung")
    expect(person.page.locator(".invalid-feedback").first).to_be_visible()
    yield "equipment, count refused"


def _calendar(person: Person) -> Iterator[str]:
    page = person.page
    propose_holidays([CalendarRevision.objects.current().published_at.year + 2])
    person.open("worktime:calendar", query="?year=2027&month=3")
    yield "calendar with a proposal"
    person.open("worktime:edit", query="?year=2027")
    yield "calendar, edit"
    page.locator("[name=normal-day0]").fill("12.00–07.30")
    page.get_by_role("button", name="Lihat akibatnya").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    yield "calendar, edit refused"
    page.locator("[name=normal-day0]").fill("08.00–12.00")
    ramadan = {"name": "Ramadan", "first": "2027-02-08", "last": "2027-03-09", "day0": "08.00–12.00"}
    for name, value in ramadan.items():
        page.locator(f"[name=dated-0-{name}]").fill(value)
    page.get_by_role("button", name="Lihat akibatnya").click()
    expect(page.get_by_role("heading", name="Contoh jatuh tempo")).to_be_visible()
    yield "calendar, preview"
    page.set_viewport_size(PHONE)
    yield "calendar, preview on a phone"
    page.set_viewport_size(DESKTOP)
    now = CalendarRevision.objects.current()
    CalendarRevision.objects.create(number=now.number + 1, name="Jam baru", zone=now.zone, data=now.data)
    person.open("tickets:older-calendars")
    yield "steps on an older calendar"


def supervisor(person: Person, world: World) -> Iterator[str]:
    person.open("dashboard:home")
    yield "home"
    yield from _board(person)
    yield from _tickets(person, world, Status.WORKING)
    rated = world.office.ticket_in(Status.DONE)
    actions.rate(rated, score=3, by=rated.requester, now=world.office.now)
    actions.answer(rated, answers=dict.fromkeys(range(1, 10), 4), by=rated.requester, now=world.office.now)
    person.open("dashboard:satisfaction", query="?first=2026-02-01")
    yield "satisfaction"
    page = person.page
    person.open("dashboard:sla")
    yield "dashboard"
    page.locator("details.define").first.evaluate("meaning => { meaning.open = true }")
    yield "dashboard, a number's meaning"
    for name in ("dashboard:home", "tickets:list", "network:device-list", "worktime:calendar"):
        person.open(name)
        page.set_viewport_size(PHONE)
        yield f"{name} on a phone"
    page.locator(".usermenu summary").click()
    yield "menu open"
    page.locator(".usermenu").evaluate("menu => { menu.open = false }")
    for name in ("keyboard-help", "login-again"):
        page.locator(f"#{name}").evaluate("dialog => dialog.showModal()")
        yield f"dialog {name}"
        page.locator(f"#{name}").evaluate("dialog => dialog.close()")
    for name in ("lost", "ended", "gone"):
        page.locator(f"[data-live-note={name}]").evaluate("note => { note.hidden = false }")
    yield "renewing no longer"


def _board(person: Person) -> Iterator[str]:
    """The board, a wall display's link, and the wall itself."""
    page = person.page
    person.open("dashboard:board")
    yield "board"
    page.set_viewport_size(PHONE)
    yield "board on a phone"
    page.set_viewport_size(DESKTOP)
    person.open("dashboard:displays")
    yield "wall displays"
    page.get_by_label("Nama layar").fill("TV")
    person.press("Buat tautan")
    link = page.get_by_label("Alamat layar").input_value()
    yield "wall display, its link"
    page.goto(person.server + link[link.index("/halocik/") :])
    for turn in ("Enam langkah", "Terlambat", "Hari ini"):
        page.get_by_role("button", name=turn, exact=True).click()
        yield f"wall, {turn}"


def _tickets(person: Person, world: World, *which: str) -> Iterator[str]:
    for status in which:
        person.open("tickets:detail", world.tickets[status].number)
        yield f"ticket {status}"


# Who takes which tour, by their place in the office.
GUESTS: list[tuple[Tour, str]] = [
    (visitor, ""), (employee, "requester"), (requester, "requester"), (newcomer, "colleague"),
    (technician, "technician"), (administrator, "admin"), (supervisor, "supervisor"),
]  # fmt: skip
