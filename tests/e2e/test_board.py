"""The board and the screens on the wall, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.e2e.conftest import Arrive
from tests.e2e.test_living_pages import pass_time
from tests.tickets.factories import Office
from tickets.workflow import Action, Status

pytestmark = pytest.mark.e2e

INTERVAL = 15_000
#: What is cut off where every column is full of the longest words.
CUT_WHEN_FULL = """() => {
  for (const column of document.querySelectorAll(".wall-column")) {
    const card = document.querySelector(".wall-card").cloneNode(true);
    card.querySelector("[data-countdown-text]").textContent = "terlambat 102 jam 48 menit";
    card.querySelector(".wall-card-who").innerHTML = "<b>Mendesak</b> · Satria H.";
    column.querySelector(".wall-cards").replaceChildren(...Array.from({length: 6}, () => card.cloneNode(true)));
    column.querySelector(".wall-rest")?.remove();
    column.insertAdjacentHTML("beforeend", '<p class="wall-rest">12 lagi</p>');
  }
  const cut = (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
  const all = [...document.querySelectorAll(".wall-cards, .wall-cards p")];
  return all.filter(cut).map((one) => one.className);
}"""


#: Which of the day's figures do not fit, where each is as long as it gets, or stand in two lines.
CROWDED_FIGURES = """() => {
  document.querySelector("[data-wall-turn='today']").click();
  const cards = [...document.querySelectorAll(".wall-figures > div")];
  return cards.filter((card) => {
    card.querySelector("dd").innerHTML = "<span>100%</span><small>1.234 dari 1.234 tiket</small>";
    const figure = card.querySelector("dd span");
    const lines = figure.getBoundingClientRect().height / parseFloat(getComputedStyle(figure).lineHeight);
    return lines > 1.5 || card.scrollHeight > card.clientHeight + 1 || card.scrollWidth > card.clientWidth + 1;
  }).map((card) => card.textContent);
}"""


def test_the_board_renews_itself_when_a_ticket_moves(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED, title="Pasang PC ruang rapat")
    boss = arrive(office.supervisor, clock=True)
    boss.open("dashboard:board")
    expect(boss.page.locator("#step-2")).to_contain_text("Pasang PC ruang rapat")
    office.do(Action.ACCEPT, ticket)
    boss.page.clock.run_for(INTERVAL)
    expect(boss.page.locator("#step-3")).to_contain_text("Pasang PC ruang rapat")
    expect(boss.page.locator("#step-2")).to_contain_text("Tidak ada tiket di langkah ini.")
    boss.page.set_viewport_size({"width": 360, "height": 740})
    boss.page.get_by_role("link", name=re.compile("Identifikasi")).click()
    expect(boss.page.locator("#step-3 h2")).to_be_in_viewport()
    boss.fits()
    User.objects.update(language="en")  # its words are longer
    boss.page.set_viewport_size({"width": 768, "height": 1024})
    boss.open("dashboard:board")
    boss.fits()


def test_a_wall_display_needs_no_log_in_lives_through_an_outage_and_ends_when_its_link_is_revoked(
    office: Office, arrive: Arrive
) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    boss = arrive(office.supervisor)
    boss.open("dashboard:board")
    boss.page.get_by_role("link", name="Layar dinding").click()
    boss.page.get_by_label("Nama layar").fill("TV ruang TI")
    boss.press("Buat tautan")
    link = boss.page.get_by_label("Alamat layar").input_value()
    path = link[link.index("/halocik/") :]

    page = arrive(clock=True, viewport={"width": 1280, "height": 720}).page
    page.goto(boss.server + path)
    second, third = page.locator("[aria-labelledby='wall-step-2']"), page.locator("[aria-labelledby='wall-step-3']")
    number = f"{ticket.number[3:8]}{ticket.number[8:].lstrip('0')}"
    expect(second).to_contain_text(number)
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a dictionary of just these two
        assert page.evaluate("document.scrollingElement.scrollHeight <= window.innerHeight")
        assert page.evaluate(CUT_WHEN_FULL) == []
    page.reload()
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
        assert page.evaluate(CROWDED_FIGURES) == []
    page.reload()

    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile("Terlambat sekarang"))).to_be_visible()
    page.clock.run_for(60_000)
    expect(page.get_by_role("heading", name=re.compile("Terlambat sekarang"))).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")

    page.route("**/dasbor/layar/**", lambda route: route.abort())
    pass_time(page, 30)
    expect(page.locator("[data-live-note=lost]")).to_contain_text(re.compile(r"Terputus, keadaan pukul \d\d\.\d\d"))
    office.do(Action.ACCEPT, ticket)
    page.unroute("**/dasbor/layar/**")
    pass_time(page, 120)
    expect(third).to_contain_text(number)
    expect(page.locator("[data-live-note=lost]")).to_be_hidden()

    boss.open("dashboard:displays")
    expect(boss.page.locator("main")).to_contain_text("TV ruang TI")
    boss.page.locator("summary", has_text="Cabut").click()
    boss.press("Cabut tautan")
    boss.sees_toast("dicabut")
    page.clock.run_for(INTERVAL)
    expect(page.locator("[data-live-note=gone]")).to_be_visible()
    expect(page.locator("#wall")).to_have_count(0)
    answer = page.goto(boss.server + path)
    assert answer is not None
    assert answer.status == 404


def test_an_admin_approves_three_at_once_of_which_one_was_decided_meanwhile(office: Office, arrive: Arrive) -> None:
    first, second, third = (office.ticket_in(Status.SUBMITTED) for _ in range(3))
    admin = arrive(office.admin, clock=True)
    admin.open("tickets:list", query="?state=approval")
    admin.page.get_by_label("Pilih semua di halaman ini").check()
    expect(admin.page.locator("[data-pick-count]")).to_have_text("3")
    office.do(Action.CHANGE_PRIORITY, third)
    admin.page.clock.run_for(INTERVAL)
    expect(admin.page.locator("[data-pick]:checked")).to_have_count(3)
    admin.press("Lanjut")
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("Setujui: 3 tiket")
    office.do(Action.REJECT, second)
    admin.page.get_by_label("Mendesak").check()
    admin.page.get_by_label(str(office.technician)).check()
    admin.press("Setujui")
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("2 dari 3 tiket berhasil")
    refused = admin.page.locator("tr", has_text=second.number)
    expect(refused).to_contain_text("Ditolak")
    admin.page.reload()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("2 dari 3 tiket berhasil")
    assert first.events.filter(kind=Action.APPROVE).count() == 1

    admin.page.set_viewport_size({"width": 360, "height": 740})
    admin.open("tickets:list")
    for menu in ("Tampilan", "Kolom"):
        admin.page.locator(".list-tools summary", has_text=menu).click()
        admin.fits()
