"""The head of the office: the dashboard, another period, and down to the tickets that a number counts."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.conftest import Arrive
from tests.tickets.factories import Office
from tickets.workflow import Action, Status

pytestmark = pytest.mark.e2e


def test_the_head_of_the_office_looks_at_a_month_and_down_to_its_tickets(office: Office, arrive: Arrive) -> None:
    for _ in range(2):
        office.ticket_in(Status.DONE)
    office.do(Action.FAIL_TEST, office.ticket_in(Status.TESTING))
    boss = arrive(office.supervisor)
    page = boss.page
    boss.open("dashboard:home")
    page.get_by_role("link", name=re.compile("Buka dasbor")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dasbor kepatuhan")
    expect(page.locator(".sla-verdict-value")).to_have_text("100%")
    page.get_by_role("link", name="Tahun ini").click()
    expect(page.locator(".sla-period-words")).to_have_text(f"tahun {timezone.localdate(office.now).year}")

    meaning = page.locator(".sla-headline details.define").first
    meaning.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(meaning.locator(".define-text")).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning.locator(".define-text")).to_be_hidden()

    page.wait_for_function(
        "Chart.getChart(document.querySelector('[data-chart=trend-table]')).data.datasets.length === 2"
    )
    drawn = page.evaluate("Chart.getChart(document.querySelector('[data-chart=trend-table]')).data.datasets[0].data")
    assert sum(drawn) == 2
    table = page.locator("#trend-table")
    expect(table).to_be_hidden()
    page.locator("section:has(#trend-table) summary").click()
    expect(table).to_be_visible()

    tested = page.get_by_role("row", name=re.compile("Uji yang dilakukan")).get_by_role("link")
    expect(tested).to_have_text("3")
    tested.click()
    expect(page.locator("#list-count")).to_contain_text("3 tiket")
    expect(page.get_by_role("link", name=re.compile("Hasil langkah: diuji"))).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.go_back()
    boss.fits()
