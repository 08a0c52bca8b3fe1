"""Steps 2 to 6, hold, resume and reopen: what each act writes, beside each way in which its gate fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.tickets.factories import ALL_OK, CHECKS, ONE_FAILED, Office, wib
from tests.tickets.test_actions_decisions import last_event, refused
from tickets import actions
from tickets.actions import NeededItem, UsedItem
from tickets.models import CheckItem, ConnectionTest, HoldReason, StepRun, Ticket
from tickets.workflow import WorkflowError


def open_run(ticket: Ticket) -> StepRun:
    return StepRun.objects.get(ticket=ticket, ended_at=None)


@pytest.mark.parametrize(
    ("status", "action", "to", "step"),
    [
        ("assigned", "accept", "identifying", 3),
        ("identifying", "identify", "working", 4),
        ("working", "complete_work", "testing", 5),
        ("testing", "pass_test", "finishing", 6),
        ("testing", "fail_test", "working", 4),
        ("assigned", "decline", "submitted", 1),
        ("done", "reopen", "working", 4),
    ],
)
def test_a_step_ends_measured_and_the_next_opens_with_the_technician(
    office: Office, status: str, action: str, to: str, step: int
) -> None:
    ticket = office.ticket_in(status)
    before = ticket.current_run
    office.wait(minutes=2)
    office.do(action, ticket)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert stored.status == to
    if before is not None:
        ended = StepRun.objects.get(pk=before.pk)
        assert (ended.ended_at, ended.ended_by, ended.outcome) == (office.now, office.technician, action)
        assert (ended.net_seconds, ended.held_seconds, ended.verdict) == (120, 0, "on_time")
    run = open_run(ticket)
    assert (run.step, run.started_at, run.calendar.number) == (step, office.now, 1)
    assert run.technician == (None if step == 1 else office.technician)
    assert stored.current_run == run


def test_attempts_count_every_pass_through_a_step(office: Office) -> None:
    ticket = office.ticket_in("testing")
    for action in ("fail_test", "complete_work", "fail_test", "complete_work", "pass_test", "finish", "reopen"):
        ticket = office.do(action, ticket)
    assert list(ticket.runs.order_by("pk").values_list("step", "attempt")) == [
        (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (4, 2), (5, 2), (4, 3), (5, 3), (6, 1), (4, 4),
    ]  # fmt: skip


def test_a_declined_ticket_has_no_technician_and_keeps_its_priority(office: Office) -> None:
    ticket = office.do("decline", office.ticket_in("assigned"), reason="Sedang dinas luar.")
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.status, stored.technician, stored.priority) == ("submitted", None, 3)
    event = last_event(ticket)
    assert event.text is not None
    assert event.text.body == "Sedang dinas luar."
    again = office.do("approve", ticket, technician=office.other_technician)
    assert open_run(again).attempt == 2


def test_declining_needs_a_reason(office: Office) -> None:
    assert refused(office, "decline", office.ticket_in("assigned"), reason=" ") == {"reason"}


# Step 4 and 5


def test_the_work_done_is_kept_with_the_materials_used(office: Office) -> None:
    ticket = office.ticket_in("working")
    run = open_run(ticket)
    office.do("complete_work", ticket, summary=" Ganti kabel. ", materials=[UsedItem(" RJ-45 ", 2), UsedItem("Kabel")])
    assert list(run.materials.values_list("item", "quantity")) == [("RJ-45", 2), ("Kabel", 1)]
    event = last_event(ticket)
    assert event.text is not None
    assert (event.text.body, event.run) == ("Ganti kabel.", run)


def test_work_may_take_no_material_but_not_no_words(office: Office) -> None:
    ticket = office.ticket_in("working")
    assert refused(office, "complete_work", ticket, summary="") == {"summary"}
    assert office.do("complete_work", ticket, materials=[]).status == "testing"


def test_a_passed_test_keeps_every_line_of_the_checklist_as_it_was(office: Office) -> None:
    ticket = office.ticket_in("testing")
    run = open_run(ticket)
    office.do("pass_test", ticket, results=ALL_OK | {"printer": "skipped"}, note=" Cepat. ")
    test = ConnectionTest.objects.get(run=run)
    assert (test.passed, test.by, test.at, test.note) == (True, office.technician, office.now, "Cepat.")
    assert [line["code"] for line in test.results] == list(CHECKS)
    assert {line["outcome"] for line in test.results[:-1]} == {"ok"}
    assert (test.results[-1]["outcome"], test.results[-1]["required"]) == ("skipped", False)


@pytest.mark.parametrize("code", CHECKS[:-1])
@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_a_test_passes_only_if_every_required_line_is_ok(office: Office, code: str, outcome: str) -> None:
    assert refused(office, "pass_test", office.ticket_in("testing"), results=ALL_OK | {code: outcome}) == {code}


def test_a_line_left_out_counts_as_not_tested(office: Office) -> None:
    results = {code: "ok" for code in CHECKS if code != "dns"}
    assert refused(office, "pass_test", office.ticket_in("testing"), results=results) == {"dns"}


def test_the_optional_line_may_fail(office: Office) -> None:
    ticket = office.do("pass_test", office.ticket_in("testing"), results=ALL_OK | {"printer": "failed"})
    assert ticket.status == "finishing"


def test_an_unknown_outcome_is_refused_at_its_line(office: Office) -> None:
    ticket = office.ticket_in("testing")
    for action in ("pass_test", "fail_test"):
        assert refused(office, action, ticket, results=ALL_OK | {"dns": "mungkin"}) == {"dns"}


def test_lines_that_are_no_longer_on_the_list_are_not_asked_for(office: Office) -> None:
    CheckItem.objects.filter(code="portal").update(active=False)
    ticket = office.ticket_in("testing")
    run = open_run(ticket)
    office.do("pass_test", ticket, results=ALL_OK | {"portal": "failed"})
    assert "portal" not in [line["code"] for line in ConnectionTest.objects.get(run=run).results]


def test_a_failed_test_keeps_what_failed_and_leads_back_to_step_4(office: Office) -> None:
    ticket = office.ticket_in("testing")
    run = open_run(ticket)
    office.do("fail_test", ticket, results=ONE_FAILED | {"dns": "failed"}, note="Port mati.")
    assert not ConnectionTest.objects.get(run=run).passed
    event = last_event(ticket)
    assert event.data == {"failed": ["gateway", "dns"]}
    assert event.text is not None
    assert event.text.body == "Port mati."


def test_a_test_in_which_nothing_failed_is_no_failed_test(office: Office) -> None:
    ticket = office.ticket_in("testing")
    for results in (ALL_OK, {}, dict.fromkeys(CHECKS, "skipped")):
        with pytest.raises(ValidationError):
            office.do("fail_test", ticket, results=results)
    assert not ConnectionTest.objects.exists()


# Reopen


@pytest.mark.parametrize("late", [False, True])
def test_the_requester_reopens_in_time_and_not_a_second_later(office: Office, late: bool) -> None:
    ticket = office.ticket_in("done")
    assert ticket.reopen_until
    office.now = ticket.reopen_until + timedelta(seconds=late)
    if late:
        with pytest.raises(WorkflowError, match="ajukan tiket baru"):
            office.do("reopen", ticket, by=office.requester)
    else:
        assert office.do("reopen", ticket, by=office.requester).status == "working"


def test_an_admin_reopens_any_time_also_a_ticket_of_their_own(office: Office) -> None:
    for ticket in (office.ticket_in("done"), office.ticket_in("done", by=office.admin)):
        office.wait(days=300)
        assert office.do("reopen", ticket, by=office.admin).status == "working"


def test_a_reopened_ticket_is_open_again_with_the_same_technician(office: Office) -> None:
    ticket = office.ticket_in("done")
    office.do("reopen", ticket, reason="Masih putus.")
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.status, stored.closed_at, stored.technician) == ("working", None, office.technician)
    event = last_event(ticket)
    assert (event.kind, event.status_from, event.status_to) == ("reopen", "done", "working")
    assert event.text is not None
    assert event.text.body == "Masih putus."


def test_a_ticket_finished_again_may_be_reopened_for_three_further_days(office: Office) -> None:
    ticket = office.do("reopen", office.ticket_in("done"))
    office.at("2026-10-14 09:00")
    for action in ("complete_work", "pass_test", "finish"):
        ticket = office.do(action, ticket)
    assert Ticket.objects.get(pk=ticket.pk).reopen_until == wib("2026-10-19 16:00")


# Hold and resume


@pytest.mark.parametrize("status", ["assigned", "identifying", "working", "testing", "finishing"])
@pytest.mark.parametrize("by", ["technician", "admin"])
def test_each_of_steps_2_to_6_can_be_held_and_resumed_by_technician_and_admin(
    office: Office, status: str, by: str
) -> None:
    ticket, who = office.ticket_in(status), getattr(office, by)
    held = office.wait(minutes=1)
    ticket = office.do("hold", ticket, by=who)
    assert (ticket.status, ticket.on_hold) == (status, True)
    hold = open_run(ticket).holds.get()
    assert (hold.started_at, hold.started_by, hold.ended_at, hold.reason.code) == (
        held, who, None, "menunggu-perangkat",
    )  # fmt: skip
    assert last_event(ticket).data == {"hold": hold.pk, "reason": hold.reason_id}
    resumed = office.wait(minutes=5)
    ticket = office.do("resume", ticket, by=who)
    hold.refresh_from_db()
    assert (hold.ended_at, hold.ended_by, ticket.on_hold) == (resumed, who, False)


@pytest.mark.parametrize("look_again_at", [timedelta(0), timedelta(seconds=-1), timedelta(days=-400)])
def test_the_time_to_look_again_lies_ahead(office: Office, look_again_at: timedelta) -> None:
    ticket = office.ticket_in("working")
    assert refused(office, "hold", ticket, look_again_at=office.now + look_again_at) == {"look_again_at"}


def test_another_reason_needs_words_the_listed_ones_do_not(office: Office) -> None:
    ticket = office.ticket_in("working")
    assert refused(office, "hold", ticket, reason=office.reason("lainnya"), note=" ") == {"note"}
    held = office.do("hold", ticket, reason=office.reason("lainnya"), note=" Listrik padam. ")
    assert open_run(held).holds.get().note == "Listrik padam."
    event = last_event(held)
    assert event.text is not None
    assert event.text.body == "Listrik padam."


def test_the_reasons_are_those_of_the_design(db: None) -> None:
    assert list(HoldReason.objects.values_list("name", "needs_text")) == [
        ("Pegawai tidak di tempat", False),
        ("Menunggu perangkat/material", False),
        ("Menunggu pihak lain", False),
        ("Lainnya", True),
    ]


def test_a_reason_taken_off_the_list_is_refused(office: Office) -> None:
    reason = office.reason()
    reason.active = False
    reason.save(update_fields=["active"])
    assert refused(office, "hold", office.ticket_in("working"), reason=reason) == {"reason"}


# What cannot be kept is refused at its field, before the database has to


LONG = "x" * 10_000
BAD_TEXTS = [
    pytest.param("a\x00b", id="NUL"),
    pytest.param("a\ud83d", id="half a character"),
    pytest.param(LONG, id="long"),
]


@pytest.mark.parametrize("text", BAD_TEXTS)
@pytest.mark.parametrize(
    ("action", "status", "field"),
    [
        ("reject", "submitted", "reason"),
        ("cancel", "working", "reason"),
        ("decline", "assigned", "reason"),
        ("reassign", "working", "reason"),
        ("reopen", "done", "reason"),
        ("complete_work", "working", "summary"),
        ("pass_test", "testing", "note"),
        ("fail_test", "testing", "note"),
        ("hold", "working", "note"),
        ("comment", "working", "text"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_at_its_field(
    office: Office, action: str, status: str, field: str, text: str
) -> None:
    assert refused(office, action, office.ticket_in(status), **{field: text}) == {field}


@pytest.mark.parametrize("text", BAD_TEXTS)
@pytest.mark.parametrize("field", ["title", "description", "device_text", "room", "contact"])
def test_a_request_that_cannot_be_kept_is_refused_at_its_field(office: Office, field: str, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        office.submit(**{field: text})
    assert refusal.value.message_dict.keys() == {field}


@pytest.mark.parametrize("category", ["unknown", "x" * 500, "new\x00"])
def test_an_unknown_category_is_refused_at_its_field(office: Office, category: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        office.submit(category=category)
    assert refusal.value.message_dict.keys() == {"category"}


@pytest.mark.parametrize(
    ("field", "length"), [("title", 120), ("device_text", 200), ("room", 100), ("contact", 40), ("description", 5000)]
)
def test_a_text_as_long_as_its_field_is_kept_and_one_character_more_is_not(
    office: Office, field: str, length: int
) -> None:
    assert getattr(office.submit(**{field: "é" * length}), field) == "é" * length
    with pytest.raises(ValidationError):
        office.submit(**{field: "é" * (length + 1)})


ODD_ITEMS = [
    pytest.param("", 1, id="empty"),
    pytest.param(" ", 1, id="space"),
    pytest.param("x" * 121, 1, id="long"),
    pytest.param("a\x00", 1, id="NUL"),
    pytest.param("\udfff", 1, id="half a character"),
    pytest.param("Kabel", 0, id="none of it"),
    pytest.param("Kabel", -1, id="less than none"),
    pytest.param("Kabel", 1001, id="too many"),
    pytest.param("Kabel", 2**40, id="more than a column holds"),
]


@pytest.mark.parametrize(("item", "quantity"), ODD_ITEMS)
def test_needs_and_materials_name_a_thing_and_a_sound_quantity(office: Office, item: str, quantity: int) -> None:
    ticket = office.ticket_in("identifying")
    good, bad = NeededItem("Kabel"), NeededItem(item, quantity)
    assert refused(office, "identify", ticket, needs=[good, bad]) == {"needs"}
    ticket = office.do("identify", ticket)
    assert refused(office, "complete_work", ticket, materials=[UsedItem(item, quantity)]) == {"materials"}


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "toaster"}, {"kind": ""}, {"brand_model": "x" * 500}, {"brand_model": "\x00"}, {"mac": "zz"},
        {"asset_number": "\ud800"}, {"asset_number": "9" * 99}, {"mac": "\x00"},
    ],
    ids=repr,
)  # fmt: skip
def test_odd_facts_of_a_new_device_are_refused_at_their_field(office: Office, facts: dict[str, str]) -> None:
    device = actions.NewDevice(**{"kind": "pc", **facts})
    assert refused(office, "identify", office.ticket_in("identifying"), device=device) == set(facts)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "10.17.0.5\x00"), ("address", "999.1.1.1"), ("address", "x" * 10_000), ("address", "10.17.0.05"),
        ("address", "10.17.0.5:80"), ("address", "fe80::1%eth0"), ("address", "127.0.0.1"), ("address", "10.17.0.0"),
        ("address", "10.17.255.255"), ("address", "10.17.0.1"), ("address", "192.0.2.1"), ("address", ""),
        ("pc_name", ""), ("pc_name", "\x00"), ("pc_name", "A" * 16), ("pc_name", "-PC"), ("pc_name", "12345"),
        ("pc_name", "PC\ud800"), ("pc_name", "PC 1"), ("pc_name", "ＰＣ１"),
    ],
)  # fmt: skip
def test_odd_addresses_and_names_are_refused_at_their_field(office: Office, field: str, value: str) -> None:
    good = office.record(7)
    facts: dict[str, Any] = {"address": good.address, "pc_name": good.pc_name, "workgroup": good.workgroup}
    record = actions.NetworkRecord(**(facts | {field: value}))
    ticket = office.ticket_in("identifying")
    assert refused(office, "identify", ticket, record=record) == {field}
    ticket = office.do("pass_test", office.do("complete_work", office.do("identify", ticket)))
    assert refused(office, "finish", ticket, record=record) == {field}


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_time_to_look_again_in_an_impossible_year_is_refused(office: Office, year: int) -> None:
    at = office.now.replace(year=year, month=1, day=1)
    assert refused(office, "hold", office.ticket_in("working"), look_again_at=at) == {"look_again_at"}
