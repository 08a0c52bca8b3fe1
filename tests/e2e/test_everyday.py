"""What happens at a desk every day: double clicks, stale tabs, half-typed words, sessions that run out, shortcuts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from tests.e2e.conftest import Arrive
from tests.e2e.people import Person, fill_in_log_in
from tests.e2e.test_walk import TITLE
from tests.tickets.factories import Office
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import Action, Status

pytestmark = pytest.mark.e2e

A_POLL = 16_000  # milliseconds of the browser's clock


def fill_in_request(page: Page) -> None:
    page.get_by_text("Gangguan", exact=True).click()
    page.get_by_label("Apa yang Anda perlukan?").fill(TITLE)
    page.get_by_label("Jelaskan perangkatnya").fill("Printer Epson di ruang rapat")
    page.get_by_role("textbox", name="Ruang").fill("Ruang rapat")
    page.get_by_label("Telepon atau WhatsApp").fill("0812")


def comment_field(person: Person) -> Locator:
    return person.page.locator("#form-comment textarea")


def mark(page: Page) -> None:
    """Leaves something in the page that a full reload would lose."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


# Nothing doubled, nothing lost


def test_a_double_click_submits_one_ticket(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester)
    rini.open("tickets:create")
    fill_in_request(rini.page)
    rini.page.locator("main").get_by_role("button", name="Ajukan tiket").last.dblclick()
    rini.page.wait_for_url(re.compile(r"HC-\d{4}-\d{6}/$"))
    assert Ticket.objects.count() == 1


def test_going_back_after_submitting_shows_an_empty_form(office: Office, arrive: Arrive) -> None:
    """What was accepted does not stand there to be sent a second time; and reloading the ticket sends nothing."""
    rini = arrive(office.requester)
    rini.open("tickets:create")
    fill_in_request(rini.page)
    rini.press("Ajukan tiket", within=".submission-end")
    rini.page.wait_for_url(re.compile(r"HC-\d{4}-\d{6}/$"))
    rini.page.reload()
    rini.page.go_back()
    expect(rini.page.get_by_label("Apa yang Anda perlukan?")).to_have_value("")
    rini.press("Ajukan tiket", within=".submission-end")
    expect(rini.page.locator(".invalid-feedback").first).to_be_visible()
    assert Ticket.objects.count() == 1


def test_a_double_click_sends_one_comment(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.SUBMITTED)
    rini = arrive(office.requester)
    rini.open("tickets:detail", ticket.number)
    comment_field(rini).fill("Apa kabarnya?")
    rini.page.locator("#form-comment").get_by_role("button", name="Kirim").dblclick()
    rini.sees_toast("Komentar terkirim.")
    expect(rini.page.locator(".timeline").get_by_text("Apa kabarnya?")).to_have_count(1)
    expect(comment_field(rini)).to_have_value("")
    assert ticket.events.filter(kind=Action.COMMENT).count() == 1


def test_a_stale_tab_is_told_and_shows_the_ticket_as_it_is_now(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    first = arrive(office.technician)
    first.open("tickets:detail", ticket.number)
    stale = Person(first.page.context.new_page(), first.server)
    stale.open("tickets:detail", ticket.number)
    mark(stale.page)
    first.press("Terima tugas")
    first.sees_ticket("Identifikasi", "Catat kebutuhan dan rencana jaringan")
    stale.press("Terima tugas")
    message = stale.page.locator("#ticket-message")
    expect(message).to_contain_text("Keadaannya sudah berubah")
    expect(message).to_be_focused()
    stale.sees_ticket("Identifikasi", "Catat kebutuhan dan rencana jaringan")
    assert stayed(stale.page), "the page was loaded anew"
    assert stale.page.url == first.page.url


def test_a_stale_form_without_javascript_gets_a_page_that_leads_on(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    tono = arrive(office.technician, java_script_enabled=False)
    tono.open("tickets:detail", ticket.number)
    office.do(Action.ACCEPT, ticket, now=None)
    tono.press("Terima tugas")
    expect(tono.page.get_by_role("heading", level=1)).to_have_text("Keadaannya sudah berubah")
    tono.page.get_by_role("link", name="Lihat keadaan terbaru").click()
    tono.sees_ticket("Identifikasi", "Catat kebutuhan dan rencana jaringan")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_an_admin_folds_out_reassigning_and_chooses(office: Office, arrive: Arrive, script: bool) -> None:
    ticket = office.ticket_in(Status.WORKING)
    ani = arrive(office.admin, java_script_enabled=script)
    ani.open("tickets:detail", ticket.number)
    form = ani.page.locator("#form-reassign")
    ani.page.get_by_text("Tindakan lain").click()
    ani.page.locator("summary", has_text="Alihkan").click()
    if not script:
        form.get_by_role("link", name="Lihat teknisi dan beban tugasnya").click()
    form.get_by_text("Tika Teknisi").click()
    form.get_by_label("Alasan").fill("Tono cuti.")
    form.get_by_role("button", name="Alihkan").click()
    ani.sees_ticket("Menerima alokasi", "Menunggu Tika Teknisi menerima tugas ini")


def test_news_leave_the_technicians_to_choose_from(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.WORKING)
    ani = arrive(office.admin, clock=True)
    ani.open("tickets:detail", ticket.number)
    ani.page.get_by_text("Tindakan lain").click()
    ani.page.locator("summary", has_text="Alihkan").click()
    choice = ani.page.locator("#form-reassign").get_by_text("Tika Teknisi")
    expect(choice).to_be_visible()
    actions.comment(ticket, by=office.technician, text="Saya masih di jalan.")
    ani.page.clock.fast_forward(A_POLL)
    expect(ani.page.locator(".timeline")).to_contain_text("Saya masih di jalan.")
    expect(choice).to_be_visible()


def test_a_half_typed_comment_outlives_the_poll(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.IDENTIFYING)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    mark(rini.page)
    comment_field(rini).press_sequentially("Sebentar, saya")
    actions.comment(ticket, by=office.technician, text="Saya sudah di depan ruangan.")
    rini.page.clock.fast_forward(A_POLL)
    expect(rini.page.locator(".timeline")).to_contain_text("Saya sudah di depan ruangan.")
    expect(comment_field(rini)).to_have_value("Sebentar, saya")
    expect(comment_field(rini)).to_be_focused()
    rini.page.keyboard.type(" datang.")
    expect(comment_field(rini)).to_have_value("Sebentar, saya datang.")
    assert stayed(rini.page)


def test_a_form_whose_step_is_over_stays_with_what_was_typed(office: Office, arrive: Arrive) -> None:
    """Somebody else moved the ticket meanwhile: the page says so and leaves the words to the person."""
    ticket = office.ticket_in(Status.WORKING)
    tono = arrive(office.technician, clock=True)
    tono.open("tickets:detail", ticket.number)
    summary = tono.page.get_by_label("Apa yang dikerjakan?")
    summary.fill("Kabel ditarik dari")
    actions.reassign(ticket, by=office.admin, technician=office.other_technician, reason="Tono cuti.")
    tono.page.clock.fast_forward(A_POLL)
    expect(tono.page.locator("#ticket-news")).to_be_visible()
    expect(summary).to_have_value("Kabel ditarik dari")


def test_wrong_input_is_told_at_its_field_and_nothing_typed_is_lost(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.IDENTIFYING)
    tono = arrive(office.technician)
    tono.open("tickets:detail", ticket.number)
    mark(tono.page)
    comment_field(tono).fill("Catatan yang belum selesai")
    form = tono.page.locator("#form-identify")
    form.get_by_label("Barang").first.fill("Kabel UTP")
    form.get_by_label("Alamat IP").fill("10.17.0.1")
    form.get_by_label("Nama PC").fill("PC KANTOR")
    form.get_by_label("Grup jaringan").select_option("BPS1700")
    tono.press("Simpan identifikasi")
    expect(form.locator("#div_identify-pc_name .invalid-feedback")).to_be_visible()
    expect(form.locator(".is-invalid").first).to_be_focused()
    expect(form.get_by_label("Barang").first).to_have_value("Kabel UTP")
    expect(form.get_by_label("Alamat IP")).to_have_value("10.17.0.1")
    expect(form.get_by_label("Grup jaringan").locator("option:checked")).to_have_text("BPS1700")
    expect(comment_field(tono)).to_have_value("Catatan yang belum selesai")
    form.get_by_label("Nama PC").fill("PC-KANTOR")
    tono.press("Simpan identifikasi")
    expect(form.locator("#div_identify-address .invalid-feedback")).to_be_visible()
    form.get_by_label("Alamat IP").fill("10.17.0.77")
    tono.press("Simpan identifikasi")
    tono.sees_ticket("Pelaksanaan", "Catat pekerjaan yang sudah selesai")
    expect(comment_field(tono)).to_have_value("Catatan yang belum selesai")
    assert stayed(tono.page)


def test_a_comment_outlives_the_session_and_is_sent_after_a_new_log_in(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.SUBMITTED)
    rini = arrive(office.requester)
    rini.open("tickets:detail", ticket.number)
    comment_field(rini).fill("Saya pindah ke lantai 3.")
    Session.objects.all().delete()
    rini.page.locator("#form-comment").get_by_role("button", name="Kirim").click()
    dialog = rini.page.get_by_role("dialog", name="Sesi Anda berakhir")
    expect(dialog).to_be_visible()
    expect(comment_field(rini)).to_have_value("Saya pindah ke lantai 3.")
    dialog.get_by_role("button", name="Coba lagi").click()
    expect(dialog).to_contain_text("Anda belum masuk.")
    with rini.page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Masuk di tab baru").click()
    fill_in_log_in(opened.value, office.requester)
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Halo")
    opened.value.close()
    dialog.get_by_role("button", name="Coba lagi").click()
    expect(dialog).to_be_hidden()
    rini.sees_toast("Komentar terkirim.")
    expect(rini.page.locator(".timeline")).to_contain_text("Saya pindah ke lantai 3.")
    assert ticket.events.filter(kind=Action.COMMENT).count() == 1


def test_a_request_outlives_the_session(office: Office, arrive: Arrive) -> None:
    """A plain form leads to the log-in page and back; the draft waits in the tab."""
    rini = arrive(office.requester)
    rini.open("tickets:create")
    fill_in_request(rini.page)
    Session.objects.all().delete()
    rini.press("Ajukan tiket", within=".submission-end")
    fill_in_log_in(rini.page, office.requester)
    rini.page.wait_for_url(rini.server + reverse("tickets:create"))
    expect(rini.page.get_by_label("Apa yang Anda perlukan?")).to_have_value(TITLE)
    expect(rini.page.get_by_label("Jelaskan perangkatnya")).to_have_value("Printer Epson di ruang rapat")
    expect(rini.page.locator(".category-tile:has(:checked)")).to_contain_text("Gangguan")
    rini.press("Ajukan tiket", within=".submission-end")
    rini.page.wait_for_url(re.compile(r"HC-\d{4}-\d{6}/$"))
    rini.open("tickets:create")
    expect(rini.page.get_by_label("Apa yang Anda perlukan?")).to_have_value("")


def test_a_file_goes_with_a_comment_and_comes_back_unchanged(
    office: Office, arrive: Arrive, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = office.ticket_in(Status.WORKING)
    rini, tono = arrive(office.requester), arrive(office.technician)
    rini.open("tickets:detail", ticket.number)
    comment_field(rini).fill("Ini pesan galatnya.")
    words = b"Tidak terhubung ke jaringan\n"
    rini.page.get_by_label("Lampiran").set_input_files(
        {"name": "pesan galat.txt", "mimeType": "text/plain", "buffer": words}
    )
    rini.page.locator("#form-comment").get_by_role("button", name="Kirim").click()
    rini.sees_toast("Komentar terkirim.")
    tono.open("tickets:detail", ticket.number)
    with tono.page.expect_download() as begun:
        tono.page.get_by_role("link", name="pesan galat.txt").click()
    assert begun.value.suggested_filename == "pesan galat.txt"
    assert begun.value.path().read_bytes() == words


# Time and news


def test_the_countdown_goes_on_by_itself(office: Office, arrive: Arrive) -> None:
    ticket = office.submit(now=actions.database_now())
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    left = rini.page.locator(".awaited .countdown")
    expect(left).to_contain_text("sisa 10 menit")
    rini.hears_nothing_new()
    rini.page.clock.fast_forward(3 * 60_000)
    expect(left).to_contain_text("sisa 7 menit")
    rini.page.clock.fast_forward(8 * 60_000)
    expect(left).to_contain_text("terlambat 1 menit")


def test_a_page_that_is_left_open_shows_what_others_do(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.SUBMITTED)
    rini, tono = (arrive(user, clock=True) for user in (office.requester, office.technician))
    rini.open("tickets:detail", ticket.number)
    tono.open("dashboard:home")
    expect(tono.page.locator("#home")).to_contain_text("Tidak ada tugas untuk Anda saat ini")
    office.do(Action.APPROVE, ticket, now=None)
    rini.page.clock.fast_forward(A_POLL)
    tono.page.clock.fast_forward(A_POLL)
    rini.sees_ticket("Menerima alokasi", "Menunggu Tono Teknisi menerima tugas ini")
    expect(tono.page.locator("#home").get_by_role("button", name="Terima tugas")).to_be_visible()


# Lists and keys


def test_filters_live_in_the_address_and_survive_a_reload(office: Office, arrive: Arrive) -> None:
    office.submit(title="Printer macet di lantai 2")
    office.submit(title="Internet lambat")
    ani = arrive(office.admin)
    ani.open("tickets:list")
    mark(ani.page)
    ani.page.locator("#ticket-q").press_sequentially("printer")
    rows = ani.page.locator(".ticket-rows tbody tr")
    expect(rows).to_have_count(1)
    ani.page.get_by_role("link", name="Menunggu persetujuan").click()
    expect(ani.page).to_have_url(re.compile(r"(?=.*q=printer)(?=.*state=approval)"))
    assert stayed(ani.page)
    ani.page.reload()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Printer macet di lantai 2")
    expect(ani.page.locator("#ticket-q")).to_have_value("printer")
    expect(ani.page.locator(".chip[aria-current]").first).to_contain_text("Menunggu persetujuan")


def test_shortcuts_lead_where_they_say(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester)
    page = rini.page
    rini.open("dashboard:home")
    page.keyboard.press("/")
    expect(page.locator("#topsearch")).to_be_focused()
    page.keyboard.type("n")
    expect(page.locator("#topsearch")).to_have_value("n")
    page.locator("#topsearch").blur()
    page.keyboard.press("?")
    helping = page.get_by_role("dialog", name="Pintasan papan ketik")
    expect(helping).to_be_visible()
    page.keyboard.press("Escape")
    expect(helping).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url(rini.server + reverse("tickets:list"))
    page.keyboard.press("n")
    page.wait_for_url(rini.server + reverse("tickets:create"))


def test_the_first_tab_leads_past_the_menu(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester)
    rini.open("dashboard:home")
    rini.page.keyboard.press("Tab")
    skip = rini.page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    rini.page.keyboard.press("Enter")
    expect(rini.page.locator("#main")).to_be_focused()


# Language and look


def open_menu(page: Page) -> None:
    page.locator(".usermenu summary").click()


def test_english_is_a_switch_away_and_indonesian_another(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester)
    rini.open("tickets:list")
    open_menu(rini.page)
    rini.page.get_by_role("button", name="English").click()
    expect(rini.page.locator("html")).to_have_attribute("lang", "en")
    expect(rini.page.get_by_role("heading", level=1)).to_have_text("My tickets")
    assert rini.page.url == rini.server + reverse("tickets:list")
    open_menu(rini.page)
    rini.page.get_by_role("button", name="Indonesia").click()
    expect(rini.page.get_by_role("heading", level=1)).to_have_text("Tiket saya")


def test_the_dark_look_shows_at_once_and_stays_also_after_logging_out(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester)
    page, look = rini.page, rini.page.locator("html")
    rini.open("dashboard:home")
    expect(look).to_have_attribute("data-bs-theme", "light")
    open_menu(page)
    with page.expect_response(lambda answer: reverse("accounts:theme") in answer.url):
        page.get_by_role("button", name="Gelap").click()
    expect(look).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(look).to_have_attribute("data-bs-theme", "dark")
    open_menu(page)
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url(rini.server + reverse("account_login"))
    expect(look).to_have_attribute("data-bs-theme", "dark")
