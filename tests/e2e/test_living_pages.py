"""Pages that stay open: they renew themselves around whoever works on them, and say so when they cannot.

The browser's clock is moved by the tests, so what is measured in its seconds is the shipped interval.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Locator, Page, Route, expect

from halocik.templatetags import ui
from tests.e2e.conftest import Arrive
from tests.e2e.people import enter
from tests.tickets.factories import Office
from tickets import actions, notify
from tickets.models import Ticket
from tickets.workflow import Action, Status

pytestmark = pytest.mark.e2e

INTERVAL = 15_000  # milliseconds: nothing that is shown may be older
TYPED = "Sebentar, saya datang."


def asked(page: Page, name: str, *args: Any) -> list[str]:
    """The requests to an address from now on."""
    found: list[str] = []
    address = reverse(name, args=args)
    page.on("request", lambda request: found.append(request.url) if address in request.url else None)
    return found


def comment_field(page: Page) -> Locator:
    return page.locator("#form-comment textarea")


def caret(field: Locator) -> int:
    return int(field.evaluate("field => field.selectionStart"))


#: What the page has asked and not yet read to its end: counted where it asks, for the browser tells of it later.
COUNT_QUESTIONS = """() => {
  if (window.openQuestions !== undefined) return;
  window.openQuestions = 0;
  const ask = window.fetch;
  window.fetch = async (...question) => {
    window.openQuestions += 1;
    try {
      const answer = await ask(...question);
      await answer.clone().arrayBuffer();
      return answer;
    } finally {
      window.openQuestions -= 1;
    }
  };
}"""


def pass_time(page: Page, seconds: int) -> None:
    """In steps that are shorter than the patience of a poll, each of which is answered before the next step."""
    page.evaluate(COUNT_QUESTIONS)
    for _ in range(0, seconds, 10):
        page.clock.run_for(10_000)
        while page.evaluate("window.openQuestions"):
            page.wait_for_timeout(20)
        page.wait_for_timeout(20)


def away(page: Page, gone: bool) -> None:
    """Another tab in front of this one, or no longer."""
    page.evaluate(
        """gone => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => gone });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        gone,
    )


# What others do


def test_an_open_ticket_shows_within_15_seconds_what_a_colleague_did(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    rini, tono = arrive(office.requester, clock=True), arrive(office.technician)
    rini.open("tickets:detail", ticket.number)
    rini.page.locator("details.runs > summary").click()
    field = comment_field(rini.page)
    field.fill(TYPED)
    field.press("Home")
    for _ in range(3):
        field.press("ArrowRight")
    tono.open("tickets:detail", ticket.number)
    tono.press("Terima tugas")
    tono.sees_ticket("Identifikasi", "Catat kebutuhan dan rencana jaringan")
    expect(rini.page.locator(".tracker [aria-current=step]")).to_contain_text("alokasi")
    rini.page.clock.run_for(INTERVAL)
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    expect(rini.page.locator(".timeline")).to_contain_text("menerima tugas")
    rini.page.clock.run_for(1000)
    expect(rini.page.locator("#live-news")).to_have_text("Tiket diperbarui: Tono Teknisi menerima tugas.")
    expect(rini.page.locator("details.runs")).to_have_attribute("open", "")
    expect(field).to_have_value(TYPED)
    expect(field).to_be_focused()
    assert caret(field) == 3


def test_without_news_nothing_is_sent_drawn_or_said(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.WORKING)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    rini.page.evaluate(
        """() => {
            window.changes = 0;
            const watch = new MutationObserver(() => { window.changes += 1; });
            for (const id of ["ticket-news", "live-news", "live-note", "talk-title"])
              watch.observe(document.getElementById(id), { subtree: true, childList: true, attributes: true });
        }"""
    )
    polls, rings = asked(rini.page, "tickets:fragment", ticket.number), asked(rini.page, "tickets:bell")
    for _ in range(3):
        with rini.page.expect_response(lambda answer: "/bagian/" in answer.url) as answered:
            rini.page.clock.run_for(INTERVAL)
        assert answered.value.status == 204
        assert answered.value.header_value("cache-control") == "no-store, private"
    assert 3 <= len(polls) <= 4
    assert not rings, "the bell comes with the ticket's polls"
    assert rini.page.evaluate("window.changes") == 0


def test_the_bell_rings_with_the_same_poll(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.WORKING)
    notify.fan_out()
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    before = rini.page.locator("#bell").get_attribute("data-version")
    office.do(Action.COMMENT, ticket, by=office.technician, text="Saya di depan ruangan.")
    notify.fan_out()
    rini.page.clock.run_for(INTERVAL)
    expect(rini.page.locator("#bell")).not_to_have_attribute("data-version", str(before))
    expect(rini.page.locator(".timeline")).to_contain_text("Saya di depan ruangan.")
    rini.open("tickets:create")
    rung = rini.page.locator("#bell").get_attribute("data-version")
    office.do(Action.COMMENT, ticket, by=office.technician, text="Pintunya terkunci.")
    notify.fan_out()
    rini.page.clock.run_for(INTERVAL)
    expect(rini.page.locator("#bell")).not_to_have_attribute("data-version", str(rung))


def test_a_form_whose_step_is_over_stays_and_cannot_be_sent(office: Office, arrive: Arrive) -> None:
    """The rest of the page goes on; another form of the same block that still holds would have been renewed."""
    ticket = office.ticket_in(Status.WORKING)
    tono = arrive(office.technician, clock=True)
    tono.open("tickets:detail", ticket.number)
    summary = tono.page.get_by_label("Apa yang dikerjakan?")
    summary.fill("Kabel ditarik dari")
    notice = tono.page.locator("#ticket-news")
    office.do(Action.COMMENT, ticket, text="Apa kabarnya?")
    tono.page.clock.run_for(INTERVAL)
    expect(tono.page.locator(".timeline")).to_contain_text("Apa kabarnya?")
    expect(notice).to_be_hidden()
    actions.reassign(ticket, by=office.admin, technician=office.other_technician, reason="Tono cuti.")
    tono.page.clock.run_for(INTERVAL)
    expect(notice).to_contain_text("mengalihkan tugas")
    expect(tono.page.locator(".timeline")).to_contain_text("mengalihkan tugas")
    expect(tono.page.locator("#form-complete_work [type=submit]")).to_be_disabled()
    expect(summary).to_have_value("Kabel ditarik dari")
    expect(summary).to_be_focused()
    notice.get_by_role("link", name="Muat keadaan terbaru").click()
    expect(summary).to_have_count(0)


def test_what_was_typed_outlives_a_refusal(office: Office, arrive: Arrive) -> None:
    """Sent before the page could say that the ticket has gone on."""
    ticket = office.ticket_in(Status.WORKING)
    tono = arrive(office.technician)
    tono.open("tickets:detail", ticket.number)
    summary = tono.page.get_by_label("Apa yang dikerjakan?")
    summary.fill("Kabel ditarik dari")
    office.do(Action.HOLD, ticket, by=office.admin, now=None)
    tono.page.locator("#form-complete_work [type=submit]").click()
    expect(tono.page.locator("#ticket-message")).to_be_focused()
    expect(summary).to_have_value("Kabel ditarik dari")
    expect(tono.page.locator("#ticket-news")).to_contain_text("menunda tiket")


def test_lists_and_homes_show_a_new_ticket_and_keep_filter_and_focus(office: Office, arrive: Arrive) -> None:
    first = office.submit(title="Printer macet")
    ani, adi, rini = (arrive(user, clock=True) for user in (office.admin, office.other_admin, office.requester))
    ani.open("tickets:list", query="?state=approval&category=new&sort=newest")
    adi.open("dashboard:home")
    rini.open("tickets:list")
    row = ani.page.locator(f"#row-{first.pk} a")
    row.focus()
    office.wait(seconds=1)
    office.submit(by=office.colleague, title="PC baru di aula")
    office.submit(by=office.colleague, title="Internet mati", category="fault")
    answers: list[int] = []
    rini.page.on("response", lambda answer: answers.append(answer.status) if "v=" in answer.url else None)
    for person in (ani, adi, rini):
        person.page.clock.run_for(INTERVAL)
    expect(ani.page.locator("#ticket-list")).to_contain_text("PC baru di aula")
    expect(ani.page.locator("#ticket-list")).not_to_contain_text("Internet mati")
    expect(row).to_be_focused()
    assert ani.page.url.endswith("?state=approval&category=new&sort=newest")
    expect(adi.page.locator("#home")).to_contain_text("PC baru di aula")
    expect(adi.page.locator("#home")).to_contain_text("Internet mati")
    expect(rini.page.locator("#ticket-list")).not_to_contain_text("PC baru di aula")
    rini.page.wait_for_timeout(100)
    assert answers == [204], "an employee's list stirs for no ticket of others"


def test_where_the_focus_was_is_gone_no_other_button_gets_it(office: Office, arrive: Arrive) -> None:
    """A key would accept the wrong task. Beside it, a button that is still there keeps the focus."""
    given, kept = (office.ticket_in(Status.ASSIGNED, title=title) for title in ("Pasang PC aula", "Pasang PC loket"))
    tono = arrive(office.technician, clock=True)
    tono.open("dashboard:home")
    buttons = tono.page.locator("#home").get_by_role("button", name="Terima tugas")
    expect(buttons).to_have_count(2)
    tono.page.locator(f"form[action*='{kept.number}'] button").focus()
    actions.comment(given, by=office.requester, text="Apa kabarnya?")
    pass_time(tono.page, 20)
    expect(tono.page.locator(f"form[action*='{kept.number}'] button")).to_be_focused()
    tono.page.locator(f"form[action*='{given.number}'] button").focus()
    actions.reassign(given, by=office.admin, technician=office.other_technician, reason="Tono di lantai 3.")
    pass_time(tono.page, 20)
    expect(buttons).to_have_count(1)
    expect(tono.page.locator("#home")).to_be_focused()


def test_a_devices_page_shows_its_new_ticket(office: Office, arrive: Arrive) -> None:
    device = office.device()
    rini = arrive(office.requester, clock=True)
    rini.open("network:device-detail", device.pk)
    panel = rini.page.locator("#device-tickets")
    expect(panel).to_contain_text("Belum ada tiket untuk perangkat ini.")
    office.submit(device=device, device_text="", title="Layar biru")
    rini.page.clock.run_for(INTERVAL)
    expect(panel).to_contain_text("Layar biru")


# Time


def test_a_step_that_is_flagged_turns_red_without_a_reload(office: Office, arrive: Arrive) -> None:
    rini, lists = arrive(office.requester, clock=True), arrive(office.requester, clock=True)
    office.now = actions.database_now()
    office.submit(title="Masih ada waktu")
    office.now -= timedelta(minutes=4, seconds=50)
    late = office.do(Action.APPROVE, office.submit(title="Sebentar lagi terlambat"))  # step 2: five minutes
    rini.open("tickets:detail", late.number)
    lists.open("tickets:list")
    clock = rini.page.locator(".awaited .countdown")
    expect(clock).to_have_class("countdown is-soon")
    expect(clock).to_have_text("sisa kurang dari 1 menit")
    assert actions.database_now() <= late.current_run.due_at  # type: ignore[union-attr,operator]
    while actions.database_now() <= late.current_run.due_at + timedelta(seconds=1):  # type: ignore[union-attr,operator]
        time.sleep(0.2)
    assert actions.flag_overdue(actions.database_now()) > 0
    for person in (rini, lists):
        person.page.clock.run_for(INTERVAL)
    expect(clock).to_have_class("countdown is-late")
    expect(rini.page.locator(".ticket-badges")).to_contain_text("Terlambat")
    expect(rini.page.locator(".timeline")).to_contain_text("mencatat keterlambatan")
    expect(lists.page.locator(".row-late")).to_contain_text("Sebentar lagi terlambat")
    expect(lists.page.locator(".row-late")).to_have_count(1)


SPANS = [
    *range(-400, 401),
    *(60 * minutes + more for minutes in range(-200, 200, 7) for more in (-1, 0, 1)),
    *range(-500_000, 500_000, 4567),
]


def ticked(page: Page, clocks: list[dict[str, Any]]) -> list[str]:
    """What the script makes of these clocks."""
    words: list[str] = page.evaluate(
        """clocks => {
            for (const clock of clocks) {
              const time = document.querySelector("main").appendChild(document.createElement("time"));
              Object.assign(time.dataset, { countdown: "" }, clock);
              time.appendChild(document.createElement("span")).dataset.countdownText = "";
            }
            window.htmx.trigger(document.body, "htmx:afterSettle", {});
            return [...document.querySelectorAll("main > time")].map((time) => time.textContent);
        }""",
        clocks,
    )
    return words


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_script_says_what_the_server_says(office: Office, arrive: Arrive, language: str) -> None:
    office.requester.language = language
    office.requester.save(update_fields=["language"])
    rini = arrive(office.requester)
    rini.open("tickets:create")
    now = actions.database_now().isoformat()
    said = ticked(rini.page, [{"now": now, "stops": now, "left": str(left)} for left in SPANS])
    with translation.override(language):
        assert said == [ui.countdown(left) for left in SPANS]


def test_a_clock_stands_where_the_office_closes(office: Office, arrive: Arrive) -> None:
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:create")
    now = actions.database_now()
    stops = now + timedelta(minutes=2)
    open_, closing = {"now": now.isoformat(), "left": "600"}, {"stops": stops.isoformat()}
    assert ticked(rini.page, [open_, open_ | closing]) == ["sisa 10 menit"] * 2
    rini.hears_nothing_new()
    rini.page.clock.run_for(5 * 60_000)
    expect(rini.page.locator("main > time").nth(0)).to_have_text("sisa 5 menit")
    expect(rini.page.locator("main > time").nth(1)).to_have_text("sisa 8 menit")


def test_a_pc_whose_clock_is_years_wrong_counts_right(office: Office, arrive: Arrive) -> None:
    ticket = office.submit(now=actions.database_now())
    rini = arrive(office.requester, clock=True)
    rini.page.clock.install(time="2031-05-05T03:00:00Z")
    rini.open("tickets:detail", ticket.number)
    left = rini.page.locator(".awaited .countdown")
    expect(left).to_have_text("sisa 10 menit")
    rini.page.clock.run_for(2 * 60_000)  # the browser is ahead now: the next poll tells it the time
    expect(left).to_have_text("sisa 10 menit")


# Nobody there, nothing there


def test_a_hidden_tab_does_not_ask_and_asks_at_once_when_it_is_seen(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    polls = asked(rini.page, "tickets:fragment", ticket.number)
    away(rini.page, True)
    rini.page.clock.run_for(10 * INTERVAL)
    rini.page.wait_for_timeout(100)
    assert polls == []
    office.do(Action.ACCEPT, ticket, now=None)
    away(rini.page, False)
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    assert len(polls) == 1


def test_a_server_that_is_away_is_told_calmly_and_met_again(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    field = comment_field(rini.page)
    field.fill(TYPED)
    note = rini.page.get_by_text("Terputus, mencoba lagi…")
    expect(note).to_be_hidden()
    refused = refusing(rini.page)
    pass_time(rini.page, 600)
    expect(note).to_be_visible()
    expect(rini.page.get_by_text("Tidak tersambung ke server")).to_have_count(0)
    assert 4 <= len(refused) <= 14, "less and less often"
    office.do(Action.ACCEPT, ticket, now=None)
    rini.page.unroute_all()
    pass_time(rini.page, 120)
    expect(note).to_be_hidden()
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    expect(field).to_have_value(TYPED)
    expect(field).to_be_focused()


def refusing(page: Page) -> list[str]:
    """The server has no database: 503 to every poll. Those answered so far."""
    answered: list[str] = []

    def refuse(route: Route) -> None:
        route.fulfill(status=503)
        answered.append(route.request.url)

    page.route("**/bagian/**", refuse)
    return answered


def test_back_on_the_network_a_page_asks_at_once(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    note = rini.page.get_by_text("Terputus, mencoba lagi…")
    rini.page.context.set_offline(True)
    pass_time(rini.page, 60)
    expect(note).to_be_visible()
    office.do(Action.ACCEPT, ticket, now=None)
    with rini.page.expect_request("**/bagian/**"):
        rini.page.context.set_offline(False)
    pass_time(rini.page, 10)  # this first one may still find no way
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    expect(note).to_be_hidden()


def test_an_ended_session_stops_asking_until_its_person_is_back(office: Office, arrive: Arrive) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    rini = arrive(office.requester, clock=True)
    rini.open("tickets:detail", ticket.number)
    field = comment_field(rini.page)
    field.fill(TYPED)
    Session.objects.all().delete()
    polls = asked(rini.page, "tickets:fragment", ticket.number)
    rini.page.clock.run_for(INTERVAL)
    note = rini.page.locator("#live-note")
    expect(note.get_by_text("Sesi Anda berakhir.")).to_be_visible()
    expect(field).to_be_focused()
    rini.page.clock.run_for(10 * INTERVAL)
    rini.page.wait_for_timeout(100)
    assert len(polls) == 1
    note.get_by_role("button", name="Masuk lagi").click()
    expect(rini.page.get_by_role("dialog", name="Sesi Anda berakhir")).to_be_visible()
    rini.page.keyboard.press("Escape")
    enter(rini.page.context, office.requester)
    office.do(Action.ACCEPT, ticket, now=None)
    away(rini.page, False)
    rini.sees_ticket("Identifikasi", "Tono Teknisi memeriksa kebutuhan dan ketersediaan")
    expect(note.locator(":visible")).to_have_count(0)
    expect(field).to_have_value(TYPED)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IDENTIFYING
