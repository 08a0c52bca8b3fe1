"""Every action through the web: by whom it is right, and each way in which it is refused."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from network.models import Device, IPAssignment
from tests.tickets.factories import Office
from tests.tickets.web import HTMX, checklist, office, page_of, rows, send, sound_input, text_of
from tickets import actions
from tickets.models import ConnectionTest, Ticket, TicketEvent
from tickets.workflow import Action, Status

__all__ = ["office"]

# action → a status it is possible in, who makes it, the status afterwards
MOVES: Final = {
    Action.APPROVE: (Status.SUBMITTED, "admin", Status.ASSIGNED),
    Action.REJECT: (Status.SUBMITTED, "admin", Status.REJECTED),
    Action.CANCEL: (Status.ASSIGNED, "requester", Status.CANCELLED),
    Action.ACCEPT: (Status.ASSIGNED, "technician", Status.IDENTIFYING),
    Action.DECLINE: (Status.ASSIGNED, "technician", Status.SUBMITTED),
    Action.REASSIGN: (Status.WORKING, "admin", Status.ASSIGNED),
    Action.IDENTIFY: (Status.IDENTIFYING, "technician", Status.WORKING),
    Action.COMPLETE_WORK: (Status.WORKING, "technician", Status.TESTING),
    Action.PASS_TEST: (Status.TESTING, "technician", Status.FINISHING),
    Action.FAIL_TEST: (Status.TESTING, "technician", Status.WORKING),
    Action.FINISH: (Status.FINISHING, "technician", Status.DONE),
    Action.REOPEN: (Status.DONE, "requester", Status.WORKING),
    Action.HOLD: (Status.WORKING, "technician", Status.WORKING),
    Action.RESUME: (Status.WORKING, "technician", Status.WORKING),
    Action.CHANGE_PRIORITY: (Status.WORKING, "admin", Status.WORKING),
    Action.COMMENT: (Status.WORKING, "requester", Status.WORKING),
}
EVERY: Final = pytest.mark.parametrize("action", MOVES)
# What falls short of each gate, and the field that says so; None stands for the whole form.
SHORT: Final = [
    (Action.APPROVE, {"technician": ""}, "technician"),
    (Action.APPROVE, {"priority": "9"}, "priority"),
    (Action.REJECT, {"reason": " "}, "reason"),
    (Action.CANCEL, {"reason": ""}, "reason"),
    (Action.DECLINE, {"reason": ""}, "reason"),
    (Action.REASSIGN, {"reason": ""}, "reason"),
    (Action.IDENTIFY, {"address": "10.17.0.999"}, "address"),
    (Action.IDENTIFY, {"address": "192.168.7.7"}, "address"),
    (Action.IDENTIFY, {"pc_name": "NAMA PC PANJANG SEKALI"}, "pc_name"),
    (Action.IDENTIFY, {"workgroup": ""}, "workgroup"),
    (Action.IDENTIFY, {"mac": "bukan mac"}, "mac"),
    (Action.IDENTIFY, {"device": "0"}, "device"),
    (Action.IDENTIFY, {"kind": "kulkas"}, "kind"),
    (Action.COMPLETE_WORK, {"summary": ""}, "summary"),
    (Action.PASS_TEST, {"check_gateway": "failed"}, "check_gateway"),
    (Action.PASS_TEST, {"check_gateway": "mungkin"}, "check_gateway"),
    (Action.FAIL_TEST, checklist(), None),
    (Action.FINISH, {"confirmed": ""}, "confirmed"),
    (Action.FINISH, {"address": "10.17.0.1"}, "address"),
    (Action.REOPEN, {"reason": ""}, "reason"),
    (Action.HOLD, {"look_again_at": "2001-01-01T07:30"}, "look_again_at"),
    (Action.HOLD, {"look_again_at": "0001-01-01T00:00"}, "look_again_at"),
    (Action.HOLD, {"look_again_at": "9999-12-31T23:59"}, "look_again_at"),
    (Action.HOLD, {"look_again_at": "besok"}, "look_again_at"),
    (Action.HOLD, {"note": "x" * 301}, "note"),
    (Action.CHANGE_PRIORITY, {"priority": "3"}, "priority"),
    (Action.COMMENT, {"text": "\x00"}, "text"),
]


def ready(office: Office, action: Action) -> tuple[Ticket, User]:
    """A ticket on which `action` is possible, and who makes it."""
    status, who, _ = MOVES[action]
    return office.ticket_in(status, on_hold=action == Action.RESUME), getattr(office, who)


@EVERY
def test_the_right_person_acts_and_comes_back_to_the_ticket(office: Office, action: Action) -> None:
    ticket, user = ready(office, action)
    response = send(user, action, ticket, sound_input(office, action, ticket))
    assert response.status_code == 302, response.content
    assert response.url == ticket.get_absolute_url()
    assert Ticket.objects.get(pk=ticket.pk).status == MOVES[action][2]


@EVERY
def test_htmx_gets_the_ticket_as_it_is_now_and_a_word_about_what_was_done(office: Office, action: Action) -> None:
    ticket, user = ready(office, action)
    response = send(user, action, ticket, sound_input(office, action, ticket), htmx=True)
    assert response.status_code == 200
    assert text_of(response).lstrip().startswith('<article id="ticket"')
    assert '"toast"' in response.headers["HX-Trigger"]


@pytest.mark.parametrize("model", [Device, IPAssignment])
def test_what_an_act_changes_in_the_registry_says_who_and_on_which_page(office: Office, model: Any) -> None:
    ticket, user = ready(office, Action.FINISH)
    send(user, Action.FINISH, ticket, sound_input(office, Action.FINISH, ticket))
    trail = model.pgh_event_model._default_manager.order_by("pgh_id").last()
    assert trail.pgh_context.metadata["user"] == user.pk
    assert trail.pgh_context.metadata["url"].startswith(ticket.get_absolute_url())


@EVERY
def test_strangers_onlookers_forms_of_another_run_and_links_change_nothing(office: Office, action: Action) -> None:
    """A stranger gets the answer for a ticket that does not exist."""
    ticket, user = ready(office, action)
    sound = sound_input(office, action, ticket)
    before = TicketEvent.objects.count()
    assert send(office.stranger, action, ticket, sound).status_code == 404
    followed = page_of(user, ticket, action.value)
    assert (followed.status_code, followed["Location"]) == (302, ticket.get_absolute_url())
    if action != Action.COMMENT:  # it fits any state, and whoever sees a ticket may comment
        assert send(office.supervisor, action, ticket, {}).status_code == 403
        stale = send(user, action, ticket, sound, run=0)
        assert stale.status_code == 409
        assert "sudah berubah" in text_of(stale)
    assert TicketEvent.objects.count() == before


@pytest.mark.parametrize("run", ["", "abc", "-1", "99999999999999999999", None, "²"])
def test_a_form_that_names_no_run_is_stale(office: Office, run: Any) -> None:
    ticket, user = ready(office, Action.ACCEPT)
    assert send(user, Action.ACCEPT, ticket, {}, run=run).status_code == 409


def test_a_move_that_came_too_late_shows_htmx_the_sentence_above_the_ticket(office: Office) -> None:
    ticket = office.ticket_in("assigned")
    run = actions.claim(ticket)
    office.do(Action.REASSIGN, ticket)
    office.do(Action.REASSIGN, ticket, technician=office.technician)
    response = send(office.technician, Action.ACCEPT, ticket, {}, run=run, htmx=True)
    assert response.status_code == 409
    assert 'id="ticket-message"' in text_of(response)
    assert "Terima tugas ini" in text_of(response)


def test_on_hold_the_next_step_must_wait(office: Office) -> None:
    ticket = office.ticket_in("working", on_hold=True)
    response = send(office.technician, Action.COMPLETE_WORK, ticket, {})
    assert response.status_code == 409
    assert "Lanjutkan dulu" in text_of(response)


@pytest.mark.parametrize(("action", "changes", "field"), SHORT)
def test_what_falls_short_is_said_at_its_field(
    office: Office, action: Action, changes: dict[str, str], field: str | None
) -> None:
    ticket, user = ready(office, action)
    before = TicketEvent.objects.count()
    response = send(user, action, ticket, {**sound_input(office, action, ticket), **changes})
    assert response.status_code == 422
    assert list(response.context["page"].bound.errors) == [field or "__all__"]
    assert TicketEvent.objects.count() == before


@pytest.mark.parametrize(("htmx", "start"), [(False, "<!DOCTYPE html>"), (True, '<article id="ticket"')])
def test_without_htmx_what_falls_short_is_a_whole_page(office: Office, htmx: bool, start: str) -> None:
    ticket, user = ready(office, Action.REJECT)
    response = send(user, Action.REJECT, ticket, {"reason": ""}, htmx=htmx)
    assert response.status_code == 422
    assert text_of(response).lstrip().startswith(start)


def test_what_was_typed_stays(office: Office) -> None:
    ticket, user = ready(office, Action.IDENTIFY)
    given = sound_input(office, Action.IDENTIFY, ticket) | {"address": "10.17.0.1", "brand_model": "Merek <Anu>"}
    page = text_of(send(user, Action.IDENTIFY, ticket, given))
    for typed in ("Kabel UTP", "Merek &lt;Anu&gt;", 'value="10.17.0.1"'):
        assert typed in page


def test_an_identification_needs_at_least_one_need(office: Office) -> None:
    ticket, user = ready(office, Action.IDENTIFY)
    given = sound_input(office, Action.IDENTIFY, ticket) | rows("needs", {"item": " ", "quantity": 1})
    response = send(user, Action.IDENTIFY, ticket, given)
    assert response.status_code == 422
    assert "Isi paling sedikit satu kebutuhan." in text_of(response)


@pytest.mark.parametrize(
    "wrong",
    [
        {"needs-0-quantity": "0"},
        {"needs-0-quantity": "1001"},
        {"needs-0-quantity": "dua"},
        {"needs-0-item": "x" * 121},
        {"needs-TOTAL_FORMS": "1000000"},
        {"needs-TOTAL_FORMS": "x"},
        {"needs-TOTAL_FORMS": "-1"},
    ],
)
def test_rows_that_make_no_sense_are_refused_in_place(office: Office, wrong: dict[str, str]) -> None:
    ticket, user = ready(office, Action.IDENTIFY)
    response = send(user, Action.IDENTIFY, ticket, {**sound_input(office, Action.IDENTIFY, ticket), **wrong})
    assert response.status_code == 422
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IDENTIFYING


def test_an_address_that_somebody_took_meanwhile_is_said_at_the_address(office: Office) -> None:
    ticket, user = ready(office, Action.IDENTIFY)
    taken = office.ticket_in("working")
    record = office.planned_or_new(taken)
    given = {**sound_input(office, Action.IDENTIFY, ticket), "address": record.address}
    response = send(user, Action.IDENTIFY, ticket, given)
    assert response.status_code == 422
    assert list(response.context["page"].bound.errors) == ["address"]
    assert not Ticket.objects.get(pk=ticket.pk).device


def test_a_technician_picks_one_of_the_requesters_devices(office: Office) -> None:
    device = office.device()
    ticket, user = ready(office, Action.IDENTIFY)
    send(user, Action.IDENTIFY, ticket, sound_input(office, Action.IDENTIFY, ticket) | {"device": device.pk})
    assert Ticket.objects.get(pk=ticket.pk).device == device


def test_a_technician_picks_nobody_elses_device(office: Office) -> None:
    device = office.device(owner=office.stranger)
    ticket, user = ready(office, Action.IDENTIFY)
    given = sound_input(office, Action.IDENTIFY, ticket) | {"device": device.pk}
    assert send(user, Action.IDENTIFY, ticket, given).status_code == 422


def test_the_result_of_a_test_is_kept_line_by_line(office: Office) -> None:
    ticket, user = ready(office, Action.FAIL_TEST)
    given = {**checklist(dns="failed", printer="skipped"), "note": "DNS diam."}
    send(user, Action.FAIL_TEST, ticket, given)
    outcomes = {line["code"]: line["outcome"] for line in ConnectionTest.objects.get().results}
    assert (outcomes["dns"], outcomes["printer"], outcomes["gateway"]) == ("failed", "skipped", "ok")


def test_the_registry_gets_what_was_confirmed_not_what_was_planned(office: Office) -> None:
    ticket, user = ready(office, Action.FINISH)
    send(user, Action.FINISH, ticket, sound_input(office, Action.FINISH, ticket) | {"address": "10.17.9.9"})
    assert IPAssignment.objects.active().get().address == "10.17.9.9"


def test_the_history_knows_where_an_act_came_from(office: Office) -> None:
    ticket, user = ready(office, Action.ACCEPT)
    send(user, Action.ACCEPT, ticket, {})
    assert TicketEvent.objects.get(kind=Action.ACCEPT).origin == "127.0.0.1"


def test_an_act_from_another_page_by_htmx_leads_to_the_ticket(office: Office) -> None:
    ticket, user = ready(office, Action.ACCEPT)
    client = Client()
    client.force_login(user)
    response = client.post(
        reverse("tickets:accept", args=[ticket.number]),
        {"run": actions.claim(ticket)},
        headers={**HTMX, "HX-Target": "my-tasks"},
    )
    assert response.headers["HX-Redirect"] == ticket.get_absolute_url()


def test_a_comment_sent_twice_is_said_once(office: Office) -> None:
    ticket, user = ready(office, Action.COMMENT)
    given = sound_input(office, Action.COMMENT, ticket)
    assert [send(user, Action.COMMENT, ticket, given).status_code for _ in range(2)] == [302, 302]
    assert ticket.events.filter(kind=Action.COMMENT).count() == 1


def test_a_requester_cannot_hide_a_note_from_themselves(office: Office) -> None:
    ticket, user = ready(office, Action.COMMENT)
    send(user, Action.COMMENT, ticket, {**sound_input(office, Action.COMMENT, ticket), "internal": "on"})
    assert not ticket.events.get(kind=Action.COMMENT).internal
