"""Wall displays: a link that opens the board without a log-in, shows nothing private, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from dashboard import models, wall
from dashboard.models import Display, hashed, new_token
from dashboard.templatetags.wall import shortname, shortnumber
from tests.tickets.factories import Office, make_office
from tests.tickets.snapshot import undone
from tests.tickets.web import pages_follow
from tickets.models import Ticket
from tickets.workflow import Action

DISPLAYS = reverse("dashboard:displays")
POLL = {"hx_request": "true", "hx_target": "wall"}


@pytest.fixture(scope="module")
def busy(django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Office]:
    with django_db_blocker.unblock(), undone():
        office = make_office()
        office.ticket_in("submitted", title="PC Bu Ratna", description="Rahasia", room="R-77", contact="0811999")
        held = office.ticket_in("working", on_hold=True)
        hold = held.current_run.open_hold if held.current_run else None
        assert hold is not None
        hold.note = "Orangnya sakit"
        hold.save(update_fields=["note"])
        office.do(Action.COMMENT, held, by=office.technician, text="Catatan dalam", internal=True)
        office.ticket_in("done")
        yield office


@pytest.fixture
def office(busy: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    office = replace(busy)
    pages_follow(office, monkeypatch, "dashboard.wall")
    with undone():
        cache.clear()
        yield office


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made(office: Office, **facts: Any) -> str:
    """The address of a new display."""
    token = new_token()
    Display.objects.create(
        **{"name": "TV", "token_hash": hashed(token), "made_by": office.admin, "made_at": office.now, **facts}
    )
    return reverse("dashboard:wall", args=[token])


def get(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


# The link


@pytest.mark.parametrize("role", ["admin", "supervisor"])
def test_an_admin_or_supervisor_makes_a_link_that_opens_without_a_log_in(office: Office, role: str) -> None:
    given = {"name": "TV ruang TI", "theme": "light", "language": "en"}
    answer = signed_in(getattr(office, role)).post(DISPLAYS, given)
    assert answer.status_code == 201
    link = answer.context["link"]
    assert link in answer.content.decode()
    page = get(link[link.index("/halocik/") :])
    assert page.status_code == 200
    text = page.content.decode()
    assert '<html class="wall-html" lang="en" data-bs-theme="light"' in text
    assert "Overdue now" in text
    assert not page.cookies


def test_only_the_hash_of_a_token_is_kept_and_the_link_is_shown_once(office: Office) -> None:
    client = signed_in(office.admin)
    given = {"name": "TV", "theme": "dark", "language": "id"}
    token = client.post(DISPLAYS, given).context["link"].rstrip("/").rpartition("/")[2]
    display = Display.objects.get()
    assert display.token_hash == hashed(token)
    assert token not in {str(value) for value in display.__dict__.values()}
    assert token not in client.get(DISPLAYS).content.decode()


def test_the_same_form_sent_twice_makes_one_display(office: Office) -> None:
    client, given = signed_in(office.admin), {"name": "TV", "theme": "dark", "language": "id"}
    assert [client.post(DISPLAYS, given).status_code for _ in range(2)] == [201, 422]
    assert Display.objects.count() == 1


def test_a_name_is_free_again_after_its_display_was_revoked(office: Office) -> None:
    made(office, revoked_at=office.now, revoked_by=office.admin)
    made(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        made(office)


@pytest.mark.parametrize("given", [{}, {"name": "x" * 61, "theme": "dark", "language": "id"}, {"name": "\0"}])
def test_what_falls_short_is_said_at_its_field(office: Office, given: dict[str, str]) -> None:
    answer = signed_in(office.admin).post(DISPLAYS, given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]


@pytest.mark.parametrize("role", ["requester", "technician"])
def test_nobody_else_makes_or_revokes_one(office: Office, role: str) -> None:
    made(office)
    client = signed_in(getattr(office, role))
    revoke = reverse("dashboard:display-revoke", args=[Display.objects.get().pk])
    assert [client.post(address).status_code for address in (DISPLAYS, revoke)] == [403, 403]
    assert Display.objects.live().count() == 1


def test_a_revoked_link_is_as_unknown_as_one_that_never_was(office: Office) -> None:
    address = made(office)
    assert get(address).status_code == 200
    answer: Any = signed_in(office.supervisor).post(
        reverse("dashboard:display-revoke", args=[Display.objects.get().pk])
    )
    assert answer.url == DISPLAYS
    revoked, unknown = get(address), get(reverse("dashboard:wall", args=[new_token()]))
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert get(f"{address}?v=1.2", **POLL).status_code == 404
    display = Display.objects.get()
    assert (display.revoked_by, display.name) == (office.supervisor, "TV")


def test_revoking_twice_keeps_who_was_first(office: Office) -> None:
    made(office)
    revoke = reverse("dashboard:display-revoke", args=[Display.objects.get().pk])
    for person in (office.supervisor, office.admin):
        signed_in(person).post(revoke)
    assert Display.objects.get().revoked_by == office.supervisor


def test_when_it_was_last_used_is_noted_once_a_minute(office: Office) -> None:
    address, first = made(office), office.now
    for seconds, expected in ((0, first), (59, first), (1, first + timedelta(minutes=1))):
        office.wait(seconds=seconds)
        get(address)
        assert Display.objects.get().seen_at == expected


def test_who_tries_tokens_is_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "WRONG_A_MINUTE", 2)
    found = [get(reverse("dashboard:wall", args=[new_token()])).status_code for _ in range(3)]
    assert found == [404, 404, 429]
    assert get(made(office)).status_code == 200, "a screen beside them goes on"


def test_a_link_that_is_fetched_in_a_loop_is_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.displays, "MOST_DRAWN", 2)
    address = made(office)
    assert [get(address).status_code for _ in range(3)] == [200, 200, 429]
    office.wait(minutes=1)
    assert get(address).status_code == 200


# The picture


def test_a_wall_shows_no_requester_no_request_and_no_note(office: Office) -> None:
    User.objects.filter(pk=office.technician.pk).update(full_name="Budi Hartono Siregar")
    page = get(made(office)).content.decode()
    private = (office.requester.full_name, office.unit.name, "Ratna", "Rahasia", "R-77", "0811999", "sakit", "Catatan")
    assert [word for word in private if word in page] == []
    assert "Budi S." in page
    assert "Budi Hartono" not in page
    assert "Menunggu perangkat/material" in page


def test_it_shows_the_columns_what_is_late_and_todays_figures(office: Office) -> None:
    office.wait(hours=3)
    context = get(made(office)).context
    assert [column.open for column in context["columns"]] == [1, 0, 0, 1, 0, 0]
    assert [row.ticket.status for row in context["late"]] == ["submitted"]
    assert (context["submitted"], context["on_time"].whole) == (3, 1)


def test_more_than_fits_is_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "CARDS", 1)
    monkeypatch.setattr(wall, "LATE", 0)
    office.ticket_in("submitted")
    office.wait(hours=3)
    context = get(made(office)).context
    assert (context["columns"][0].rest, context["more_late"]) == (1, 2)


# Many screens, one server


def test_a_poll_costs_one_query_while_nothing_has_changed(office: Office) -> None:
    address = made(office)
    version = get(address).context["version"]
    with CaptureQueriesContext(connection) as asked:
        answer = get(f"{address}?v={version}", **POLL)
    assert answer.status_code == 204
    assert answer["X-Now"] == str(int(office.now.timestamp()))
    assert len(asked) == 1
    office.do(Action.APPROVE, Ticket.objects.get(status="submitted"))
    answer = get(f"{address}?v={version}", **POLL)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_the_picture_takes_few_queries_however_many_tickets_there_are(office: Office) -> None:
    address = made(office)

    def queries() -> int:
        office.wait(seconds=61)
        with CaptureQueriesContext(connection) as asked:
            get(address)
        return len(asked)

    queries()
    before = queries()
    for _ in range(3):
        office.ticket_in("testing", on_hold=True)
    assert queries() == before
    assert before <= 15


# Words


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Budi Hartono", "Budi H."),
        ("Ir. Budi Hartono Siregar, M.T.", "Budi S."),
        ("Suharto", "Suharto"),
        ("Dr.", "Dr."),
    ],
)
def test_a_name_is_short(name: str, short: str) -> None:
    assert shortname(User(full_name=name)) == short


def test_a_number_is_short() -> None:
    assert shortnumber(Ticket(number="HC-2026-000123")) == "2026-123"
