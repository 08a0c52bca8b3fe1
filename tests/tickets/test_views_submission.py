"""Submitting: in one go, once, for oneself or (admins) for somebody; nothing typed is lost."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from network import actions as network
from network.models import Device
from tests.tickets.factories import Office, make_user
from tickets.models import Ticket, TicketEvent
from tickets.views import submission
from tickets.workflow import Status

CREATE = reverse("tickets:create")


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, whose clock the page follows."""
    monkeypatch.setattr("tickets.actions.database_now", lambda: office.now)
    monkeypatch.setattr("tickets.actions.core.database_now", lambda: office.now)
    return office


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: User, query: str = "", **facts: Any) -> Any:
    return client_of(person).get(CREATE + query, **facts)


def typed(office: Office, **changes: Any) -> dict[str, Any]:
    facts = {
        "key": str(uuid.uuid4()), "category": "fault", "title": "Internet putus", "description": "Sejak pagi.",
        "device_text": "PC di meja depan", "unit": office.unit.pk, "room": "R-3", "contact": "0812 3456 7890",
    }  # fmt: skip
    return {name: value for name, value in (facts | changes).items() if value is not None}


def post(person: User, data: dict[str, Any], **facts: Any) -> Any:
    return client_of(person).post(CREATE, data, **facts)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}


def test_page_asks_as_often_whatever_there_is(office: Office) -> None:
    def asked(person: User) -> int:
        client = client_of(person)
        client.get(CREATE)  # what a process keeps for ever is read now
        with CaptureQueriesContext(connection) as queries:
            client.get(CREATE)
        return len(queries)

    before = [asked(person) for person in (office.requester, office.admin)]
    for _ in range(3):
        office.device()
        office.ticket_in(Status.ASSIGNED)
    assert [asked(person) for person in (office.requester, office.admin)] == before
    assert max(before) <= 15


def test_page_needs_a_log_in(office: Office) -> None:
    assert Client().get(CREATE).status_code == 302
    assert Client().post(CREATE, typed(office)).status_code == 302
    assert not Ticket.objects.exists()


def test_request_becomes_a_ticket_and_opens_its_page(office: Office) -> None:
    response = post(office.requester, typed(office), REMOTE_ADDR="10.17.0.23")
    ticket = Ticket.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, ticket.get_absolute_url())
    assert (ticket.requester, ticket.category, ticket.title) == (office.requester, "fault", "Internet putus")
    assert (ticket.description, ticket.device_text) == ("Sejak pagi.", "PC di meja depan")
    assert (ticket.unit, ticket.room, ticket.contact) == (office.unit, "R-3", "0812 3456 7890")
    assert ticket.status == Status.SUBMITTED
    assert TicketEvent.objects.get().origin == "10.17.0.23"


def test_one_link_of_the_phones_menu_is_marked(office: Office) -> None:
    bar = get(office.requester).content.decode().split('class="tabbar"')[1].split("</nav>")[0]
    assert bar.count("aria-current") == 1


def test_success_is_told(office: Office) -> None:
    response = post(office.requester, typed(office))
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        f"Tiket {Ticket.objects.get().number} sudah kami terima."
    ]


def test_description_may_be_left_out(office: Office) -> None:
    post(office.requester, typed(office, description=""))
    assert Ticket.objects.get().description == ""


@pytest.mark.parametrize("field", ["category", "title", "unit", "room", "contact", "device_text"])
def test_what_is_missing_is_said_at_its_field(office: Office, field: str) -> None:
    assert list(errors(post(office.requester, typed(office, **{field: ""})))) == [field]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "nope"), ("title", "x" * 121), ("title", "a\0b"), ("title", "   "), ("description", "x" * 5001),
        ("device_text", "x" * 201), ("unit", "0"), ("unit", "abc"), ("room", "x" * 101), ("contact", "x" * 41),
        ("device", "abc"), ("device", "999999999999999999999"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(office: Office, field: str, value: str) -> None:
    assert list(errors(post(office.requester, typed(office, **{field: value})))) == [field]
    assert not Ticket.objects.exists()


def test_nothing_typed_is_lost_when_something_is_missing(office: Office) -> None:
    page = post(office.requester, typed(office, room="", description="Baris <satu>")).content.decode()
    assert 'value="Internet putus"' in page
    assert "Baris &lt;satu&gt;" in page
    assert 'value="PC di meja depan"' in page
    assert re.search(r'value="fault" checked', page)
    assert f'<option value="{office.unit.pk}" selected>' in page


def test_page_opens_at_the_first_field_in_error(office: Office) -> None:
    page = post(office.requester, typed(office, room="", contact="")).content.decode()
    [focused] = [tag for tag in re.findall(r"<[^>]*>", page) if "name=" in tag and " autofocus" in tag]
    assert 'name="room"' in focused


# Once


def test_same_form_sent_twice_is_one_ticket(office: Office) -> None:
    data = typed(office)
    first, second = post(office.requester, data), post(office.requester, data)
    assert Ticket.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_form_sent_again_with_other_words_says_that_it_was_sent(office: Office) -> None:
    data = typed(office)
    post(office.requester, data)
    response = post(office.requester, data | {"title": "Hal lain"})
    assert Ticket.objects.get().title == "Internet putus"
    [message] = get_messages(response.wsgi_request)
    assert message.level_tag == "warning"
    assert "sudah terkirim sebagai tiket" in str(message)


def test_two_people_may_have_the_same_key(office: Office) -> None:
    data = typed(office)
    post(office.requester, data)
    post(office.colleague, data)
    assert Ticket.objects.count() == 2


def test_each_page_has_a_key_of_its_own(office: Office) -> None:
    keys = {str(get(office.requester).context["form"]["key"].value()) for _number in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize("key", ["", "abc", "\0", "x" * 5000])
def test_key_that_was_tampered_with_is_no_obstacle(office: Office, key: str) -> None:
    assert post(office.requester, typed(office, key=key)).status_code == 302
    assert Ticket.objects.count() == 1


def test_key_survives_an_error(office: Office) -> None:
    data = typed(office, room="")
    assert data["key"] in post(office.requester, data).content.decode()


# Not without end


def test_who_submits_very_many_tickets_is_asked_to_wait_and_loses_nothing(office: Office) -> None:
    for _number in range(submission.MOST_FOR_ONESELF):
        assert post(office.requester, typed(office)).status_code == 302
    response = post(office.requester, typed(office, title="Satu lagi"))
    assert response.status_code == 429
    assert "Tunggu beberapa menit" in response.content.decode()
    assert "Satu lagi" in response.content.decode()
    assert Ticket.objects.count() == submission.MOST_FOR_ONESELF
    assert post(office.colleague, typed(office)).status_code == 302


def test_a_form_that_arrives_again_is_answered_with_its_ticket_even_then(office: Office) -> None:
    forms = [typed(office) for _number in range(submission.MOST_FOR_ONESELF)]
    for data in forms:
        post(office.requester, data)
    assert post(office.requester, forms[0]).status_code == 302


def test_tickets_of_yesterday_keep_nobody_waiting(office: Office) -> None:
    for _number in range(submission.MOST_FOR_ONESELF):
        office.submit()
    office.wait(minutes=10)
    assert post(office.requester, typed(office)).status_code == 302


def test_an_admin_may_type_in_more_for_others(office: Office) -> None:
    for _number in range(submission.MOST_FOR_ONESELF):
        post(office.admin, typed(office, requester=office.requester.pk))
    assert post(office.admin, typed(office, requester=office.requester.pk)).status_code == 302


# The device


def test_own_devices_are_offered(office: Office) -> None:
    office.device()
    others = office.device(office.colleague)
    gone = office.device()
    network.decommission(gone, reason="Rusak.", by=office.admin, now=office.now)
    assert [device.owner for device in get(office.requester).context["form"].devices] == [office.requester]
    assert f'name="device" value="{others.pk}"' not in get(office.requester).content.decode()


def test_own_device_is_taken_instead_of_words(office: Office) -> None:
    device = office.device()
    post(office.requester, typed(office, device=device.pk))
    ticket = Ticket.objects.get()
    assert (ticket.device, ticket.device_text) == (device, "")


def test_words_describe_another_device(office: Office) -> None:
    office.device()
    post(office.requester, typed(office, device=""))
    assert (Ticket.objects.get().device, Ticket.objects.get().device_text) == (None, "PC di meja depan")


def test_neither_device_nor_words_is_said_at_the_choice(office: Office) -> None:
    office.device()
    assert list(errors(post(office.requester, typed(office, device_text="")))) == ["device"]
    assert list(errors(post(office.requester, typed(office, device="", device_text="")))) == ["device_text"]


def test_words_left_over_behind_a_picked_device_do_no_harm(office: Office) -> None:
    device = office.device()
    assert post(office.requester, typed(office, device=device.pk, device_text="x" * 500)).status_code == 302


def test_device_of_somebody_else_is_as_unknown_as_none(office: Office) -> None:
    theirs = office.device(office.colleague)
    foreign = errors(post(office.requester, typed(office, device=theirs.pk)))
    missing = errors(post(office.requester, typed(office, device=10**9)))
    assert foreign == missing
    assert list(foreign) == ["device"]
    assert not Ticket.objects.exists()


def test_device_page_can_ask_for_its_own_device(office: Office) -> None:
    device = office.device()
    assert get(office.requester, f"?device={device.pk}").context["form"].chosen_device == str(device.pk)


@pytest.mark.parametrize("query", ["?device=abc", "?device=0", "?device=99999999999999999999", "?requester=%00"])
def test_bad_address_gives_the_plain_page(office: Office, query: str) -> None:
    office.device()
    response = get(office.requester, query)
    assert response.status_code == 200
    assert response.context["form"].chosen_device == "-"


def test_device_of_somebody_else_cannot_be_asked_for(office: Office) -> None:
    office.device()
    theirs = office.device(office.colleague)
    assert get(office.requester, f"?device={theirs.pk}").context["form"].chosen_device == "-"


# Where the request comes from


@pytest.fixture
def registered(office: Office) -> Device:
    """A device of the requester that holds 10.17.0.50."""
    device = office.device()
    network.activate(
        device, address="10.17.0.50", pc_name="PC-SITI", workgroup=office.workgroup, by=office.admin, now=office.now
    )
    return device


def test_address_of_the_request_is_shown(office: Office) -> None:
    assert "10.17.0.23" in get(office.requester, REMOTE_ADDR="10.17.0.23").content.decode()


def test_servers_own_address_is_not_shown(office: Office) -> None:
    assert get(office.requester, REMOTE_ADDR="127.0.0.1").context["origin"] is None


def test_own_device_at_that_address_is_picked(office: Office, registered: Device) -> None:
    context = get(office.requester, REMOTE_ADDR="10.17.0.50").context
    assert context["form"].chosen_device == str(registered.pk)
    assert context["here"] == registered


def test_device_of_somebody_else_at_that_address_stays_unknown(office: Office, registered: Device) -> None:
    office.device(office.colleague)
    response = get(office.colleague, REMOTE_ADDR="10.17.0.50")
    assert response.context["form"].chosen_device == "-"
    assert "PC-SITI" not in response.content.decode()


# What is remembered


def test_profile_is_remembered(office: Office) -> None:
    office.requester.room, office.requester.phone = "Lantai 2", "0811"
    office.requester.save(update_fields=["room", "phone"])
    form = get(office.requester).context["form"]
    assert (form["room"].value(), form["contact"].value(), form["unit"].value()) == ("Lantai 2", "0811", office.unit.pk)


def test_last_ticket_is_remembered_where_the_profile_is_silent(office: Office) -> None:
    person = make_user(username="tanpa_unit")
    office.submit(by=person, room="Lama")
    office.wait(minutes=1)
    office.submit(by=person, room="Aula", contact="0813")
    form = get(person).context["form"]
    assert (form["room"].value(), form["contact"].value(), form["unit"].value()) == ("Aula", "0813", office.unit.pk)


def test_tickets_of_others_are_not_remembered(office: Office) -> None:
    office.submit(room="Ruang rahasia")
    assert "Ruang rahasia" not in get(office.colleague).content.decode()


# On behalf of somebody


def test_only_admins_choose_a_requester(office: Office) -> None:
    assert get(office.admin).context["form"].requester_choice
    for person in (office.requester, office.technician, office.supervisor):
        assert not get(person).context["form"].requester_choice


def test_admin_submits_for_somebody(office: Office) -> None:
    device = office.device()
    post(office.admin, typed(office, requester=office.requester.pk, device=device.pk))
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.device) == (office.requester, device)
    assert TicketEvent.objects.get().by == office.admin


def test_employee_cannot_submit_for_somebody(office: Office) -> None:
    post(office.requester, typed(office, requester=office.colleague.pk))
    assert Ticket.objects.get().requester == office.requester


def test_choosing_a_person_shows_their_devices_and_keeps_what_was_typed(office: Office) -> None:
    device = office.device()
    office.requester.room = "Ruang Siti"
    office.requester.save(update_fields=["room"])
    data = typed(office, requester=office.requester.pk, choose="1", title="Judul saya", room="Ruang admin")
    response = post(office.admin, data)
    assert response.status_code == 200
    form = response.context["form"]
    assert form.devices == [device]
    assert not form.errors
    assert [form[name].value() for name in ("title", "description", "category", "device_text", "room")] == [
        "Judul saya", "Sejak pagi.", "fault", "PC di meja depan", "Ruang Siti",
    ]  # fmt: skip
    assert str(form["key"].value()) == data["key"]
    assert not Ticket.objects.exists()


def test_choosing_a_person_needs_nothing_else(office: Office) -> None:
    response = post(office.admin, {"requester": office.requester.pk, "choose": "1"})
    assert response.status_code == 200
    assert response.context["form"].requester_person == office.requester


def test_employee_who_chooses_a_person_stays_alone(office: Office) -> None:
    secret = office.device(office.colleague)
    response = post(office.requester, {"requester": office.colleague.pk, "choose": "1"})
    assert response.context["form"].requester_person == office.requester
    assert secret not in response.context["form"].devices


def test_device_of_the_person_before_is_refused(office: Office) -> None:
    mine = office.device(office.admin)
    response = post(office.admin, typed(office, requester=office.requester.pk, device=mine.pk))
    assert list(errors(response)) == ["device"]


@pytest.mark.parametrize("value", ["abc", "0", "\0", "99999999999999999999"])
def test_requester_who_is_nobody_is_said_at_the_field(office: Office, value: str) -> None:
    assert list(errors(post(office.admin, typed(office, requester=value)))) == ["requester"]
    assert not Ticket.objects.exists()


def test_inactive_person_is_nobody(office: Office) -> None:
    office.colleague.is_active = False
    office.colleague.save(update_fields=["is_active"])
    assert list(errors(post(office.admin, typed(office, requester=office.colleague.pk)))) == ["requester"]


# The promise


def promise(office: Office, at: str) -> Any:
    office.at(at)
    return get(office.requester).context["expectation"]


def test_promise_within_working_hours(office: Office) -> None:
    said = promise(office, "2026-10-12 09:00")
    assert (said.minutes, said.starts, said.due) == (10, "", "hari ini 09.10")


def test_promise_over_lunch(office: Office) -> None:
    said = promise(office, "2026-10-12 12:20")
    assert (said.starts, said.due) == ("hari ini 13.00", "hari ini 13.10")


def test_promise_that_reaches_over_lunch(office: Office) -> None:
    said = promise(office, "2026-10-12 11:55")
    assert (said.starts, said.due) == ("", "hari ini 13.05")


def test_promise_at_the_weekend_is_honest(office: Office) -> None:
    said = promise(office, "2026-10-16 20:00")
    assert (said.starts, said.due) == ("Senin 07.30", "Senin 07.40")
    assert "Di luar jam kerja, mulai dihitung <b>Senin 07.30</b>" in get(office.requester).content.decode()


def test_promise_is_what_the_ticket_gets(office: Office) -> None:
    office.at("2026-10-16 20:00")
    post(office.requester, typed(office))
    run = Ticket.objects.get().current_run
    assert run is not None
    assert run.due_at is not None
    assert run.due_at.isoformat() == "2026-10-19T00:40:00+00:00"
