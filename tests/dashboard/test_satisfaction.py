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
from dashboard.satisfaction import Satisfaction, Tally, band_of, blocks, index_of, rounded
from dashboard.satisfaction_page import SpanForm
from tests.tickets.factories import Office, make_office
from tests.tickets.snapshot import undone
from tickets import actions
from tickets.models import Ticket
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
        office.at("2026-11-03 09:00")
        monkeypatch.setattr("dashboard.satisfaction_page.database_now", lambda: office.now)
        yield office


@pytest.fixture
def every_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the arithmetic, which a few answers show."""
    monkeypatch.setattr("dashboard.satisfaction.FEWEST_TOLD", 1)


def of_october(today: date = date(2026, 11, 3)) -> Satisfaction:
    return of(date(2026, 10, 1), date(2026, 10, 31), today)


def of(first: date, last: date, today: date = date(2026, 11, 3)) -> Satisfaction:
    return Satisfaction(Period(first, last), today)


def rate_one_more(office: Office) -> None:
    ticket = Ticket.objects.filter(rating=None)[0]
    actions.rate(ticket, score=4, by=office.requester, now=ticket.closed_at)


def close(words: str, at: str) -> None:
    """The ticket of the rating with these words ended then."""
    Ticket.objects.filter(rating__words=words).update(closed_at=datetime.fromisoformat(f"{at}+07:00"))


@pytest.mark.usefixtures("every_answer_is_told")
def test_figures_are_those_of_the_answers_alone(office: Office) -> None:
    whole = of_october().whole
    assert (whole.asked, whole.rated, whole.general.counts, whole.response) == (6, 4, (1, 0, 2, 1), 66)
    assert (whole.surveyed, whole.respondents) == (3, 3)
    assert whole.general.mean == Decimal("2.75")
    counted = {number: tally.counts for number, tally in whole.elements.items()}
    assert counted == {1: (0, 0, 1, 2), 2: (0, 1, 1, 1), 8: (1, 0, 0, 1), **dict.fromkeys((3, 4, 5, 6, 7, 9),
                                                                                       (0, 0, 1, 1))}  # fmt: skip
    assert whole.index == Decimal("83.80") and whole.band is not None and whole.band.letter == "B"
    assert of_october().months == [(date(2026, 10, 1), whole)]


def test_the_period_is_that_of_the_end_and_what_is_opened_again_is_not_done(office: Office) -> None:
    assert of(date(2026, 11, 1), date(2026, 11, 30)).whole.asked == 0
    close("Cepat sekali.", "2026-10-31T23:59:59")
    assert of_october().whole.asked == 6
    close("Cepat sekali.", "2026-11-01T00:00:00")
    assert (of_october().whole.asked, of_october().whole.rated) == (5, 3)
    office.do(Action.REOPEN, Ticket.objects.get(rating__words="Ramah."))
    assert (of_october().whole.asked, of_october().whole.rated) == (4, 2)


def test_the_same_queries_however_many_answers(office: Office) -> None:
    rate_one_more(office)
    with CaptureQueriesContext(connection) as asked:
        found = of_october()
        assert found.whole and found.months and found.elements
    assert len(asked) == 6  # two of them look for where the first block begins


# Nobody's grade is told


def test_months_with_few_ratings_are_told_with_those_that_follow() -> None:
    def told(*counts: int) -> list[list[int]]:
        found = blocks({date(2026, month, 1): count for month, count in enumerate(counts, start=1)})
        return [[month.month for month in block] for block in found.values()]

    assert told(5, 6, 7) == [[1], [2], [3]]
    assert told(2, 0, 3, 4, 9, 1) == [[1, 2, 3], [4, 5]]  # the last one waits
    assert told(4) == told() == []


def test_below_five_ratings_no_grade_is_told(office: Office) -> None:
    whole = of_october().whole
    assert (whole.rated, whole.surveyed, whole.general.n, whole.respondents, whole.index) == (4, 3, 0, 0, None)
    rate_one_more(office)
    whole = of_october().whole
    assert (whole.general.n, whole.respondents, dict(whole.elements)) == (5, 0, {})  # three went on to the survey


def test_the_running_month_is_not_told_while_it_grows(office: Office) -> None:
    rate_one_more(office)
    assert of_october(today=date(2026, 10, 31)).whole.general.n == 0
    assert of_october(today=date(2026, 11, 1)).whole.general.n == 5


def test_no_two_answers_differ_by_fewer_than_five_ratings(office: Office) -> None:
    """One rating in September and four in October are told as five, in October; September is told nowhere alone."""
    rate_one_more(office)
    close("Cepat sekali.", "2026-09-15T10:00:00")
    september, both = of(date(2026, 9, 1), date(2026, 9, 30)), of(date(2026, 9, 1), date(2026, 10, 31))
    assert (september.whole.rated, september.whole.general.n) == (1, 0)
    assert both.whole.general == of_october().whole.general
    assert both.whole.general.n == 5 and of_october().whole.rated == 4
    assert [(month.month, figures.general.n) for month, figures in both.months] == [(9, 0), (10, 5)]


@pytest.mark.usefixtures("office")
def test_an_element_that_few_answered_shows_no_grade_and_leaves_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three who went on to the survey, two answered most elements; the first and the second were answered by all."""
    monkeypatch.setattr("dashboard.satisfaction.FEWEST_TOLD", 3)
    found = of_october()
    assert {number: tally.n for number, tally in found.whole.elements.items()} == {1: 3, 2: 3}
    assert found.whole.respondents == 3 and found.whole.index is None
    assert [tally.n for _element, tally in found.elements] == [3, 3, 0, 0, 0, 0, 0, 0, 0]


def test_answers_to_the_survey_wait_for_enough_of_their_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four ratings of October are told; of the three who answered the survey too, one did so in September: their
    answers are told together, in October."""
    monkeypatch.setattr("dashboard.satisfaction.FEWEST_TOLD", 3)
    close("Ramah.", "2026-09-15T10:00:00")
    september, october = of(date(2026, 9, 1), date(2026, 9, 30)).whole, of_october().whole
    assert (september.surveyed, september.respondents, dict(september.elements)) == (1, 0, {})
    assert (october.surveyed, october.respondents, october.general.n) == (2, 3, 4)
    assert october.elements[1].counts == (0, 0, 1, 2)


def test_a_reopened_ticket_takes_its_grade_with_it(office: Office) -> None:
    rate_one_more(office)
    assert of_october().whole.general.n == 5
    office.do(Action.REOPEN, Ticket.objects.get(rating__words="Ramah."))
    assert (of_october().whole.rated, of_october().whole.general.n) == (4, 0)


def test_a_block_begins_after_a_month_that_has_enough_by_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.satisfaction.FEWEST_TOLD", 2)
    for words, day in (("Cepat sekali.", "2025-01-10"), ("Ramah.", "2025-01-11"), ("Lama menunggu.", "2025-02-10")):
        close(words, f"{day}T10:00:00")
    assert of_october()._since == date(2025, 2, 1)
    assert of_october().whole.general.n == 2  # with February of the year before
    assert of(date(2025, 2, 1), date(2025, 2, 28))._since == date(2025, 2, 1)  # found in the months before


# Who is told what


def get(viewer: User, query: str = "") -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(PAGE + query)


@pytest.mark.usefixtures("every_answer_is_told")
def test_the_supervisor_sees_the_office_and_no_ticket(office: Office) -> None:
    page = get(office.supervisor, "?period=last-month").content.decode()
    for shown in ("83,80", "B · Baik", "n = 3, belum mewakili", "2,75", "66%", "4 dari 6 pemohon yang ditanya"):
        assert shown in page, shown
    assert not any(number in page for number in Ticket.objects.values_list("number", flat=True))
    assert str(office.requester) not in page


@pytest.mark.parametrize("query", ["?period=last-month", "?first=2026-10-05&last=2026-10-05", "?period=year", ""])
def test_whoever_chooses_a_day_or_a_year_is_told_how_many_and_no_grade(office: Office, query: str) -> None:
    page = get(office.supervisor, query).content.decode()
    assert "4 dari 6 pemohon yang ditanya" in page
    assert "n = 4, terlalu sedikit untuk ditunjukkan" in page and "n = 3, terlalu sedikit untuk ditunjukkan" in page
    for hidden in ("2,75", "83,80", "Lama menunggu.", "Nilai umum, satu ketukan", "<progress"):
        assert hidden not in page, hidden


def test_from_five_ratings_on_sentences_are_shown_without_their_ticket(office: Office) -> None:
    rate_one_more(office)
    supervisor, admin = (get(who, "?period=last-month").content.decode() for who in (office.supervisor, office.admin))
    written = Ticket.objects.get(rating__words="Lama menunggu.")
    assert "Lama menunggu." in supervisor and written.number not in supervisor
    assert "Lama menunggu." in admin and written.number in admin


def test_an_admin_follows_up_whoever_could_be_guessed(office: Office) -> None:
    assert "Lama menunggu." in get(office.admin, "?period=last-month").content.decode()


def test_a_technician_sees_an_average_of_five_or_more_of_months_gone_by(office: Office) -> None:
    assert satisfaction.own(office.technician, office.now) is None  # four
    rate_one_more(office)
    assert satisfaction.own(office.technician, datetime.fromisoformat("2026-10-31T12:00:00+07:00")) is None
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
        ({"first": "2026-01", "last": "2026-02"}, ("", date(2026, 1, 1), date(2026, 2, 28))),
        ({"first": "2026-01-05", "last": "2026-01-05"}, ("", date(2026, 1, 1), date(2026, 1, 31))),
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
    assert "Bulan akhir mendahului bulan awal." in answer.content.decode()
