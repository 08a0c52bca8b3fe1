"""The browser test: its link, what is kept of a measurement, and what that decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from network.models import Subnet
from tests.tickets.factories import ALL_OK, Office
from tests.tickets.measuring import link_of, read
from tests.tickets.snapshot import execute, snapshot
from tickets import actions
from tickets.integrity import violations
from tickets.measuring import Figures
from tickets.models import CheckItem, ConnectionTest, Measurement, MeasuringLink, ReachTarget, Ticket
from tickets.workflow import Action, Notice, Status, WorkflowError

ELSEWHERE = "10.17.200.7"
SITES_DOWN = {str(number): False for number in range(1, 3)}


@pytest.fixture
def ticket(office: Office) -> Ticket:
    """Being tested, in a subnet that the server sees directly."""
    Subnet.objects.update(seen_directly=True)
    return office.ticket_in(Status.TESTING)


def planned(ticket: Ticket) -> str:
    return ticket.addresses.get().address.address


def measured(office: Office, ticket: Ticket, seen: str = "", figures: Figures | None = None) -> Measurement:
    return actions.keep_measurement(
        link_of(ticket),
        figures or read(),
        origin=seen or planned(ticket),
        user_agent="Firefox/1 Windows\x00",
        now=office.now,
    )


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


# The link


def test_the_link_is_there_when_the_test_begins(office: Office, ticket: Ticket) -> None:
    link = link_of(ticket)
    assert (link.made_by, link.expires_at) == (office.technician, link.made_at + timedelta(hours=8))
    assert not MeasuringLink.objects.exclude(pk=link.pk).exists()


def test_a_new_link_takes_the_place_of_the_one_before(office: Office, ticket: Ticket) -> None:
    before = link_of(ticket)
    actions.renew_link(ticket, by=office.technician, now=office.now)
    before.refresh_from_db()
    assert (before.revoked_at, before.revoked_by) == (office.now, office.technician)
    assert link_of(ticket).code != before.code
    assert ticket.events.latest("seq").kind == Notice.LINKED
    with pytest.raises(WorkflowError, match="dicabut"):
        actions.keep_measurement(before, read(), origin=None, now=office.now)


def test_a_revoked_link_measures_no_more_and_is_revoked_once(office: Office, ticket: Ticket) -> None:
    link = link_of(ticket)
    actions.revoke_link(ticket, by=office.technician, now=office.now)
    assert ticket.events.latest("seq").kind == Notice.UNLINKED
    with pytest.raises(WorkflowError, match="sudah dicabut"):
        actions.revoke_link(ticket, by=office.technician, now=office.now)
    with pytest.raises(WorkflowError, match="dicabut"):
        actions.keep_measurement(link, read(), origin=None, now=office.now)
    assert list(violations()) == []


@pytest.mark.parametrize("who", ["requester", "admin", "other_technician", "supervisor"])
def test_the_link_is_the_technicians_alone(office: Office, ticket: Ticket, who: str) -> None:
    for change in (actions.renew_link, actions.revoke_link):
        with pytest.raises(PermissionDenied):
            change(ticket, by=getattr(office, who), now=office.now)


def test_no_link_for_a_ticket_that_is_not_being_tested_or_by_a_stale_screen(office: Office, ticket: Ticket) -> None:
    with pytest.raises(WorkflowError, match="halaman Anda dibuka"):
        actions.renew_link(ticket, by=office.technician, run=ticket.current_run_id - 1)  # type: ignore[operator]
    with pytest.raises(WorkflowError):
        actions.renew_link(office.ticket_in(Status.WORKING), by=office.technician)
    office.do(Action.HOLD, ticket)
    with pytest.raises(WorkflowError, match="ditunda"):
        actions.renew_link(ticket, by=office.technician)


# What is kept


def test_a_measurement_is_kept_with_what_the_server_saw_and_told_in_the_history(office: Office, ticket: Ticket) -> None:
    row = measured(office, ticket, ELSEWHERE)
    assert (row.seen, row.user_agent, row.at) == (ELSEWHERE, "Firefox/1 Windows", office.now)
    event = ticket.events.latest("seq")
    assert (event.kind, event.by, event.origin, event.data["measurement"]) == ("measured", None, ELSEWHERE, row.pk)
    assert "ukur-alamat" in event.data["failed"]
    assert list(violations()) == []


def test_what_is_sent_twice_is_kept_once(office: Office, ticket: Ticket) -> None:
    figures = read()
    assert measured(office, ticket, figures=figures) == measured(office, ticket, ELSEWHERE, figures=figures)
    assert ticket.events.filter(kind=Notice.MEASURED).count() == 1


def ended(office: Office, ticket: Ticket) -> None:
    office.do(Action.PASS_TEST, ticket)


def held(office: Office, ticket: Ticket) -> None:
    office.do(Action.HOLD, ticket)


def cancelled(office: Office, ticket: Ticket) -> None:
    office.do(Action.CANCEL, ticket)


def late(office: Office, ticket: Ticket) -> None:
    office.wait(hours=8)


@pytest.mark.parametrize(
    ("happens", "sentence"), [(ended, "diputuskan"), (held, "ditunda"), (cancelled, "diputuskan"), (late, "berlaku")]
)
def test_a_link_that_leads_nowhere_says_why_and_keeps_nothing(
    office: Office, ticket: Ticket, happens: Any, sentence: str
) -> None:
    link = link_of(ticket)
    happens(office, ticket)
    before = snapshot()
    with pytest.raises(WorkflowError, match=sentence):
        actions.keep_measurement(link, read(), origin=None, now=office.now)
    assert snapshot() == before
    assert not Measurement.objects.exists()


def test_a_run_is_not_measured_without_end(office: Office, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.measurements, "MOST", 1)
    measured(office, ticket)
    with pytest.raises(WorkflowError, match="terlalu sering"):
        measured(office, ticket)


def test_no_measurement_is_changed_or_taken_away_and_no_link_used_again(office: Office, ticket: Ticket) -> None:
    measured(office, ticket)
    actions.revoke_link(ticket, by=office.technician, now=office.now)
    for change in (
        "UPDATE tickets_measurement SET results = '[]'", "DELETE FROM tickets_measurement",
        "UPDATE tickets_measuringlink SET revoked_at = NULL, revoked_by_id = NULL", "DELETE FROM tickets_measuringlink",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            execute(change)


@pytest.mark.parametrize(
    "url", ["http://a.id/", "https://a.id", "https://u@a.id/", "https://a.id/ x", "https://é.id/", "x"]
)
def test_the_database_knows_no_site_that_a_policy_could_not_name(db: None, url: str) -> None:
    with pytest.raises(DatabaseError, match="reach_target_url"), transaction.atomic():
        ReachTarget.objects.create(name="x", name_en="x", url=url)
    with pytest.raises(ValidationError):
        ReachTarget(name="x", name_en="x", url=url).clean_fields()


# What it decides


def test_a_test_keeps_its_newest_measurement_line_by_line(office: Office, ticket: Ticket) -> None:
    measured(office, ticket, ELSEWHERE)
    good = measured(office, ticket)
    office.do(Action.PASS_TEST, ticket)
    test = ConnectionTest.objects.get()
    assert test.measurement == good
    assert [line["code"] for line in test.own] == list(ALL_OK)
    assert test.told[0].found == planned(ticket)
    assert list(violations()) == []


def test_nobodys_word_outweighs_an_address_that_the_server_saw(office: Office, ticket: Ticket) -> None:
    measured(office, ticket)
    measured(office, ticket, ELSEWHERE)
    with pytest.raises(ValidationError) as refused:
        office.do(Action.PASS_TEST, ticket)
    assert f"{ELSEWHERE}; rencananya {planned(ticket)}" in refusal(refused)
    assert not ConnectionTest.objects.exists()


def test_behind_a_router_another_address_keeps_nobody_from_passing(office: Office, ticket: Ticket) -> None:
    Subnet.objects.update(seen_directly=False)
    measured(office, ticket, "203.0.113.7")
    office.do(Action.PASS_TEST, ticket)
    assert ConnectionTest.objects.get().passed


def test_lines_that_the_technician_left_out_are_what_was_measured(office: Office, ticket: Ticket) -> None:
    targets = {str(target.pk): True for target in ReachTarget.objects.all()}
    measured(office, ticket, figures=read(reached=targets))
    eyes = {code: "ok" for code in ALL_OK if code not in ("ip-sesuai", "dns", "portal")}
    actions.pass_test(ticket, results=eyes, by=office.technician, now=office.now)
    assert {line["outcome"] for line in ConnectionTest.objects.get().own} == {"ok"}


def test_without_a_measurement_what_was_left_out_is_skipped(office: Office, ticket: Ticket) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.pass_test(ticket, results={}, by=office.technician, now=office.now)
    assert set(refused.value.error_dict) == {*ALL_OK} - {"printer"}


def test_a_failed_measurement_is_enough_to_fail_the_test(office: Office, ticket: Ticket) -> None:
    CheckItem.objects.update(measured="")
    measured(office, ticket, ELSEWHERE)
    actions.fail_test(ticket, results=ALL_OK, by=office.technician, now=office.now)
    test = ConnectionTest.objects.get()
    assert not test.passed and test.told[0].outcome == "failed"
    again = office.do(Action.COMPLETE_WORK, Ticket.objects.get(pk=ticket.pk))
    assert actions.newest_measurement(again.current_run) is None  # type: ignore[arg-type]
    assert link_of(again).run != test.run
    assert list(violations()) == []


# What verify_integrity asks


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE tickets_measurement SET at = at - interval '1 day'", "a measurement was taken"),
        ("UPDATE tickets_connectiontest SET measurement_id = NULL", "a passed test has nothing"),
        (
            "UPDATE tickets_connectiontest SET results = jsonb_set(results, '{0,outcome}', '\"failed\"')",
            "a passed test has nothing",
        ),
    ],
)
def test_what_was_tampered_with_is_found(office: Office, ticket: Ticket, change: str, found: str) -> None:
    measured(office, ticket)
    office.do(Action.PASS_TEST, ticket)
    with transaction.atomic():
        table = change.split()[1]
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        execute(change)
        assert found in " ".join(violations())
        transaction.set_rollback(True)
