"""The ticket list: what is shown to whom, in which order, how it renews itself; nothing in the address breaks it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from accounts import roles
from accounts.models import User
from accounts.prepared import spelt_out
from jobs import paging
from tests.tickets.factories import Office
from tests.tickets.web import pages_follow
from tickets import actions, columns, kept, lines, polls
from tickets.forms.filters import STATES, TicketFilter
from tickets.models import SavedView, Ticket
from tickets.templatetags import cells
from tickets.words import BLOCK_BITS
from tickets.workflow import Action, Status

LIST = reverse("tickets:list")


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, whose clock the pages follow."""
    pages_follow(office, monkeypatch)
    monkeypatch.setattr("tickets.actions.database_now", lambda: office.now)
    return office


def get(viewer: User, query: str = "", **headers: str) -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(LIST + query, headers=headers)


def shown(viewer: User, query: str = "") -> list[str]:
    """The titles of the rows, from the top."""
    return [row.title for row in get(viewer, query).context["rows"]]


def count(viewer: User, query: str = "") -> int:
    number: int = get(viewer, query).context["page"].count
    return number


def chip_counts(viewer: User, query: str = "") -> dict[str, int]:
    chips = get(viewer, query).context["chips"]
    return {str(chip["label"]): chip["count"] for chip in chips if chip["count"]}


def test_list_needs_a_log_in(office: Office) -> None:
    assert Client().get(LIST).status_code == 302


def test_list_is_only_read(office: Office) -> None:
    client = Client()
    client.force_login(office.admin)
    assert client.post(LIST).status_code == 405


# Who sees what


def test_employee_sees_own_tickets_alone(office: Office) -> None:
    office.submit(title="Punya saya")
    office.submit(title="Punya rekan", by=office.colleague)
    assert shown(office.requester) == ["Punya saya"]


@pytest.mark.parametrize("role", ["admin", "technician", "supervisor"])
def test_staff_see_everybodys_tickets(office: Office, role: str) -> None:
    office.submit(title="Satu")
    office.submit(title="Dua", by=office.stranger)
    assert sorted(shown(getattr(office, role))) == ["Dua", "Satu"]


@pytest.mark.parametrize("query", ["", "?state=all", "?q=sandi", "?state=approval", "?whose=allocated"])
def test_nothing_of_others_shows_in_rows_counts_or_chips(office: Office, query: str) -> None:
    office.submit(title="Rahasia", description="Lupa sandi.")
    response = get(office.colleague, query)
    assert response.context["rows"] == []
    assert response.context["page"].count == 0
    assert not any(chip["count"] for chip in response.context["chips"])
    assert "Rahasia" not in response.content.decode()


def test_device_of_somebody_else_filters_nothing(office: Office) -> None:
    device = office.device()
    office.submit(title="Laptop", device=device, device_text="")
    assert shown(office.requester, f"?device={device.pk}") == ["Laptop"]
    office.submit(title="Lain", by=office.colleague)
    assert shown(office.colleague, f"?device={device.pk}") == ["Lain"]


def test_employee_is_not_offered_the_filters_of_staff(office: Office) -> None:
    form = get(office.requester).context["form"]
    assert not {"technician", "unit", "whose"} & set(form.fields)


# Groups


@pytest.fixture
def all_kinds(office: Office) -> Office:
    """One ticket of each kind, named after it; the clock stands at the end."""
    office.ticket_in(Status.DONE, title="selesai")
    office.ticket_in(Status.REJECTED, title="ditolak")
    office.ticket_in(Status.CANCELLED, title="batal")
    office.ticket_in(Status.WORKING, title="ditunda", on_hold=True)
    office.submit(title="terlambat")
    office.wait(minutes=11)
    office.ticket_in(Status.WORKING, title="diproses")
    office.ticket_in(Status.ASSIGNED, title="dialokasikan")
    office.submit(title="baru")
    return office


GROUPS = {
    "open": {"baru", "dialokasikan", "diproses", "ditunda", "terlambat"},
    "approval": {"baru", "terlambat"},
    "acceptance": {"dialokasikan"},
    "working": {"diproses", "ditunda"},
    "overdue": {"terlambat"},
    "held": {"ditunda"},
    "done": {"selesai"},
    "dropped": {"ditolak", "batal"},
    "all": {"baru", "dialokasikan", "diproses", "ditunda", "terlambat", "selesai", "ditolak", "batal"},
}


def test_every_group_shows_exactly_its_tickets(all_kinds: Office) -> None:
    found = {name: set(shown(all_kinds.admin, f"?state={name}")) for name in STATES}
    assert found == GROUPS


def test_chips_count_their_groups(all_kinds: Office) -> None:
    counts = chip_counts(all_kinds.admin)
    assert counts == {
        "Terbuka": 5, "Menunggu persetujuan": 2, "Menunggu diterima": 1, "Diproses": 2, "Terlambat": 1, "Ditunda": 1,
    }  # fmt: skip


def test_chips_count_within_the_other_filters(all_kinds: Office) -> None:
    assert chip_counts(all_kinds.admin, "?q=diproses") == {"Terbuka": 1, "Diproses": 1}


def test_open_tickets_come_first_to_mind(all_kinds: Office) -> None:
    assert get(all_kinds.admin).context["form"].group == "open"


def test_search_looks_at_closed_tickets_too(all_kinds: Office) -> None:
    assert shown(all_kinds.admin, "?q=ditolak") == ["ditolak"]


def test_search_within_a_chosen_group_stays_there(all_kinds: Office) -> None:
    assert shown(all_kinds.admin, "?q=ditolak&state=open") == []


# Filters


def test_filters_narrow_by_their_columns(office: Office) -> None:
    fault = office.submit(title="gangguan", category="fault")
    office.submit(title="orang lain", by=office.stranger, unit=office.stranger.unit)
    ticket = office.do(Action.APPROVE, fault, priority=1, technician=office.other_technician)
    admin = office.admin
    assert shown(admin, "?category=fault") == ["gangguan"]
    assert shown(admin, "?priority=1") == ["gangguan"]
    assert shown(admin, f"?technician={office.other_technician.pk}") == ["gangguan"]
    assert shown(admin, f"?technician={office.technician.pk}") == []
    assert shown(admin, f"?unit={office.stranger.unit_id}") == ["orang lain"]
    assert shown(office.other_technician, "?whose=allocated") == ["gangguan"]
    assert shown(office.technician, "?whose=allocated") == []
    assert ticket.technician == office.other_technician


def test_own_requests_of_staff_are_one_chip_away(office: Office) -> None:
    office.submit(title="milik admin", by=office.admin)
    office.submit(title="milik pegawai")
    assert shown(office.admin, "?whose=mine") == ["milik admin"]


def test_period_counts_calendar_days_of_the_office(office: Office) -> None:
    office.at("2026-10-12 23:59")
    office.submit(title="kemarin malam")
    office.at("2026-10-13 00:01")
    office.submit(title="hari ini")
    assert shown(office.admin, "?submitted=today") == ["hari ini"]
    assert set(shown(office.admin, "?submitted=7d")) == {"hari ini", "kemarin malam"}


def test_closing_and_verdict_choose_finished_tickets(office: Office) -> None:
    office.ticket_in(Status.DONE, title="cepat")
    slow = office.ticket_in(Status.FINISHING, title="lambat")
    office.wait(hours=4)
    office.do(Action.FINISH, slow)
    assert shown(office.admin, "?state=done&closed=today&verdict=late") == ["lambat"]
    assert shown(office.admin, "?state=done&closed=today&verdict=on_time") == ["cepat"]
    office.wait(days=1)
    assert shown(office.admin, "?state=done&closed=today") == []


# Order


def test_open_tickets_stand_in_queue_order(office: Office) -> None:
    office.submit(title="terlambat")
    office.wait(minutes=11)
    for title, priority in (("biasa", 3), ("mendesak", 1)):
        office.do(Action.APPROVE, office.submit(title=title), priority=priority)
    office.do(Action.HOLD, Ticket.objects.get(title="biasa"))
    office.do(Action.APPROVE, office.submit(title="biasa juga"), priority=3)
    assert shown(office.admin) == ["terlambat", "mendesak", "biasa juga", "biasa"]


@pytest.mark.parametrize("sort", ["queue", "due", "priority"])
def test_where_closed_tickets_stand_only_what_an_index_keeps_sorts(office: Office, sort: str) -> None:
    office.submit(title="terbuka")
    office.wait(minutes=1)
    office.ticket_in(Status.DONE, title="selesai")
    found = get(office.admin, f"?state=all&sort={sort}")
    assert [row.title for row in found.context["rows"]] == ["selesai", "terbuka"]
    assert [name for name, _label in found.context["form"].sort_choices] == ["", "oldest"]
    assert shown(office.admin, f"?sort={sort}") == ["terbuka"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["tiga", "dua", "satu"]),
        ("oldest", ["satu", "dua", "tiga"]),
        ("due", ["satu", "dua", "tiga"]),
        ("priority", ["tiga", "satu", "dua"]),
    ],
)
def test_sorts(office: Office, sort: str, expected: list[str]) -> None:
    for title, priority in (("satu", 3), ("dua", 4), ("tiga", 1)):
        office.do(Action.APPROVE, office.submit(title=title), priority=priority)
        office.wait(minutes=1)
    assert shown(office.admin, f"?sort={sort}") == expected


@pytest.mark.parametrize("sort", list(TicketFilter.SORTS))
def test_pages_join_without_gap_or_double(office: Office, sort: str) -> None:
    for number in range(5):
        office.submit(title=f"tiket {number}")
        office.wait(seconds=30)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        form = TicketFilter({"sort": sort, "after": after}, viewer=office.admin)
        page = form.chosen_page(Ticket.objects.all(), replace(polls.glance(office.admin), now=office.now), size=2)
        seen += [line.title for line in lines.lines_of([ticket.pk for ticket in page.rows], office.admin, office.now)]
        after = page.next
    assert sorted(seen) == [f"tiket {number}" for number in range(5)]


def test_second_page_is_a_link_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.views.lists.PER_PAGE", 2)
    for number in range(3):
        office.submit(title=f"tiket {number}")
        office.wait(seconds=30)
    first = get(office.admin, "?sort=oldest")
    assert [row.title for row in first.context["rows"]] == ["tiket 0", "tiket 1"]
    link = re.search(r'rel="next" href="([^"]*)"', first.content.decode())
    assert link is not None
    assert shown(office.admin, link[1].replace("&amp;", "&")) == ["tiket 2"]


def test_count_is_exact_up_to_its_cap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 2)
    for _number in range(2):
        office.submit()
    assert "2 tiket" in get(office.admin).content.decode()
    office.submit()
    assert "lebih dari 2 tiket" in get(office.admin).content.decode()


FILTERED = "?state=all&category=move&priority=2"


def mover(office: Office) -> Ticket:
    return office.do(Action.APPROVE, office.submit(category="move"), priority=2)


def test_counts_of_a_filter_follow_each_event(office: Office) -> None:
    mover(office)
    assert (count(office.admin, FILTERED), chip_counts(office.admin, FILTERED)["Terbuka"]) == (1, 1)
    second = mover(office)
    assert (count(office.admin, FILTERED), chip_counts(office.admin, FILTERED)["Terbuka"]) == (2, 2)
    office.do(Action.CANCEL, second)
    assert (count(office.admin, FILTERED), chip_counts(office.admin, FILTERED)["Terbuka"]) == (2, 1)


def test_counts_of_a_filter_follow_the_clock(office: Office) -> None:
    ticket = mover(office)
    assert "Terlambat" not in chip_counts(office.admin, FILTERED)
    assert ticket.current_run is not None and ticket.current_run.due_at is not None
    office.now = ticket.current_run.due_at + timedelta(seconds=1)
    assert chip_counts(office.admin, FILTERED)["Terlambat"] == 1


def test_counts_of_a_filter_follow_the_day(office: Office) -> None:
    office.submit(category="move")
    assert count(office.admin, "?state=all&submitted=today") == 1
    office.wait(days=1)
    assert count(office.admin, "?state=all&submitted=today") == 0


def test_counts_of_a_filter_are_read_once_while_nothing_happens(office: Office) -> None:
    mover(office)
    get(office.admin, FILTERED)
    with CaptureQueriesContext(connection) as asked:
        get(office.admin, FILTERED)
    assert not [query for query in asked if "COUNT(" in query["sql"]]


def test_two_people_count_their_own(office: Office) -> None:
    mover(office)
    own = "?state=all&whose=allocated"
    assert [count(person, own) for person in (office.technician, office.other_technician)] == [1, 0]


# What a row says


def test_row_says_number_requester_status_and_time(office: Office) -> None:
    ticket = office.submit(title="Pasang <b>jaringan</b>")
    office.wait(minutes=4)
    page = get(office.admin).content.decode()
    for words in (ticket.number, str(office.requester), office.unit.name, "Menunggu persetujuan", "sisa 6 menit"):
        assert words in page
    assert escape("Pasang <b>jaringan</b>") in page
    assert "Pasang <b>jaringan</b>" not in page


def test_every_column_has_its_cell() -> None:
    assert set(cells.CELLS) == set(columns.COLUMNS)


def test_what_people_typed_stands_in_the_cells_as_text(office: Office) -> None:
    office.submit(title="<b>&</b>", room="<i>", contact="<u>")
    html = get(office.admin, "?cols=title,place").content.decode()
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in html
    assert "&lt;i&gt;" in html and "&lt;u&gt;" in html
    assert "<b>&" not in html


def test_row_of_a_late_ticket_says_so_in_words(office: Office) -> None:
    office.submit()
    office.wait(minutes=22)
    assert "terlambat 12 menit" in get(office.admin).content.decode()


def test_row_on_hold_says_since_when_and_why(office: Office) -> None:
    office.at("2026-10-12 09:00")
    office.ticket_in(Status.WORKING, on_hold=True)
    page = get(office.admin).content.decode()
    assert "ditunda sejak 09.04" in page
    assert "Menunggu perangkat/material" in page
    office.wait(days=1)
    assert "ditunda sejak 09.04" not in get(office.admin).content.decode()


def test_row_out_of_working_hours_says_when_the_clock_goes_on(office: Office) -> None:
    office.at("2026-10-12 15:58")
    office.submit()
    office.at("2026-10-12 20:00")
    [row] = get(office.admin).context["rows"]
    assert row.clock.left == 8 * 60
    assert row.clock.resumes.isoformat() == "2026-10-13T00:30:00+00:00"
    assert "dilanjutkan" in get(office.admin).content.decode()


def test_row_waits_for_the_one_who_can_act(office: Office) -> None:
    office.submit()
    assert [row.waits_for_viewer for row in get(office.admin).context["rows"]] == [True]
    assert [row.waits_for_viewer for row in get(office.technician).context["rows"]] == [False]
    office.do(Action.APPROVE, Ticket.objects.get())
    assert [row.waits_for_viewer for row in get(office.admin).context["rows"]] == [False]
    assert [row.waits_for_viewer for row in get(office.technician).context["rows"]] == [True]
    office.do(Action.HOLD, Ticket.objects.get())
    assert [row.waits_for_viewer for row in get(office.technician).context["rows"]] == [False]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=zzz", "Tidak ada tiket yang cocok"),
        ("?priority=1", "Tidak ada tiket dengan saringan ini"),
        ("", "Tidak ada tiket yang terbuka"),
        ("?state=held", "Tidak ada tiket di kelompok ini"),
        ("?state=all", "Belum ada tiket"),
    ],
)
def test_empty_list_says_what_to_do(office: Office, query: str, words: str) -> None:
    page = get(office.admin, query).content.decode()
    assert words in page
    assert "empty-state" in page


def test_employee_without_tickets_is_invited_to_submit(office: Office) -> None:
    page = get(office.requester).content.decode()
    assert "Anda tidak punya tiket yang terbuka" in page
    assert reverse("tickets:create") in page


# The address


BAD = (
    "?q=%00", "?q=" + "a" * 5000, "?q[]=x", "?page=abc", "?sort=nope", "?sort=requester__password", "?state=nope",
    "?state[]=done", "?state=done&state=open", "?category=x", "?priority=99", "?priority=x", "?technician=abc",
    "?technician=99999999999999999999", "?technician=-1", "?unit=%00", "?unit=1'--", "?device=x", "?submitted=x",
    "?closed=never", "?verdict=cut_off", "?after=x", "?before=%00", "?after=" + "x" * 5000, "?v=x", "?v=1.2.3",
    "?v=%00", "?v=" + "9" * 39, "?v=%C2%B2.%C2%B2", "?whose=%ff%fe", "?%00=1",
)  # fmt: skip


def test_bad_values_are_as_good_as_absent(office: Office) -> None:
    office.submit(title="Ada")
    assert {query: shown(office.admin, query) for query in BAD} == {query: ["Ada"] for query in BAD}


def test_sign_that_is_no_character_breaks_nothing(office: Office) -> None:
    assert get(office.admin, "?q=%ed%a0%80").status_code == 200


def test_search_that_is_too_long_says_so_at_the_field(office: Office) -> None:
    office.submit(title="Ada")
    response = get(office.admin, "?q=" + "a" * 5000)
    assert 'id="ticket-q-error"' in response.content.decode()
    assert [row.title for row in response.context["rows"]] == ["Ada"]


def test_links_carry_valid_filters_alone(office: Office) -> None:
    page = get(office.admin, "?q=kabel&category=fault&sort=nope&junk=1&v=1.2").content.decode()
    links = re.findall(r'class="chip" href="([^"]*)"', page)
    assert "?q=kabel&amp;category=fault&amp;state=overdue" in links
    assert not any("junk" in link or "nope" in link or "v=" in link for link in links)


def test_set_filters_can_be_taken_out_one_by_one(office: Office) -> None:
    removable = get(office.admin, f"?category=fault&technician={office.technician.pk}").context["removable"]
    assert [(chip["label"], chip["url"]) for chip in removable] == [
        ("Kategori: Gangguan", f"?technician={office.technician.pk}"),
        ("Teknisi: Teknisi", "?category=fault"),
    ]


# htmx


def test_htmx_gets_the_region_alone_and_the_address_to_show(office: Office) -> None:
    response = get(office.admin, "?state=held&q=", **{"HX-Request": "true", "HX-Target": "ticket-list"})
    assert next(template.name for template in response.templates) == "tickets/lists/region.html"
    assert "<html" not in response.content.decode()
    assert response.headers["HX-Push-Url"] == f"{LIST}?state=held"


def test_page_without_javascript_has_everything(office: Office) -> None:
    office.submit(title="Ada")
    page = get(office.admin, "?state=approval&q=ada").content.decode()
    assert '<form class="list-search" id="ticket-filters" method="get"' in page
    assert 'name="state" value="approval" form="ticket-filters"' in page


def poll(viewer: User, version: str) -> Any:
    return get(viewer, f"?v={version}", **{"HX-Request": "true", "HX-Target": "ticket-list"})


def test_poll_is_answered_by_nothing_while_nothing_changed(office: Office) -> None:
    office.submit()
    version = get(office.admin).context["version"]
    office.wait(seconds=30)
    response = poll(office.admin, version)
    assert response.status_code == 204
    assert response.content == b""


def test_poll_after_an_event_gets_the_region_and_no_new_address(office: Office) -> None:
    office.submit()
    version = get(office.admin).context["version"]
    office.submit(title="Baru masuk")
    response = poll(office.admin, version)
    assert response.status_code == 200
    assert "Baru masuk" in response.content.decode()
    assert "HX-Push-Url" not in response.headers


def test_poll_draws_anew_when_a_ticket_has_become_late(office: Office) -> None:
    office.submit()
    version = get(office.admin).context["version"]
    office.wait(minutes=10)
    assert poll(office.admin, version).status_code == 204
    office.wait(seconds=1)
    assert poll(office.admin, version).status_code == 200


def test_poll_draws_anew_when_the_office_closes(office: Office) -> None:
    office.at("2026-10-12 11:55")
    office.submit()
    version = get(office.admin).context["version"]
    office.at("2026-10-12 12:00:01")
    assert poll(office.admin, version).status_code == 200


def test_poll_of_an_employee_knows_nothing_of_others(office: Office) -> None:
    office.submit()
    version = get(office.requester).context["version"]
    office.submit(by=office.colleague)
    assert poll(office.requester, version).status_code == 204


def test_poll_of_an_employee_knows_nothing_of_internal_notes(office: Office) -> None:
    ticket = office.submit()
    version = get(office.requester).context["version"]
    actions.comment(ticket, text="Antar kita.", internal=True, by=office.admin, now=office.now)
    assert poll(office.requester, version).status_code == 204
    actions.comment(ticket, text="Kami datang.", by=office.admin, now=office.now)
    assert poll(office.requester, version).status_code == 200


def test_version_of_another_day_is_stale(office: Office) -> None:
    office.submit()
    seen = polls.glance(office.admin)
    version = polls.version(seen, [])
    assert polls.is_current(version, seen)
    assert not polls.is_current(version, replace(seen, now=office.now + timedelta(days=1)))


def test_what_one_list_asks_is_not_left_in_the_next(office: Office) -> None:
    """Forms share the fields that none of them changes."""
    asked = {"technician": str(office.technician.pk), "device": "1", "state": "zz", "priority": "99", "unit": "x"}
    first = TicketFilter(asked, viewer=office.admin)
    assert {"state", "priority", "unit"} <= set(first.errors)
    own = TicketFilter({}, viewer=office.requester)
    assert "technician" not in own.fields
    second = TicketFilter({}, viewer=office.admin)
    assert not second.errors
    assert second.fields.keys() == first.fields.keys()
    for name in TicketFilter.CHANGED:
        assert second.fields[name] is not first.fields[name]
    technician: Any = second.fields["technician"]
    assert not technician.queryset.exists()


def test_what_was_wrong_in_one_list_is_not_wrong_in_the_next(office: Office) -> None:
    client = Client()
    client.force_login(office.admin)
    wrong = [client.get(f"{LIST}?priority=99&category=zz&q={'x' * 201}").content.decode() for _ in range(3)]
    assert "is-invalid" in wrong[0]
    assert len(wrong[0]) == len(wrong[2])
    assert not any("class" in field.widget.attrs for field in TicketFilter.base_fields.values())
    assert "is-invalid" not in client.get(LIST).content.decode()


# Cost


@pytest.mark.parametrize("role", ["requester", "admin", "technician", "supervisor"])
def test_queries_do_not_grow_with_the_rows(office: Office, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many tickets that words are looked for in the newest, in more and in all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), %s)", [8 << BLOCK_BITS])
    client = Client()
    client.force_login(getattr(office, role))
    pages = (LIST, f"{LIST}?state=all", f"{LIST}?q=PC&category=new&priority=3&sort=due")

    def asked() -> list[int]:
        counts = []
        monkeypatch.setattr(kept, "_kept", {})
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            counts.append(len(captured.captured_queries))
        return counts

    office.ticket_in(Status.IDENTIFYING, on_hold=True)
    asked()  # what a process keeps for ever is read now
    few = asked()
    for _number in range(3):
        office.ticket_in(Status.IDENTIFYING, on_hold=True)
        office.ticket_in(Status.DONE)
        office.submit()
    SavedView.objects.create(owner=getattr(office, role), name="Ada", query="?state=all")
    assert asked() == few
    assert max(few) <= 14


@pytest.mark.parametrize("page", ["tickets:list", "dashboard:home"])
def test_lists_read_no_calendar_and_no_text_that_they_do_not_show(office: Office, page: str) -> None:
    office.ticket_in(Status.IDENTIFYING)
    client = Client()
    client.force_login(office.admin)
    client.get(reverse(page))  # what a process keeps for ever is read now
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(page))
    asked = " ".join(spelt_out(query["sql"]) for query in captured.captured_queries)
    assert "ticket.title" in asked.replace('"tickets_ticket"', "ticket").replace('"', "")
    for column in ('"worktime_calendarrevision"."data"', '"tickets_ticket"."search"', '"tickets_ticket"."description"'):
        assert column not in asked


def test_poll_costs_next_to_nothing(office: Office, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    office.submit()
    version = get(office.admin).context["version"]
    client = Client()
    client.force_login(office.admin)
    with django_assert_max_num_queries(3):  # session, person, and one for everything else
        assert client.get(f"{LIST}?v={version}", headers={"HX-Target": "ticket-list"}).status_code == 204


# Tickets of a device


def of_device(viewer: User, device_id: int) -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(reverse("tickets:of-device", args=[device_id]))


def test_device_shows_its_tickets_to_owner_and_staff(office: Office) -> None:
    device = office.device()
    office.submit(title="Laptop lambat", device=device, device_text="")
    office.submit(title="Bukan laptop itu")
    for viewer in (office.requester, office.admin, office.technician, office.supervisor):
        page = of_device(viewer, device.pk).content.decode()
        assert "Laptop lambat" in page
        assert "Bukan laptop itu" not in page


def test_device_of_somebody_else_is_no_device(office: Office) -> None:
    device = office.device()
    assert of_device(office.colleague, device.pk).status_code == 404
    assert of_device(office.colleague, 10**12).status_code == 404


def test_new_owner_of_a_device_sees_no_tickets_of_the_old_one(office: Office) -> None:
    device = office.device()
    office.submit(title="Rahasia", device=device, device_text="")
    device.owner = office.colleague
    device.save(update_fields=["owner"])
    response = of_device(office.colleague, device.pk)
    assert response.status_code == 200
    assert "Rahasia" not in response.content.decode()
    assert "Belum ada tiket untuk perangkat ini." in response.content.decode()


def test_device_with_many_tickets_links_to_the_list_of_them(office: Office) -> None:
    device = office.device()
    for number in range(11):
        office.submit(title=f"Tiket {number}", device=device, device_text="")
        office.wait(minutes=1)
    response = of_device(office.requester, device.pk)
    assert len(response.context["rows"]) == 10
    assert f"{LIST}?device={device.pk}" in response.content.decode()
    assert count(office.requester, f"?device={device.pk}") == 11


# The panel


def panel(viewer: User, query: str = "") -> str:
    page: str = get(viewer, query).content.decode()
    return page[page.index('class="filter-grid"') : page.index("</details>", page.index('class="filter-grid"'))]


def test_the_panel_shows_what_is_chosen_and_again_nothing(office: Office) -> None:
    assert 'value="move" selected' in panel(office.admin, "?category=move")
    assert 'value="move" selected' not in panel(office.admin)


def test_the_panel_speaks_the_readers_language(office: Office) -> None:
    assert "Semua kategori" in panel(office.admin)
    office.admin.language = "en"
    office.admin.save()
    assert "Semua kategori" not in panel(office.admin)


def test_who_becomes_a_technician_stands_in_the_panel_at_once(office: Office) -> None:
    assert str(office.colleague) not in panel(office.admin)
    office.colleague.set_roles([roles.TECHNICIAN])
    assert str(office.colleague) in panel(office.admin)


def test_who_is_renamed_stands_in_the_panel_with_the_new_name(office: Office) -> None:
    panel(office.admin)
    User.objects.filter(pk=office.technician.pk).update(full_name="Tono <Baru>")
    assert escape("Tono <Baru>") in panel(office.admin)
