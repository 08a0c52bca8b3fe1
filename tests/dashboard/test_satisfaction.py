"""The index is the regulation's, to the last decimal; no answer counts nowhere; nobody is told who answered what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from dashboard import satisfaction
from dashboard.periods import Period
from dashboard.satisfaction import Satisfaction, Tally, band_of, index_of, rounded
from dashboard.satisfaction_page import SpanForm
from tests.tickets.factories import Office, make_office
from tests.tickets.snapshot import undone
from tickets import actions
from tickets.models import Rating, Ticket
from tickets.workflow import Action, Status

PAGE: Final = reverse("dashboard:satisfaction")
#: Grade, sentence, and answers to the nine of each ticket that was rated; the rest was asked in vain.
RATED: Final[tuple[tuple[int, str, dict[int, int]], ...]] = (
    (4, "Cepat sekali.", dict.fromkeys(range(1, 10), 4)),
    (3, "", dict.fromkeys(range(1, 10), 3) | {8: 1}),
    (3, "Ramah.", {1: 4, 2: 2}),
    (1, "Lama menunggu.", {}),
)


# Arithmetic, by hand


def test_the_index_of_a_worked_example() -> None:
    """Element by element: 4+4+3 of 3, 4+3+2 of 3, seven times 4+3 of 2 (once 4+1): 11/3 + 3 + 6 × 7/2 + 5/2 = 181/6;
    a ninth of it, times 25, is 83.7962…"""
    tallies = [Tally((0, 0, 1, 2)), Tally((0, 1, 1, 1)), *[Tally((0, 0, 1, 1))] * 6, Tally((1, 0, 0, 1))]
    averages = [tally.average for tally in tallies]
    assert averages == [Fraction(11, 3), 3, *[Fraction(7, 2)] * 6, Fraction(5, 2)]
    assert index_of(tallies) == Decimal("83.80")
    assert index_of([Tally((0, 0, 0, 5))] * 9) == 100 and index_of([Tally((5, 0, 0, 0))] * 9) == 25


def test_an_element_that_nobody_answered_leaves_no_index() -> None:
    assert index_of([Tally((0, 0, 0, 1))] * 8 + [Tally()]) is None
    assert (Tally().average, Tally().mean, Tally().index) == (None, None, None)


@pytest.mark.parametrize(
    ("exact", "index", "letter"),
    [
        ("100", "100", "A"), ("88.31", "88.31", "A"), ("88.305", "88.31", "A"), ("88.3049999", "88.30", "B"),
        ("76.605", "76.61", "B"), ("76.604", "76.60", "C"), ("65", "65", "C"), ("64.995", "65.00", "C"),
        ("64.994", "64.99", "D"), ("25", "25", "D"),
    ],
)  # fmt: skip
def test_the_official_bands(exact: str, index: str, letter: str) -> None:
    found = rounded(Fraction(exact))
    assert found == Decimal(index)
    assert band_of(found).letter == letter


def test_the_official_words() -> None:
    words = [str(band_of(Decimal(index)).grade.label) for index in (90, 80, 70, 30)]
    assert words == ["Sangat baik", "Baik", "Kurang baik", "Tidak baik"]


def test_parts_are_rounded_to_the_nearest_percent() -> None:
    assert [percent for _score, _count, percent in Tally((1, 1, 1, 0)).parts] == [0, 33, 33, 33]
    assert [percent for _score, _count, percent in Tally((1, 0, 0, 7)).parts] == [88, 0, 0, 13]


# Of tickets


@pytest.fixture(scope="module")
def rated(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    """An office in which six tickets were done, four of them rated; made once."""
    with django_db_blocker.unblock(), undone():
        office = make_office()
        for score, words, answers in RATED:
            ticket = office.ticket_in(Status.DONE)
            actions.rate(ticket, score=score, words=words, by=office.requester, now=office.now)
            actions.answer(ticket, answers=answers, by=office.requester, now=office.now)
        for _ in range(2):
            office.ticket_in(Status.DONE)
        yield office


@pytest.fixture
def office(rated: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with undone():
        office = replace(rated)
        monkeypatch.setattr("dashboard.satisfaction_page.database_now", lambda: office.now)
        yield office


def of_october() -> Satisfaction:
    return of(date(2026, 10, 1), date(2026, 10, 31))


def of(first: date, last: date) -> Satisfaction:
    period = Period(first, last)
    return Satisfaction((period.start, period.end))


def test_figures_are_those_of_the_answers_alone(office: Office) -> None:
    whole = of_october().whole
    assert (whole.asked, whole.general.counts, whole.respondents, whole.response) == (6, (1, 0, 2, 1), 3, 66)
    assert whole.general.mean == Decimal("2.75")
    counted = {number: tally.counts for number, tally in whole.elements.items()}
    assert counted == {1: (0, 0, 1, 2), 2: (0, 1, 1, 1), 8: (1, 0, 0, 1), **dict.fromkeys((3, 4, 5, 6, 7, 9),
                                                                                       (0, 0, 1, 1))}  # fmt: skip
    assert whole.index == Decimal("83.80") and whole.band is not None and whole.band.letter == "B"
    assert of_october().months == [(date(2026, 10, 1), whole)]


def test_the_period_is_that_of_the_end_and_what_is_opened_again_is_not_done(office: Office) -> None:
    assert of(date(2026, 11, 1), date(2026, 11, 30)).whole.asked == 0
    rating = Rating.objects.get(words="Cepat sekali.")
    Ticket.objects.filter(pk=rating.ticket_id).update(closed_at=datetime.fromisoformat("2026-10-31T23:59:59+07:00"))
    assert of_october().whole.asked == 6
    Ticket.objects.filter(pk=rating.ticket_id).update(closed_at=datetime.fromisoformat("2026-11-01T00:00:00+07:00"))
    assert (of_october().whole.asked, of_october().whole.general.n) == (5, 3)
    office.do(Action.REOPEN, Ticket.objects.get(rating__words="Ramah."))
    assert (of_october().whole.asked, of_october().whole.general.n) == (4, 2)


def test_the_same_queries_however_many_answers(office: Office) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = of_october()
        assert found.whole and found.months and found.elements
    assert len(asked) == 4


# Who is told what


def get(viewer: User, query: str = "") -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(PAGE + query)


def test_the_supervisor_sees_the_office_and_no_ticket(office: Office) -> None:
    page = get(office.supervisor, "?period=month").content.decode()
    for shown in ("83,80", "B · Baik", "n = 3, belum mewakili", "2,75", "66%", "4 dari 6 pemohon yang ditanya"):
        assert shown in page, shown
    assert "Lama menunggu." not in page  # four ratings: their authors could be guessed
    assert not any(number in page for number in Ticket.objects.values_list("number", flat=True))
    assert str(office.requester) not in page


def test_from_five_ratings_on_sentences_are_shown_without_their_ticket(office: Office) -> None:
    ticket = Ticket.objects.filter(rating=None)[0]
    actions.rate(ticket, score=4, by=office.requester, now=office.now)
    supervisor, admin = (get(who, "?period=month").content.decode() for who in (office.supervisor, office.admin))
    written = Ticket.objects.get(rating__words="Lama menunggu.")
    assert "Lama menunggu." in supervisor and written.number not in supervisor
    assert "Lama menunggu." in admin and written.number in admin


def test_an_admin_follows_up_whoever_could_be_guessed(office: Office) -> None:
    assert "Lama menunggu." in get(office.admin, "?period=month").content.decode()


def test_a_technician_sees_an_average_of_five_or_more_of_months_gone_by(office: Office) -> None:
    assert satisfaction.own(office.technician, office.now) is None
    office.at("2026-11-03 09:00")
    assert satisfaction.own(office.technician, office.now) is None  # four
    ticket = Ticket.objects.filter(rating=None)[0]
    actions.rate(ticket, score=4, by=office.requester, now=ticket.closed_at)
    tally = satisfaction.own(office.technician, office.now)
    assert tally is not None and (tally.n, tally.mean) == (5, Decimal("3.00"))
    page = get(office.technician).content.decode()
    assert "<strong>3,00</strong>" in page and "Sembilan unsur" not in page and "Lama menunggu." not in page
    assert satisfaction.own(office.other_technician, office.now) is None


@pytest.mark.parametrize("who", ["requester", "stranger"])
def test_employees_do_not_see_the_page(office: Office, who: str) -> None:
    assert get(getattr(office, who)).status_code == 403


def test_nothing_was_done_says_so(office: Office) -> None:
    page = get(office.supervisor, "?first=2025-01-01&last=2025-01-31").content.decode()
    assert "Belum ada tiket selesai dalam periode ini" in page


# The period in the address

TODAY: Final = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ("12m", date(2025, 3, 1), TODAY)),
        ({"period": "month"}, ("month", date(2026, 3, 1), date(2026, 3, 31))),
        ({"period": "last-month"}, ("last-month", date(2026, 2, 1), date(2026, 2, 28))),
        ({"period": "quarter"}, ("quarter", date(2026, 1, 1), date(2026, 3, 31))),
        ({"period": "year"}, ("year", date(2026, 1, 1), date(2026, 12, 31))),
        ({"first": "2026-01-05", "last": "2026-01-05"}, ("", date(2026, 1, 5), date(2026, 1, 5))),
        ({"period": "nope"}, ("12m", date(2025, 3, 1), TODAY)),
        ({"first": "0001-01-01", "last": "9999-12-31"}, ("12m", date(2025, 3, 1), TODAY)),
        ({"first": "2026-02-01", "last": "2026-01-01"}, ("12m", date(2025, 3, 1), TODAY)),
        ({"first": "2026-02-01"}, ("12m", date(2025, 3, 1), TODAY)),
        ({"first": "\x00", "last": "x"}, ("12m", date(2025, 3, 1), TODAY)),
    ],
)
def test_a_period_is_read_from_the_address(query: dict[str, str], expected: tuple[Any, ...]) -> None:
    name, period = SpanForm(query).chosen(TODAY)
    assert (name, period.first, period.last) == expected


def test_a_period_that_makes_no_sense_says_why(office: Office) -> None:
    answer = get(office.supervisor, "?first=2026-02-01&last=2026-01-01")
    assert answer.status_code == 200
    assert "Tanggal akhir mendahului tanggal awal." in answer.content.decode()
