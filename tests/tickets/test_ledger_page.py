"""The page that explains a step's time, as its readers see it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office, wib
from tests.tickets.test_reckoning import publish_holiday
from tickets import actions
from tickets.ledger_page import LedgerPage, load_run
from tickets.models import StepRun, Ticket
from tickets.templatetags.ledger import exact, exactclock, exactend
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db


def page(user: User, ticket: Ticket, run: int | None = None) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("tickets:ledger", args=[ticket.number, run or actions.claim(ticket)]))


def words(response: Any) -> str:
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture
def at_present(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """The page is read at the office's simulated time."""
    monkeypatch.setattr(actions, "database_now", lambda: office.now)


def first_run(ticket: Ticket) -> StepRun:
    return ticket.runs.order_by("pk")[0]


@pytest.mark.usefixtures("at_present")
def test_an_open_step_says_why_it_is_due_when_it_is(office: Office) -> None:
    office.at("2026-10-12 11:52")
    ticket = office.submit()
    office.wait(minutes=3)
    text = words(page(office.requester, ticket))
    assert "Kenapa jatuh tempo 13.02?" in text
    assert "Sampai sekarang terpakai 3 menit; sisa 7 menit membawa jatuh temponya ke Sen, 12 Okt 2026 13.02 ." in text
    assert "11.52–11.55 Jam kerja + 3 menit jumlah 3 menit" in text
    assert "11.55–12.00 Jam kerja + 5 menit jumlah 8 menit" in text
    assert "12.00–13.00 Istirahat tidak dihitung" in text
    assert ticket.sop.number in text
    assert "revisi 1" in text


@pytest.mark.usefixtures("at_present")
def test_a_due_time_after_a_break_is_explained(office: Office) -> None:
    office.at("2026-10-12 11:50")
    text = words(page(office.requester, office.submit()))
    assert "Kenapa jatuh tempo 13.00?" in text
    assert "Waktunya sendiri habis Sen, 12 Okt 2026 12.00" in text


@pytest.mark.usefixtures("at_present")
def test_a_step_begun_out_of_hours_says_since_when_it_counts(office: Office) -> None:
    office.at("2026-10-10 20:11:05")
    text = words(page(office.requester, office.submit()))
    assert "baru dihitung sejak Sen, 12 Okt 2026 07.30" in text
    assert "20.11.05 Langkah dimulai" in text
    assert "20.11.05– Min 11 Okt 24.00 Bukan hari kerja tidak dihitung" in text


@pytest.mark.usefixtures("at_present")
def test_a_holiday_stands_there_by_its_name(office: Office) -> None:
    office.at("2026-12-24 09:00")
    text = words(page(office.requester, office.submit()))
    assert "Libur: " in text
    assert "Natal" in text


@pytest.mark.usefixtures("at_present")
def test_a_hold_stands_there_with_reason_and_note_and_takes_the_due_time_away(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.wait(minutes=12)
    again = office.now + timedelta(days=1)
    reason = office.reason()
    actions.hold(ticket, reason=reason, note="Kabel habis.", look_again_at=again, by=office.technician, now=office.now)
    office.wait(hours=1)
    text = words(page(office.requester, ticket))
    assert "Kenapa belum ada jatuh tempo?" in text
    assert "sisanya tepat 48 menit" in text
    assert f"Ditunda: {reason}" in text
    assert "Kabel habis." in text


@pytest.mark.usefixtures("at_present")
def test_an_ended_step_shows_its_sum_and_verdict(office: Office) -> None:
    ticket = office.submit()
    office.wait(minutes=12, seconds=5)
    ticket = office.do(Action.APPROVE, ticket)
    text = words(page(office.admin, ticket, first_run(ticket).pk))
    assert "Kenapa terlambat?" in text
    assert "Waktu kerja yang terpakai 12 menit 5 detik: lewat 2 menit 5 detik" in text
    assert "Seluruhnya, dari mulai sampai berakhir 12 menit 5 detik" in text


@pytest.mark.usefixtures("at_present")
def test_what_the_page_sums_up_is_what_was_measured(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING, on_hold=True)
    office.wait(hours=30)
    ticket = office.do(Action.RESUME, ticket)
    office.wait(minutes=7, seconds=11)
    ticket = office.do(Action.COMPLETE_WORK, ticket)
    for run in ticket.runs.exclude(ended_at=None):
        spent = LedgerPage(ticket, load_run(ticket, run.pk), office.now).ledger.spent
        assert run.ended_at is not None
        assert (spent.net, spent.held) == (run.net_seconds, run.held_seconds)
        assert spent.gross == (run.ended_at - run.started_at).total_seconds()


@pytest.mark.usefixtures("at_present")
def test_a_step_that_was_cut_off_is_judged_neither_way(office: Office) -> None:
    ticket = office.do(Action.CANCEL, office.ticket_in(Status.ASSIGNED))
    assert "tidak dihitung tepat waktu maupun terlambat" in words(page(office.requester, ticket))


@pytest.mark.usefixtures("at_present")
def test_the_move_to_a_newer_calendar_is_told(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    publish_holiday("2026-10-12")
    actions.reckon_anew(ticket, by=office.admin, now=office.now)
    text = words(page(office.requester, ticket))
    assert "memindahkan langkah ini dari kalender revisi 1 ke kalender yang lebih baru" in text
    assert "Jatuh tempo sebelumnya Sen, 12 Okt 2026 08.06" in text
    assert "revisi 2" in text
    assert "Hari libur daerah" in text


def test_strangers_and_runs_of_other_tickets_are_not_found(office: Office) -> None:
    ticket, other = office.submit(), office.submit(by=office.colleague)
    assert page(office.stranger, ticket).status_code == 404
    assert page(office.requester, ticket, actions.claim(other)).status_code == 404
    assert page(office.requester, ticket, 10**30).status_code == 404
    assert page(office.requester, ticket).status_code == 200


def test_the_ticket_page_leads_to_the_account_of_every_step(office: Office) -> None:
    ticket = office.ticket_in(Status.IDENTIFYING)
    client = Client()
    client.force_login(office.requester)
    text = client.get(ticket.get_absolute_url()).content.decode()
    assert all(reverse("tickets:ledger", args=[ticket.number, run.pk]) in text for run in ticket.runs.all())
    assert "Kenapa " in text


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 detik"), (59, "59 detik"), (60, "1 menit"), (-3_725, "1 jam 2 menit 5 detik")]
)
def test_no_second_is_left_out(seconds: int, said: str) -> None:
    assert exact(seconds) == said


def test_a_full_minute_is_said_without_seconds() -> None:
    assert [exactclock(wib(f"2026-10-12 {at}")) for at in ("08:12", "08:12:33")] == ["08.12", "08.12.33"]


def test_midnight_ends_the_day_before() -> None:
    ends = ("2026-10-12 00:00", "2026-10-12 00:00:01", "2026-10-12 00:12", "2026-10-12 10:00")
    assert [exactend(wib(at)) for at in ends] == ["24.00", "00.00.01", "00.12", "10.00"]
