"""Beranda: each role meets what it needs first, and every figure is exactly the list that it opens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import roles
from accounts.models import Absence, User
from dashboard import metrics
from tests.tickets.factories import Office, make_office, make_user
from tests.tickets.web import pages_follow
from tickets.models import Ticket
from tickets.workflow import Action, Status

HOME = reverse("dashboard:home")
LIST = reverse("tickets:list")


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, whose clock the pages follow."""
    office = make_office()
    pages_follow(office, monkeypatch)
    return office


def get(viewer: User, query: str = "", **headers: str) -> Any:
    client = Client()
    client.force_login(viewer)
    return client.get(HOME + query, headers=headers)


def sections(viewer: User) -> set[str]:
    context = get(viewer).context
    names = ("own", "approvals", "stranded", "loads", "tasks", "lately", "overdue")
    return {name for name in names if name in context and context[name] is not None}


def titles(viewer: User, section: str) -> list[str]:
    return [row.ticket.title for row in get(viewer).context[section]]


def listed(viewer: User, query: str) -> int:
    client = Client()
    client.force_login(viewer)
    number: int = client.get(LIST + query).context["page"].count
    return number


def test_home_needs_a_log_in(office: Office) -> None:
    assert Client().get(HOME).status_code == 302


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("requester", {"own"}),
        ("admin", {"own", "approvals", "stranded", "loads", "lately", "overdue"}),
        ("technician", {"own", "tasks"}),
        ("supervisor", {"own", "lately", "overdue"}),
    ],
)
def test_each_role_has_its_sections(office: Office, role: str, expected: set[str]) -> None:
    assert sections(getattr(office, role)) == expected


def test_roles_add_up(office: Office) -> None:
    person = make_user(roles.TECHNICIAN, roles.SUPERVISOR, username="dua_peran", unit=office.unit)
    assert sections(person) == {"own", "tasks", "lately", "overdue"}


# Pegawai


def test_employee_is_invited_to_submit(office: Office) -> None:
    page = get(office.requester).content.decode()
    assert "home-invite" in page
    assert reverse("tickets:create") in page
    assert "Tidak ada permintaan yang berjalan" in page


def test_staff_have_the_way_to_submit_in_the_head(office: Office) -> None:
    page = get(office.technician).content.decode()
    assert "home-invite" not in page
    assert reverse("tickets:create") in page


def test_employee_sees_own_open_tickets_with_their_six_steps(office: Office) -> None:
    office.ticket_in(Status.WORKING, title="Punya saya")
    office.submit(title="Punya rekan", by=office.colleague)
    [row] = get(office.requester).context["own"]
    assert row.ticket.title == "Punya saya"
    assert [step["state"] for step in row.steps] == ["done", "done", "done", "current", "waiting", "waiting"]
    assert row.steps[3]["clock"] is not None


def test_step_on_hold_says_so(office: Office) -> None:
    office.ticket_in(Status.WORKING, on_hold=True)
    [row] = get(office.requester).context["own"]
    assert (row.steps[3]["clock"], row.steps[3]["note"]) == (None, "ditunda")


def test_failed_test_shows_the_way_back(office: Office) -> None:
    office.do(Action.FAIL_TEST, office.ticket_in(Status.TESTING))
    [row] = get(office.requester).context["own"]
    assert [step["state"] for step in row.steps] == ["done", "done", "done", "current", "back", "waiting"]


def test_recently_closed_tickets_follow(office: Office) -> None:
    office.ticket_in(Status.DONE, title="Lama")
    office.wait(days=31)
    office.ticket_in(Status.REJECTED, title="Baru")
    office.ticket_in(Status.DONE, title="Orang lain", by=office.colleague)
    assert titles(office.requester, "closed") == ["Baru"]


# Admin


def test_admin_sees_what_waits_for_approval_in_queue_order(office: Office) -> None:
    office.submit(title="lama")
    office.wait(minutes=11)
    office.submit(title="kedua")
    office.wait(minutes=1)
    office.submit(title="ketiga")
    office.ticket_in(Status.ASSIGNED, title="sudah disetujui")
    assert titles(office.admin, "approvals") == ["lama", "kedua", "ketiga"]
    page = get(office.admin).content.decode()
    assert "terlambat" in page
    assert "sisa" in page


def test_admin_with_nothing_to_approve_is_told_so(office: Office) -> None:
    assert "Tidak ada tiket yang menunggu persetujuan." in get(office.admin).content.decode()


def test_technicians_stand_with_their_load_the_free_ones_first(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    office.ticket_in(Status.ASSIGNED, on_hold=True)
    office.ticket_in(Status.DONE)
    loads = {load.pk: load for load in metrics.technicians_load(timezone.localdate(office.now))}
    mine = loads[office.technician.pk]
    # Steps 4 to 6 of the first (60 + 10 + 10); the second is on hold.
    assert (mine.open, mine.held, mine.minutes) == (2, 1, 80)
    assert (loads[office.other_technician.pk].open, loads[office.other_technician.pk].minutes) == (0, 0)
    assert next(iter(loads)) == office.other_technician.pk


def away(person: User, at: datetime) -> None:
    today = timezone.localdate(at)
    Absence.objects.create(user=person, first_on=today, last_on=today, reason="Dinas luar", recorded_by=person)


def test_who_is_away_stands_last_with_until_when_and_why(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    away(office.other_technician, office.now)
    loads = metrics.technicians_load(timezone.localdate(office.now))
    assert [load.pk for load in loads] == [office.technician.pk, office.other_technician.pk]
    assert (loads[1].away_until, loads[1].away_reason) == (timezone.localdate(office.now), "Dinas luar")
    assert "Dinas luar" in get(office.admin).content.decode()


def test_tickets_of_who_is_away_wait_for_the_admin_with_the_way_to_hand_them_over(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.ticket_in(Status.DONE)
    assert "Tiket teknisi yang tidak hadir" not in get(office.admin).content.decode()
    away(office.technician, office.now)
    page = get(office.admin)
    assert [row.ticket for row in page.context["stranded"]] == [ticket]
    assert f"{ticket.get_reassign_url()}#form-reassign" in page.content.decode()


def test_somebody_who_is_no_technician_any_more_still_stands_with_their_tickets(office: Office) -> None:
    office.ticket_in(Status.WORKING)
    office.technician.set_roles([])
    assert office.technician.pk in {load.pk for load in metrics.technicians_load(timezone.localdate(office.now))}


def test_employee_is_no_technician(office: Office) -> None:
    assert {load.pk for load in metrics.technicians_load(timezone.localdate(office.now))} == {
        office.technician.pk,
        office.other_technician.pk,
    }


# Teknisi


def test_technician_sees_own_tasks_in_queue_order(office: Office) -> None:
    for title, priority in (("biasa", 3), ("mendesak", 1)):
        office.do(Action.APPROVE, office.submit(title=title), priority=priority)
    office.do(Action.APPROVE, office.submit(title="bukan saya"), technician=office.other_technician)
    office.ticket_in(Status.DONE, title="sudah selesai")
    assert titles(office.technician, "tasks") == ["mendesak", "biasa"]


def test_task_is_accepted_in_one_tap(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED)
    page = get(office.technician).content.decode()
    url = reverse("tickets:accept", args=[ticket.number])
    form = re.search(rf'<form[^>]*action="{url}".*?</form>', page, re.DOTALL)
    assert form is not None
    assert f'name="run" value="{ticket.current_run_id}"' in form[0]
    client = Client()
    client.force_login(office.technician)
    client.post(url, {"run": ticket.current_run_id})
    assert Ticket.objects.get().status == Status.IDENTIFYING


def test_task_on_hold_is_not_offered_for_acceptance(office: Office) -> None:
    ticket = office.ticket_in(Status.ASSIGNED, on_hold=True)
    assert reverse("tickets:accept", args=[ticket.number]) not in get(office.technician).content.decode()


def test_telephone_of_the_requester_can_be_tapped(office: Office) -> None:
    office.ticket_in(Status.ASSIGNED, contact="+62 812-3456 (78)")
    assert 'href="tel:+62812345678"' in get(office.technician).content.decode()


@pytest.mark.parametrize("contact", ["ekstensi IPDS", "0812; javascript:alert(1)", "12"])
def test_contact_that_is_no_number_is_only_words(office: Office, contact: str) -> None:
    office.ticket_in(Status.ASSIGNED, contact=contact)
    assert "tel:" not in get(office.technician).content.decode()


# Pimpinan


@pytest.fixture
def busy(office: Office) -> Office:
    """Yesterday one finished; today one on time, one late, one now late, one on hold, one new."""
    office.ticket_in(Status.DONE)
    office.wait(days=1)
    slow = office.ticket_in(Status.FINISHING)
    office.wait(hours=3)
    office.do(Action.FINISH, slow)
    office.ticket_in(Status.DONE)
    office.submit(title="terlambat")
    office.wait(minutes=11)
    office.ticket_in(Status.WORKING, on_hold=True)
    office.submit()
    return office


def test_figures_count_what_they_say(busy: Office) -> None:
    tickets, now = Ticket.objects.all(), busy.now
    assert metrics.open_tickets(tickets) == 3
    assert metrics.overdue_tickets(tickets, now) == 1
    assert metrics.lately(tickets, now).finished_today == 2
    assert metrics.lately(tickets, now).on_time == metrics.Share(2, 3)


def test_figures_forget_what_is_older_than_their_period(busy: Office) -> None:
    tickets = Ticket.objects.all()
    assert metrics.lately(tickets, busy.now + timedelta(days=1)).finished_today == 0
    assert metrics.lately(tickets, busy.now + timedelta(days=29)).on_time.whole == 2
    assert metrics.lately(tickets, busy.now + timedelta(days=30)).on_time.whole == 0


def test_figures_count_visible_tickets_alone(busy: Office) -> None:
    visible = Ticket.objects.visible_to(busy.colleague)
    assert metrics.open_tickets(visible) == metrics.overdue_tickets(visible, busy.now) == 0
    assert metrics.lately(visible, busy.now) == metrics.Lately(metrics.Share(0, 0), 0)
    assert [load.open for load in metrics.technicians_load(timezone.localdate(busy.now), busy.colleague.pk)] == [0, 0]


def test_share_rounds_down_and_of_nothing_is_none() -> None:
    assert metrics.Share(999, 1000).percent == 99
    assert metrics.Share(0, 0).percent is None
    assert metrics.Share(2, 3).rest == 1


def test_every_figure_opens_exactly_its_tickets(busy: Office) -> None:
    page = get(busy.supervisor).content.decode()
    figure = r'class="figure[^"]*" href="[^"?]*(\?[^"]*)">.*?figure-value">\s*([^<]*?)\s*</span>'
    assert dict(re.findall(figure, page, re.DOTALL)) == {
        "?state=open": "3",
        "?state=overdue": "1",
        "?state=done&amp;closed=30d": "66%",
        "?state=done&amp;closed=today": "2",
    }
    expected = {"?state=open": 3, "?state=overdue": 1, "?state=done&closed=30d": 3, "?state=done&closed=today": 2}
    assert {query: listed(busy.supervisor, query) for query in expected} == expected


def test_load_of_a_technician_opens_exactly_their_tickets(busy: Office) -> None:
    assert f"?state=open&amp;technician={busy.technician.pk}" in get(busy.admin).content.decode()
    assert listed(busy.admin, f"?state=open&technician={busy.technician.pk}") == 1


def test_supervisor_sees_what_is_late(busy: Office) -> None:
    assert titles(busy.supervisor, "overdue") == ["terlambat"]


def test_a_late_approval_stands_in_one_list_of_the_admins_home(busy: Office) -> None:
    late = busy.ticket_in(Status.WORKING)
    busy.wait(hours=9)
    assert "terlambat" in titles(busy.admin, "approvals")
    assert "terlambat" not in titles(busy.admin, "overdue")
    assert "terlambat" in titles(busy.supervisor, "overdue")
    for person in (busy.admin, busy.supervisor):
        assert late in [row.ticket for row in get(person).context["overdue"]]


def test_nobody_is_told_that_nothing_is_late_while_an_approval_is(office: Office) -> None:
    office.submit()
    office.wait(hours=9)
    page = get(office.admin).content.decode()
    assert "Tidak ada yang terlambat." not in page
    assert "Hanya persetujuan di daftar" in page


def test_supervisor_of_a_punctual_office_is_told_so(office: Office) -> None:
    page = get(office.supervisor).content.decode()
    assert "Tidak ada yang terlambat." in page
    assert "belum ada tiket selesai" in page


# Renewal


def test_poll_is_answered_by_nothing_while_nothing_changed(office: Office) -> None:
    office.submit()
    version = get(office.admin).context["version"]
    office.wait(seconds=30)
    assert get(office.admin, f"?v={version}", **{"HX-Target": "home"}).status_code == 204


def test_poll_after_an_event_gets_the_region(office: Office) -> None:
    version = get(office.admin).context["version"]
    office.submit(title="Baru masuk")
    response = get(office.admin, f"?v={version}", **{"HX-Target": "home"})
    assert response.status_code == 200
    assert "Baru masuk" in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("query", ["?v=x", "?v=%00", "?v=" + "9" * 5000, "?v[]=1", "?x=%ff"])
def test_bad_address_gives_the_plain_page(office: Office, query: str) -> None:
    assert get(office.admin, query).status_code == 200


@pytest.mark.parametrize("role", ["requester", "admin", "technician", "supervisor"])
def test_queries_do_not_grow_with_the_tickets(
    office: Office, role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(2):
        office.ticket_in(Status.IDENTIFYING, on_hold=True)
        office.ticket_in(Status.IDENTIFYING)
        office.submit()
    office.wait(days=1)
    client = Client()
    client.force_login(getattr(office, role))
    with django_assert_max_num_queries(24):
        client.get(HOME)
