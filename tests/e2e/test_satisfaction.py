"""From the end of a ticket to the supervisor's page: the bell asks, one tap rates, the nine go on, n is 1 and
tells no grade."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.conftest import Arrive
from tests.tickets.factories import Office
from tickets import actions, notify
from tickets.integrity import violations
from tickets.models import RatingAnswer
from tickets.workflow import Status


def test_one_tap_and_nine_answers_reach_the_supervisor(office: Office, arrive: Arrive) -> None:
    office.now = actions.database_now()
    ticket = office.ticket_in(Status.DONE)
    notify.fan_out()

    rini = arrive(office.requester, viewport={"width": 360, "height": 740})
    rini.open("tickets:notices")
    rini.page.get_by_role("button", name="Beri penilaian").click()
    expect(rini.page).to_have_url(rini.server + ticket.get_absolute_url())
    rini.fits()
    rini.press("Sangat baik")
    rini.sees_toast("Terima kasih atas penilaian Anda.")
    expect(rini.page.locator("#rating")).to_contain_text("Sangat baik")
    rini.page.get_by_role("link", name="Lanjutkan: 9 pertanyaan").click()
    rini.fits()
    questions = rini.page.locator(".survey fieldset")
    expect(questions).to_have_count(9)
    for question in questions.all():  # by keyboard: into the group from its last choice, and round to the first
        question.get_by_role("radio").last.focus()
        rini.page.keyboard.press("ArrowUp")
    rini.press("Kirim jawaban")
    rini.sees_toast("Jawaban Anda sudah tersimpan.")
    expect(rini.page.locator("#rating")).to_contain_text("9 dari 9 pertanyaan dijawab")
    assert dict(RatingAnswer.objects.values_list("number", "score")) == dict.fromkeys(range(1, 10), 4)

    pimp = arrive(office.supervisor)
    pimp.open("dashboard:home")
    pimp.page.locator(".usermenu-button").click()
    pimp.page.get_by_role("link", name="Kepuasan pemohon").click()
    expect(pimp.page).to_have_url(pimp.server + reverse("dashboard:satisfaction"))
    figures = pimp.page.locator(".figures")
    expect(figures).to_contain_text("1 dari 1 pemohon yang ditanya")
    expect(figures).to_contain_text("n = 1, terlalu sedikit untuk ditunjukkan")
    expect(figures).not_to_contain_text("Sangat baik")
    expect(pimp.page.locator(".satisfaction")).not_to_contain_text(ticket.number)
    assert list(violations()) == []
