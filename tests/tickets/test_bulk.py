"""Many tickets at once: each by its own move, each with its own answer, and a form that is sent twice acts once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import Absence, User
from tests.tickets.factories import Office
from tickets import actions
from tickets.actions import bulk
from tickets.models import BulkAct, Ticket
from tickets.workflow import Action, Status

BULK = reverse("tickets:bulk")


@pytest.fixture
def office(office: Office) -> Office:
    office.now = actions.database_now()
    return office


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picked(*tickets: Ticket) -> list[str]:
    return [f"{ticket.number}.{ticket.current_run_id or 0}" for ticket in tickets]


def send(user: User, action: str, *tickets: Ticket, **facts: Any) -> Any:
    """Sends the form, and follows it to what became of each ticket."""
    sent = {"action": action, "ticket": picked(*tickets), "key": str(uuid.uuid4()), **facts}
    return signed_in(user).post(BULK, sent, follow=True)


def told(answer: Any) -> dict[str, str]:
    """Each ticket's refusal; empty where it was done."""
    return {one["number"]: one["why"] for one in answer.context["told"]}


def test_three_are_approved_of_which_one_was_decided_meanwhile(office: Office) -> None:
    first, second, third = (office.submit() for _ in range(3))
    office.do(Action.APPROVE, second, technician=office.other_technician)
    answer = send(office.admin, "approve", first, second, third, priority=2, technician=office.technician.pk)
    assert answer.context["done"] == 2
    assert told(answer)[first.number] == told(answer)[third.number] == ""
    assert told(answer)[second.number]
    found = {ticket.pk: (ticket.technician, ticket.priority) for ticket in Ticket.objects.all()}
    assert found[first.pk] == found[third.pk] == (office.technician, 2)
    assert found[second.pk] == (office.other_technician, 3)


@pytest.mark.parametrize(
    ("action", "status", "facts", "after"),
    [
        ("reject", "submitted", {"reason": "Bukan tugas kami."}, Status.REJECTED),
        ("reassign", "working", {"reason": "Cuti mendadak."}, Status.ASSIGNED),
        ("change_priority", "testing", {"priority": 1}, Status.TESTING),
    ],
)
def test_each_action_does_to_all_what_it_does_to_one(
    office: Office, action: str, status: str, facts: dict[str, Any], after: Status
) -> None:
    if action == "reassign":
        facts = facts | {"technician": office.other_technician.pk}
    tickets = [office.ticket_in(status) for _ in range(2)]
    assert send(office.admin, action, *tickets, **facts).context["done"] == 2
    for ticket in tickets:
        ticket.refresh_from_db()
        assert ticket.status == after
        last = ticket.events.latest("seq")
        assert (last.kind, last.by, last.origin) == (action, office.admin, "127.0.0.1")


def test_sent_twice_it_is_done_once_and_answers_the_same(office: Office) -> None:
    ticket, key = office.submit(), str(uuid.uuid4())
    facts = {"key": key, "priority": 3, "technician": office.technician.pk}
    first, second = (send(office.admin, "approve", ticket, **facts) for _ in range(2))
    assert first.context["done"] == second.context["done"] == 1
    assert first.redirect_chain == second.redirect_chain
    assert ticket.events.filter(kind="approve").count() == 1


def test_a_row_that_is_stale_is_refused(office: Office) -> None:
    ticket = office.ticket_in("working")
    stale = Ticket.objects.get(pk=ticket.pk)
    office.do(Action.COMPLETE_WORK, ticket)
    facts = {"technician": office.other_technician.pk, "reason": "x"}
    assert "sudah berubah" in told(send(office.admin, "reassign", stale, **facts))[ticket.number]


def test_a_technician_who_went_away_meanwhile_is_refused_ticket_by_ticket(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, client = office.submit(), signed_in(office.admin)
    key = uuid.uuid4()
    act, _new = actions.begin_bulk(key, Action.APPROVE, [(ticket.number, ticket.current_run_id or 0)], by=office.admin)
    day = actions.database_now().date()
    who = office.technician
    Absence.objects.create(
        user=who, first_on=day.replace(day=1), last_on=day.replace(year=2090), reason="Cuti", recorded_by=who
    )
    actions.run_bulk(act, by=office.admin, priority=3, technician=who)
    page = client.get(reverse("tickets:bulk-result", args=[key])).content.decode()
    assert "tidak hadir sampai" in page


def test_what_was_done_stays_done_when_the_rest_cannot_be(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [office.submit() for _ in range(3)]
    calls = iter((bulk.BULK[Action.REJECT], None, bulk.BULK[Action.REJECT]))

    def move(ticket: Ticket, **facts: Any) -> Ticket:
        one = next(calls)
        if one is None:
            raise OperationalError("canceling statement due to lock timeout")
        return one(ticket, **facts)

    monkeypatch.setitem(bulk.BULK, Action.REJECT, move)
    answer = send(office.admin, "reject", *tickets, reason="Bukan tugas kami.")
    assert [not why for why in told(answer).values()] == [True, False, True]


def test_an_act_that_was_interrupted_says_what_it_did_not_reach(office: Office) -> None:
    first, second = office.submit(), office.submit()
    asked = [(ticket.number, ticket.current_run_id or 0) for ticket in (first, second)]
    act, _new = actions.begin_bulk(uuid.uuid4(), Action.REJECT, asked, by=office.admin)
    act.results = [[first.number, True, ""]]
    act.save(update_fields=["results"])
    answer = signed_in(office.admin).get(reverse("tickets:bulk-result", args=[act.pk]))
    assert [number for number, _run in answer.context["waiting"]] == [second.number]
    assert "Belum diproses" in answer.content.decode()


# The form


def test_what_was_picked_is_shown_before_anything_is_done(office: Office) -> None:
    tickets = [office.submit(), office.ticket_in("working")]
    answer = signed_in(office.admin).get(BULK, {"action": "approve", "ticket": picked(*tickets)})
    assert {row.ticket for row in answer.context["rows"]} == set(tickets)
    assert set(answer.context["form"].fields) == {"action", "ticket", "key", "back", "priority", "technician"}
    assert BulkAct.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["", "action=approve", "action=approve&ticket=x", "action=nope&ticket=HC-2026-000001.1", "ticket=%00.1"]
)
def test_nothing_picked_leads_back_with_a_sentence(office: Office, query: str) -> None:
    answer = signed_in(office.admin).get(f"{BULK}?{query}", follow=True)
    assert answer.redirect_chain[0][0] == reverse("tickets:list")
    assert "Pilih" in answer.content.decode()


def test_no_more_than_a_hundred_at_once(office: Office) -> None:
    many = [f"HC-2026-{number:06d}.1" for number in range(actions.MOST + 1)]
    answer = signed_in(office.admin).get(BULK, {"action": "reject", "ticket": many}, follow=True)
    assert "Paling banyak 100 tiket sekaligus." in answer.content.decode()


def test_a_form_that_falls_short_does_nothing_and_keeps_what_was_picked(office: Office) -> None:
    ticket = office.submit()
    answer = send(office.admin, "approve", ticket, priority=2)
    assert answer.status_code == 422
    assert answer.context["form"].errors["technician"]
    assert picked(ticket)[0] in answer.content.decode()
    assert BulkAct.objects.count() == 0


@pytest.mark.parametrize("role", ["requester", "technician", "supervisor"])
def test_only_admins_act_on_many(office: Office, role: str) -> None:
    ticket = office.submit()
    assert send(getattr(office, role), "reject", ticket, reason="x").status_code == 403
    page = signed_in(getattr(office, role)).get(reverse("tickets:list")).content.decode()
    assert "data-pick" not in page


def test_nobody_else_sees_what_became_of_it(office: Office) -> None:
    answer = send(office.admin, "reject", office.submit(), reason="x")
    address = answer.redirect_chain[0][0]
    assert signed_in(office.other_admin).get(address).status_code == 404


def test_an_admins_list_offers_to_pick_what_is_open(office: Office) -> None:
    ticket = office.submit()
    client = signed_in(office.admin)
    assert picked(ticket)[0] in client.get(reverse("tickets:list")).content.decode()
    assert "data-pick=" not in client.get(reverse("tickets:list") + "?state=done").content.decode()
