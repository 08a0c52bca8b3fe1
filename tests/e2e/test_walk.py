"""The whole SOP in real browsers: four people, each with a browser of their own, at one helpdesk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from network.models import IPAssignment
from tests.e2e.conftest import Arrive
from tests.e2e.people import PHONE, Person
from tests.tickets.factories import Office
from tickets.integrity import violations
from tickets.models import Ticket
from tickets.workflow import Status

pytestmark = pytest.mark.e2e

TITLE = "Pasang jaringan untuk PC baru"


def test_four_people_walk_the_whole_sop(office: Office, arrive: Arrive) -> None:
    rini, ani, tono, pimp = arrive(), arrive(), arrive(), arrive()
    rini.log_in(office.requester)
    number = submit(rini)
    rini.sees_ticket("Pengajuan", "Menunggu persetujuan Admin/PJK TIP")
    expect(rini.page.locator(".awaited .countdown")).to_contain_text("sisa 10 menit")

    ani.log_in(office.admin)
    expect(ani.page.locator("#home")).to_contain_text("Perlu persetujuan")
    ani.page.get_by_role("link", name=TITLE).click()
    approve(ani, "Tono Teknisi")
    ani.sees_ticket("Menerima alokasi", "Menunggu Tono Teknisi menerima tugas ini")

    tono.log_in(office.technician)
    tono.page.get_by_role("link", name=TITLE).click()
    decline(tono, "Saya sedang di Mukomuko.")
    tono.sees_ticket("Pengajuan", "Menunggu persetujuan Admin/PJK TIP")
    tono.cannot_act()

    ani.open("tickets:detail", number)
    expect(ani.page.locator(".ticket-talk")).to_contain_text("Saya sedang di Mukomuko.")
    approve(ani, "Tono Teknisi")

    tono.open("dashboard:home")
    accept_at_home(tono)
    rini.open("tickets:detail", number)
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    rini.cannot_act()

    identify(tono)
    hold_and_resume(tono, rini, number)
    complete_work(tono, "Kabel ditarik dan konektor dipasang.")
    fail_test(tono)
    tono.sees_ticket("Pelaksanaan", "Catat pekerjaan yang sudah selesai")
    rini.open("tickets:detail", number)
    rini.sees_ticket("Pelaksanaan", "Tono Teknisi sedang mengerjakan")
    expect(rini.page.locator(".tracker .step-back")).to_contain_text("akan diulang")

    complete_work(tono, "Konektor diganti.")
    pass_test(tono)
    finish(tono)
    done(rini, number)

    reopen(rini)
    rini.sees_ticket("Pelaksanaan", "Tono Teknisi sedang mengerjakan")
    tono.open("tickets:detail", number)
    expect(tono.page.locator(".ticket-talk")).to_contain_text("Internet masih putus-putus.")
    complete_work(tono, "Port di switch dipindah.")
    pass_test(tono)
    finish(tono)
    done(rini, number)

    pimp.log_in(office.supervisor)
    watch(pimp, number)
    assert list(violations()) == []
    ticket = Ticket.objects.get(number=number)
    assert ticket.status == Status.DONE
    assert IPAssignment.objects.active().get(device=ticket.device).address == "10.17.0.23"


def test_a_technician_does_it_all_on_a_phone(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED, title=TITLE)
    tono = arrive(office.technician, **PHONE)
    tono.open("dashboard:home")
    tono.fits()
    accept_at_home(tono)
    tono.open("tickets:detail", ticket.number)
    next_action_comes_first(tono)
    for step in (identify, held_for_a_moment, worked, fail_test, worked, pass_test, finish):
        step(tono)
        tono.fits()
    expect(tono.page.locator("#next-title")).to_have_text(
        "Perangkat siap digunakan dalam jaringan", use_inner_text=True
    )
    assert list(violations()) == []


def test_submitting_and_approving_need_no_javascript(office: Office, arrive: Arrive) -> None:
    rini = arrive(java_script_enabled=False)
    rini.log_in(office.requester)
    number = submit(rini)
    ani = arrive(java_script_enabled=False)
    ani.log_in(office.admin)
    ani.open("tickets:detail", number)
    ani.press("Setujui")
    expect(ani.page.locator("#form-approve .invalid-feedback")).to_be_visible()
    approve(ani, "Tono Teknisi")
    ani.sees_ticket("Menerima alokasi", "Menunggu Tono Teknisi menerima tugas ini")
    assert list(violations()) == []


# What each of them does, by what they see


def submit(rini: Person) -> str:
    """Fills in the form as a person would; returns the new ticket's number."""
    page = rini.page
    page.get_by_role("link", name="Ajukan tiket").first.click()
    page.get_by_text("Pasang baru", exact=True).click()
    page.get_by_label("Apa yang Anda perlukan?").fill(TITLE)
    page.get_by_label("Keterangan").fill("PC baru untuk tim Sosial, belum ada kabel.")
    page.get_by_label("Jelaskan perangkatnya").fill("PC Lenovo baru")
    page.get_by_role("textbox", name="Ruang").fill("Lantai 2, ruang Sosial")
    page.get_by_label("Telepon atau WhatsApp").fill("0812 3456 7890")
    page.locator("main").get_by_role("button", name="Ajukan tiket").last.click()
    page.wait_for_url(re.compile(r"HC-\d{4}-\d{6}/$"))
    number = page.url.rstrip("/").rpartition("/")[2]
    rini.sees_toast(f"Tiket {number} sudah kami terima.")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return number


def approve(ani: Person, technician: str) -> None:
    ani.sees_ticket("Pengajuan", "Setujui dan alokasikan")
    form = ani.page.locator("#form-approve")
    form.get_by_text("Tinggi", exact=True).click()
    form.get_by_text(technician).click()
    ani.press("Setujui")
    ani.sees_toast("Tiket disetujui dan dialokasikan.")
    expect(ani.page.locator(".ticket-badges")).to_contain_text("Prioritas tinggi")


def decline(tono: Person, reason: str) -> None:
    tono.sees_ticket("Menerima alokasi", "Terima tugas ini")
    form = tono.press_aside("Kembalikan ke admin")
    form.get_by_label("Alasan").fill(reason)
    form.get_by_role("button", name="Kembalikan ke admin").click()
    tono.sees_toast("Tugas dikembalikan kepada admin.")


def accept_at_home(tono: Person) -> None:
    """One tap on the home page, which leads to the ticket."""
    tono.page.get_by_role("button", name="Terima tugas").click()
    tono.page.wait_for_url(re.compile(r"HC-\d{4}-\d{6}/$"))
    tono.sees_toast("Tugas diterima. Selamat bekerja.")
    tono.sees_ticket("Identifikasi", "Catat kebutuhan dan rencana jaringan")


def identify(tono: Person) -> None:
    form = tono.page.locator("#form-identify")
    form.get_by_label("Barang").first.fill("konektor rj45")
    expect(form.locator(".item-stock").first).to_have_text("stok 0 buah")
    form.get_by_label("Barang").first.fill("Kabel UTP 15 m")
    expect(form.locator(".item-stock").first).to_be_hidden()
    form.get_by_label("Jumlah").first.fill("2")
    form.get_by_label("Merek dan tipe").fill("Lenovo Neo 50")
    form.get_by_label("Nomor aset (NUP)").fill("3100102002-17")
    form.get_by_label("Alamat IP").fill("10.17.0.23")
    form.get_by_label("Nama PC").fill("PC-SOSIAL-07")
    form.get_by_label("Grup jaringan").select_option("BPS1700")
    tono.press("Simpan identifikasi")
    tono.sees_toast("Identifikasi tersimpan.")
    tono.sees_ticket("Pelaksanaan", "Catat pekerjaan yang sudah selesai")
    expect(tono.page.locator(".records")).to_contain_text("10.17.0.23")


def held_for_a_moment(tono: Person) -> None:
    form = tono.press_aside("Tunda")
    form.get_by_text("Menunggu perangkat").click()
    form.get_by_role("button", name="Tunda").click()
    tono.sees_toast("Tiket ditunda. Waktunya berhenti dihitung.")
    tono.sees_ticket("Pelaksanaan", "Lanjutkan tiket ini")
    tono.press("Lanjutkan")
    tono.sees_toast("Tiket dilanjutkan.")
    tono.sees_ticket("Pelaksanaan", "Catat pekerjaan yang sudah selesai")


def hold_and_resume(tono: Person, rini: Person, number: str) -> None:
    form = tono.press_aside("Tunda")
    form.get_by_text("Menunggu perangkat").click()
    form.get_by_label("Penjelasan").fill("Konektor habis.")
    form.get_by_role("button", name="Tunda").click()
    tono.sees_ticket("Pelaksanaan", "Lanjutkan tiket ini")
    expect(tono.page.locator("#form-complete_work")).to_have_count(0)
    rini.open("tickets:detail", number)
    rini.sees_ticket("Pelaksanaan", "Tiket ini sedang ditunda")
    expect(rini.page.locator(".awaited")).to_contain_text("Menunggu perangkat/material: Konektor habis.")
    expect(rini.page.locator(".tracker [aria-current=step]")).to_contain_text("ditunda sejak")
    tono.press("Lanjutkan")
    tono.sees_toast("Tiket dilanjutkan.")


def worked(tono: Person) -> None:
    complete_work(tono, "Kabel ditarik.")


def complete_work(tono: Person, summary: str) -> None:
    form = tono.page.locator("#form-complete_work")
    form.get_by_label("Apa yang dikerjakan?").fill(summary)
    tono.press("Selesaikan pekerjaan")
    tono.sees_toast("Pekerjaan selesai.")
    tono.sees_ticket("Tes dan uji coba", "Uji koneksi perangkat")


def tick_checks(page: Page, failing: str = "") -> None:
    for check in page.locator("fieldset.check").all():
        outcome = "Gagal" if failing and failing in check.inner_text() else "Berhasil"
        check.get_by_label(outcome, exact=True).check()


def fail_test(tono: Person) -> None:
    tick_checks(tono.page, failing="gateway")
    tono.page.locator("#form-test").get_by_label("Catatan").fill("Gateway tidak menjawab.")
    tono.press("Gagal uji")
    tono.sees_toast("Uji koneksi gagal. Tiket kembali ke langkah 4.")
    expect(tono.page.locator(".ticket-talk")).to_contain_text("menyatakan uji koneksi gagal pada “Ping ke gateway")


def pass_test(tono: Person) -> None:
    tick_checks(tono.page)
    tono.press("Lulus uji")
    tono.sees_toast("Uji koneksi berhasil.")
    tono.sees_ticket("Selesai", "Cocokkan, catat, dan selesaikan")


def finish(tono: Person) -> None:
    """The plan stands in the form; it is confirmed at the device."""
    form = tono.page.locator("#form-finish")
    expect(form.get_by_label("Alamat IP")).to_have_value("10.17.0.23")
    expect(form.get_by_label("Nama PC")).to_have_value("PC-SOSIAL-07")
    tono.press("Selesaikan tiket")
    expect(form).to_contain_text("Cocokkan dulu ketiganya di perangkat")
    form.get_by_label("Sudah saya cocokkan").check()
    tono.press("Selesaikan tiket")
    tono.sees_toast("Tiket selesai.")


def done(rini: Person, number: str) -> None:
    """What the requester sees in the end: in their list of what closed lately, and on the ticket."""
    rini.open("dashboard:home")
    expect(rini.page.locator("#closed-title + *, section:has(#closed-title)").last).to_contain_text(number)
    rini.open("tickets:detail", number)
    expect(rini.page.locator("#next-title")).to_have_text(
        "Perangkat siap digunakan dalam jaringan", use_inner_text=True
    )
    expect(rini.page.locator(".ticket-badges")).to_contain_text("Selesai")
    expect(rini.page.locator(".tracker .step-done")).to_have_count(6)
    expect(rini.page.locator(".awaited")).to_contain_text("Sesuai standar SOP")


def reopen(rini: Person) -> None:
    form = rini.press_aside("Buka lagi")
    form.get_by_label("Apa yang belum beres?").fill("Internet masih putus-putus.")
    form.get_by_role("button", name="Buka lagi").click()
    rini.sees_toast("Tiket dibuka lagi.")


def watch(pimp: Person, number: str) -> None:
    """A supervisor sees the ticket with all of its history, and may say something, no more."""
    pimp.open("tickets:detail", number)
    expect(pimp.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for words in ("mengembalikan tugas", "menunda tiket", "uji koneksi gagal", "membuka lagi tiket"):
        expect(pimp.page.locator(".ticket-talk")).to_contain_text(words)
    pimp.cannot_act()
    expect(pimp.page.locator("details.side")).to_have_count(0)
    expect(pimp.page.locator("#form-comment")).to_be_visible()


def next_action_comes_first(tono: Person) -> None:
    """On a phone it stands above tracker, facts and talk, and its heading shows without scrolling."""
    tops = {name: tono.page.locator(name).bounding_box() for name in (".ticket-next", ".ticket-facts", ".ticket-talk")}
    heights = [box["y"] for box in tops.values() if box]
    assert heights == sorted(heights)
    expect(tono.page.locator("#next-title")).to_be_in_viewport()
