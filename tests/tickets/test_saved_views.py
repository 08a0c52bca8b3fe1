"""Saved views, chosen columns, and the list as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office
from tickets import columns, listing
from tickets.models import ListChoice, SavedView, Ticket

LIST = reverse("tickets:list")
CSV = reverse("tickets:csv")
SAVE = reverse("tickets:view-save")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def saved(owner: User, **facts: Any) -> SavedView:
    return SavedView.objects.create(**{"owner": owner, "name": "Milikku", "query": "?state=held", **facts})


# Views


def test_a_list_is_kept_under_a_name_and_opens_by_it(office: Office) -> None:
    query = "?state=all&category=new&sort=oldest&cols=title,status&after=zzz&v=1.2&nonsense=1"
    answer = signed_in(office.technician).post(SAVE, {"name": "Pasang baru", "query": query})
    view = SavedView.objects.get()
    assert answer.headers["Location"] == view.get_absolute_url()
    assert view.query == "?sort=oldest&state=all&category=new&cols=title%2Cstatus"
    assert "Pasang baru" in signed_in(office.technician).get(LIST + "?state=open").content.decode()


def test_a_name_is_used_once_by_each_person(office: Office) -> None:
    saved(office.admin)
    assert signed_in(office.admin).post(SAVE, {"name": "Milikku", "query": ""}).status_code == 422
    assert signed_in(office.technician).post(SAVE, {"name": "Milikku", "query": ""}).status_code == 302


def test_a_search_that_is_too_long_to_be_kept_is_told_at_the_name(office: Office) -> None:
    for query in ("?q=" + "😀" * 200, "?q=" + "a" * 2000):  # 2400 letters once it is an address; no list's own
        answer = signed_in(office.admin).post(SAVE, {"name": "Panjang", "query": query})
        assert answer.status_code == 422
        assert "terlalu panjang untuk disimpan" in answer.content.decode()


@pytest.mark.parametrize(("role", "shares"), [("admin", True), ("supervisor", True), ("technician", False)])
def test_admins_and_supervisors_share(office: Office, role: str, shares: bool) -> None:
    signed_in(getattr(office, role)).post(SAVE, {"name": "Untuk semua", "query": "?state=held", "shared": "on"})
    assert SavedView.objects.get().shared is shares


def test_what_is_shared_is_seen_by_those_who_see_all_tickets_and_what_is_not_by_nobody_else(office: Office) -> None:
    shared, own = saved(office.admin, shared=True), saved(office.admin, name="Rahasia")
    assert set(SavedView.objects.visible_to(office.supervisor)) == {shared}
    assert set(SavedView.objects.visible_to(office.admin)) == {shared, own}
    assert not SavedView.objects.visible_to(office.requester).exists()


def test_a_shared_view_opens_no_ticket_that_its_reader_may_not_see(office: Office) -> None:
    office.submit(title="Milik orang lain")
    page = signed_in(office.stranger).get(saved(office.admin, shared=True, query="?state=all").get_absolute_url())
    assert page.context["page"].count == 0


def test_the_owner_renames_shares_and_deletes(office: Office) -> None:
    view, client = saved(office.admin), signed_in(office.admin)
    client.post(reverse("tickets:view-change", args=[view.pk]), {"name": "Baru", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared, view.query) == ("Baru", True, "?state=held")
    assert client.post(reverse("tickets:view-change", args=[view.pk]), {"name": ""}).status_code == 422
    client.post(reverse("tickets:view-delete", args=[view.pk]))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["view-change", "view-delete"])
def test_others_change_nothing_not_even_what_is_shared(office: Office, name: str) -> None:
    view = saved(office.admin, shared=True)
    answer = signed_in(office.supervisor).post(reverse(f"tickets:{name}", args=[view.pk]), {"name": "x"})
    assert answer.status_code == 404
    assert SavedView.objects.get().name == "Milikku"


def test_the_list_opens_with_the_default_view_until_it_is_none_or_no_longer_shared(office: Office) -> None:
    view, client = saved(office.admin, shared=True), signed_in(office.technician)
    make = reverse("tickets:view-default", args=[view.pk])
    client.post(make)
    assert client.get(LIST).headers["Location"] == view.get_absolute_url()
    assert client.get(LIST + "?state=open").status_code == 200
    SavedView.objects.update(shared=False)
    assert client.get(LIST).status_code == 200
    SavedView.objects.update(shared=True)
    client.post(make)
    assert client.get(LIST).status_code == 200
    assert signed_in(office.requester).post(make).status_code == 404


# Columns


def shown(user: User, query: str = "?state=all") -> list[str]:
    return [column.name for column in signed_in(user).get(LIST + query).context["columns"]]


def test_columns_are_chosen_in_the_address_and_kept_for_the_person(office: Office) -> None:
    office.submit()
    assert shown(office.admin) == list(columns.DEFAULT)
    answer = signed_in(office.admin).post(
        reverse("tickets:columns"), {"column": ["closed", "place"], "query": "?state=all&q=pasang"}
    )
    assert answer.headers["Location"] == f"{LIST}?q=pasang&state=all&cols=title%2Cplace%2Cclosed"
    assert shown(office.admin) == ["title", "place", "closed"]
    assert shown(office.admin, "?state=all&cols=time") == ["title", "time"]
    assert shown(office.supervisor) == list(columns.DEFAULT)
    assert ListChoice.objects.get().user == office.admin


def test_an_employee_is_offered_no_column_about_other_people(office: Office) -> None:
    office.submit()
    assert shown(office.requester, "?state=all&cols=requester,status") == ["title", "status"]


@pytest.mark.parametrize("cols", ["nope", ",,,", "%00", "x" * 300])
def test_columns_that_make_no_sense_are_as_good_as_none(office: Office, cols: str) -> None:
    assert shown(office.admin, f"?state=all&cols={cols}") == list(columns.DEFAULT)


# The file


def rows(user: User, query: str = "?state=all") -> list[list[str]]:
    answer: Any = signed_in(user).get(CSV + query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_has_the_rows_order_and_columns_of_the_page(office: Office) -> None:
    for title in ("Satu", "Dua", "Tiga"):
        office.wait(minutes=1)
        office.submit(title=title)
    office.ticket_in("done", title="Selesai")
    head, *found = rows(office.admin, "?state=approval&sort=oldest&cols=title,technician")
    assert head == ["Nomor", "Permintaan", "Kategori", "Diajukan", "Teknisi", "Prioritas"]
    assert [row[1] for row in found] == ["Satu", "Dua", "Tiga"]
    page = signed_in(office.admin).get(LIST + "?state=approval&sort=oldest").context["rows"]
    assert [row[0] for row in found] == [row.number for row in page]


def test_the_file_of_somebody_who_sees_their_own_has_their_own(office: Office) -> None:
    office.submit()
    mine = office.submit(by=office.colleague, requester=office.colleague, title="Punyaku")
    head, *found = rows(office.colleague)
    assert [row[0] for row in found] == [mine.number]
    assert "Pemohon" not in head


def test_a_formula_is_neutralised(office: Office) -> None:
    office.submit(title='=HYPERLINK("http://x")')
    assert rows(office.admin)[1][1] == '\'=HYPERLINK("http://x")'


def test_the_file_speaks_its_readers_language(office: Office) -> None:
    office.submit()
    User.objects.filter(pk=office.admin.pk).update(language="en")
    head, row = rows(office.admin)
    assert head[0] == "Number"
    assert row[2] == "New installation"


def test_nothing_is_capped_and_memory_holds_one_chunk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CHUNK", 2)
    for _ in range(5):
        office.submit()
    tickets = Ticket.objects.order_by("pk")
    with CaptureQueriesContext(connection) as asked:
        parts = list(listing.as_csv(tickets, columns.chosen([], office.admin), "id"))
    assert [part.count(b"\r\n") for part in parts] == [1, 2, 2, 1]
    assert len(asked) <= 10
