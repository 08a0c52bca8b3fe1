"""The dashboard: whoever may see it, each number opens the list of exactly what it counts, in few queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from dashboard.definitions import DEFINITIONS
from dashboard.figure_forms import FiguresForm
from dashboard.periods import Period, Unit
from tests.dashboard.test_metrics import walk
from tests.engines import ROOT
from tests.tickets.factories import STANDARDS, Office, make_office, make_sop
from tests.tickets.snapshot import undone
from tickets import kept
from tickets.forms.filters import TicketFilter
from tickets.forms.happenings import Happening
from tickets.models import HoldReason, Ticket
from tickets.workflow import Action, Status

PAGE = reverse("dashboard:sla")
OCTOBER = "?period=month&on=2026-10-12"
LINK = re.compile(r'<a class="count [^"]*" href="[^"?]*\?([^"]*)" data-count="(\d+)">')


@pytest.fixture(scope="module")
def busy(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    with django_db_blocker.unblock(), undone():
        yield _busy()


@pytest.fixture
def office(busy: Office) -> Iterator[Office]:
    with undone():
        yield replace(busy)


def _busy() -> Office:
    """An October in which everything happened, under two revisions of the SOP, to two technicians and two units."""
    office = make_office()
    office.at("2026-10-12 08:00")
    walk(office, office.submit(), ("approve", 12), ("accept", 6), ("identify", 9), ("complete_work", 5),
         ("fail_test", 6), ("complete_work", 30), ("fail_test", 3), ("complete_work", 30), ("pass_test", 1),
         ("finish", 1))  # fmt: skip
    walk(office, office.submit(), ("approve", 1), ("decline", 1), ("approve", 1), ("decline", 1), ("approve", 20))
    other = {"by": office.other_technician}
    ticket = walk(office, office.submit(by=office.stranger, unit=office.stranger.unit, category="fault"),
                  ("approve", 1), ("accept", 1), ("reassign", 2))  # fmt: skip
    walk(
        office, ticket, ("accept", 3), ("hold", 1), ("resume", 60), ("hold", 2), accept=other, hold=other, resume=other
    )
    make_sop(date(2026, 10, 14), STANDARDS | {1: (3, 8), 4: (20, 45)})
    office.at("2026-10-15 10:30")
    done = office.ticket_in(Status.DONE)
    office.do(Action.REOPEN, done)
    for status in (Status.REJECTED, Status.CANCELLED, Status.DONE, Status.SUBMITTED):
        office.ticket_in(status)
    office.at("2026-10-18 23:10")  # a Sunday night
    office.submit()
    office.at("2026-11-03 08:00")
    office.ticket_in(Status.DONE)
    office.ticket_in(Status.WORKING, on_hold=True)
    return office


def get(viewer: User, query: str = OCTOBER) -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(PAGE + query)


def form_of(query: str, viewer: User) -> TicketFilter:
    return TicketFilter(QueryDict(query), viewer=viewer)


@pytest.mark.parametrize(
    "narrow", ["", "&technician={technician}", "&technician={other}", "&unit={unit}", "&priority=3&category=fault"]
)
@pytest.mark.parametrize("period", [OCTOBER, "?since=2026-10-13&until=2026-11-05", "?period=day&on=2026-10-12"])
def test_each_number_opens_the_list_of_exactly_what_it_counts(office: Office, period: str, narrow: str) -> None:
    ids = {"technician": office.technician.pk, "other": office.other_technician.pk, "unit": office.unit.pk}
    page = get(office.supervisor, period + narrow.format(**ids)).content.decode()
    links = LINK.findall(page)
    assert len(links) >= 10 or "Tidak ada tiket dalam periode ini" in page
    for address, told in links:
        query = unescape(address)
        form = form_of(query, office.supervisor)
        assert form.is_valid(), form.errors
        tickets = form.of_group(form.narrowed(Ticket.objects.all(), office.now), office.now)
        words = form.occurrence_words(tickets)
        counted = int(words.split()[0]) if words else tickets.count()
        assert counted == int(told), f"{told} opens {counted}: {query}"
        assert tickets.exists()
        assert set(form.happenings) == {name for name, _value in parse_qsl(query)} & set(form.HAPPENING)


def test_the_page_speaks_of_every_kind_of_happening(office: Office) -> None:
    page = get(office.supervisor).content.decode()
    asked = [dict(parse_qsl(unescape(address))) for address, _n in LINK.findall(page)]
    assert {one["happened"] for one in asked} == set(Happening.values)
    told = {one["run"] for one in asked if "run" in one}
    assert told >= {"counted", "on_time", "late", "too_fast", "again", "tested", "first_tested", "declined", "cut_off"}
    assert {one["standard"] for one in asked if "standard" in one} >= {"10-10", "3-8", "10-60", "20-45", "45-105"}
    assert any("hour" in one and "weekday" in one for one in asked)
    assert any("lasting" in one for one in asked)


def test_the_list_says_how_often_it_happened_and_can_take_each_filter_out(office: Office) -> None:
    client = Client()
    client.force_login(office.supervisor)
    address = (
        f"{reverse('tickets:list')}?state=all&happened=step&of_step=5&run=tested&since=2026-10-01&until=2026-10-31"
    )
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.context["page"].count, answer.context["occurred"]) == (3, "5 pelaksanaan langkah")
    assert "(5 pelaksanaan langkah)" in page
    for words in (
        "Kejadian: Langkah berakhir",
        "Langkah yang berakhir: Tes dan uji coba",
        "Hasil langkah: diuji",
        "Sejak: 1 Okt 2026",
    ):
        assert words in page
    assert page.count('type="hidden" name="run" value="tested"') == 1


def test_circumstances_alone_say_what_they_are_about(office: Office) -> None:
    reason = HoldReason.objects.get(code="menunggu-perangkat").pk
    asked = {"of_step=5": "step", "run=late": "step", f"reason={reason}": "held", "hour=0": "submitted", "": ""}
    for query, happening in asked.items():
        assert form_of(query, office.admin).happening == happening
    assert form_of("since=2026-10-01", office.requester).happening == ""  # employees have their own list


@pytest.mark.parametrize(
    "query",
    ["happened=x", "since=x", "of_step=7", "run=x", "standard=1", "worker=x", "weekday=8", "hour=24", "reason=0",
     "until=9999-12-31", "since=0001-01-01"],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_as_good_as_absent(office: Office, query: str) -> None:
    client = Client()
    client.force_login(office.supervisor)
    assert client.get(f"{reverse('tickets:list')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "?period=x", "?on=x", "?on=0001-01-01", "?since=2026-10-09&until=2026-10-01", "?until=2026-10-01",
     "?since=2099-12-31", "?unit=x&technician=99999999999&priority=9&category=x", "?period=custom"],
)  # fmt: skip
def test_any_address_gives_a_page(office: Office, query: str) -> None:
    assert get(office.supervisor, query).status_code == 200


def test_days_the_wrong_way_round_are_told_at_the_field(office: Office) -> None:
    page = get(office.supervisor, "?since=2026-10-09&until=2026-10-01").content.decode()
    assert "Tanggal akhir mendahului tanggal awal." in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2001-01-01&until=2098-12-31", "until"),
        ("since=2001-01-01", "since"),
        ("since=2016-01-01&until=2026-03-01", "until"),
    ],
)
def test_more_than_ten_years_are_refused_at_the_field(office: Office, query: str, field: str) -> None:
    """However long a period could be asked for, its course has no more rows than ten years have months."""
    form = FiguresForm(QueryDict(query), today=date(2026, 10, 12))
    assert form.errors == {field: ["Pilih paling lama 10 tahun."]}
    assert form.chosen_period == Period.around(date(2026, 10, 12), Unit.MONTH)
    longest = FiguresForm(QueryDict("since=2016-10-13&until=2026-10-12"), today=date(2026, 10, 12))
    assert longest.is_valid() and len(longest.chosen_period.buckets) == 121


def test_the_page_says_what_it_shows(office: Office) -> None:
    page = get(office.supervisor).content.decode()
    assert "Oktober 2026" in page
    assert "keadaan" in page
    assert "sedikit data" in page
    assert "period=month&amp;on=2026-09-01" in page
    assert "Tidak ada tiket dalam periode ini" in get(office.supervisor, "?on=2020-01-01").content.decode()


def test_every_number_is_defined_on_the_page_and_in_the_documents(office: Office) -> None:
    page = get(office.supervisor).content.decode()
    documents = (ROOT / "docs" / "figures.md").read_text()
    for name, definition in DEFINITIONS.items():
        assert str(definition.text) in page
        assert f"| `{name}` |" in documents


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_the_number_of_queries_does_not_grow(
    office: Office, role: str, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_kept", {})
    client = Client()
    client.force_login(getattr(office, role))
    client.get(PAGE)
    with django_assert_max_num_queries(15) as few:
        client.get(PAGE + OCTOBER)
    with django_assert_max_num_queries(15) as many:
        client.get(
            f"{PAGE}?period=year&on=2026-10-12&unit={office.unit.pk}&priority=3&technician={office.technician.pk}"
        )
    assert len(many) == len(few)
    with django_assert_max_num_queries(10):
        client.get(PAGE + OCTOBER)  # nothing has happened since
    office.do(Action.COMMENT, office.submit(), text="Baru")
    with django_assert_max_num_queries(15) as after:
        client.get(PAGE + OCTOBER)
    assert len(after) == len(few)


@pytest.mark.parametrize(
    ("role", "status"), [("requester", 403), ("technician", 403), ("admin", 200), ("supervisor", 200)]
)
def test_the_dashboard_is_for_those_who_may_see_figures(office: Office, role: str, status: int) -> None:
    assert get(getattr(office, role)).status_code == status
