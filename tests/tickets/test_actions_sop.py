"""A new revision of the SOP: who comes after gets it, who is there keeps theirs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.tickets.factories import STANDARDS, Office
from tests.tickets.snapshot import execute
from tickets import actions
from tickets.models import SopRevision
from tickets.workflow import Step


def today() -> date:
    return timezone.localdate(actions.database_now())


def publish(office: Office, **changes: Any) -> SopRevision:
    facts = {"number": "SOP-054/17000/2026", "revised_on": today(), "effective_on": today()}
    given = {"base": SopRevision.objects.newest(), "facts": facts | changes.pop("facts", {}), "steps": {}}
    return actions.publish_revision(**{**given, "by": office.admin, **changes})


def test_a_ticket_keeps_the_revision_that_was_in_force_when_it_was_submitted(office: Office) -> None:
    office.now = actions.database_now()
    before = office.submit()
    revision = publish(office, steps={Step.ACCEPTANCE: {"minimum": 7, "maximum": 8}})
    after = office.submit()
    runs = [office.do("approve", ticket).current_run for ticket in (before, after)]
    assert [(run.minimum, run.maximum) for run in runs if run] == [STANDARDS[2], (7, 8)]
    assert (before.sop_id != revision.pk, after.sop_id) == (True, revision.pk)


def test_a_revision_holds_from_its_date_on(office: Office) -> None:
    revision = publish(office, facts={"effective_on": today() + timedelta(days=1)})
    now = actions.database_now()
    assert SopRevision.objects.in_force(now) != revision
    assert SopRevision.objects.in_force(now + timedelta(days=1)) == revision


def test_what_is_not_changed_is_as_in_the_revision_before(office: Office) -> None:
    before = SopRevision.objects.newest()
    revision = publish(office, steps={Step.WORK: {"maximum": 90}})
    told = [(step.activity, step.actors, step.fails_to, step.output) for step in revision.standards.values()]
    assert told == [(step.activity, step.actors, step.fails_to, step.output) for step in before.standards.values()]
    assert revision.legal_basis == before.legal_basis
    assert revision.total_maximum == before.total_maximum + 30
    assert revision.published_by == office.admin


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("effective_on", {"facts": {"effective_on": date(2026, 1, 5), "revised_on": date(2026, 1, 5)}}),
        ("revised_on", {"facts": {"revised_on": date(2099, 1, 1)}}),
        ("step_4", {"steps": {Step.WORK: {"minimum": 61}}}),
        ("step_1", {"steps": {Step.SUBMISSION: {"minimum": 0}}}),
        ("step_6", {"steps": {Step.FINISH: {"maximum": 10_001}}}),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(office: Office, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        publish(office, **change)
    assert list(refusal.value.message_dict) == [field]
    assert SopRevision.objects.count() == 1


def test_the_same_number_and_date_are_published_once(office: Office) -> None:
    publish(office)
    with pytest.raises(ValidationError) as refusal:
        publish(office)
    assert list(refusal.value.message_dict) == ["revised_on"]


def test_of_two_admins_who_began_from_one_revision_the_second_is_told(office: Office) -> None:
    base = SopRevision.objects.newest()
    first = publish(office)
    with pytest.raises(actions.SopChanged) as refusal:
        publish(office, base=base, facts={"number": "SOP-055/17000/2026"})
    assert refusal.value.newest == first


@pytest.mark.parametrize("table", ["tickets_soprevision", "tickets_sopstep"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_published_cannot_be_changed_or_taken_away(office: Office, table: str, change: str) -> None:
    with pytest.raises(DatabaseError, match=r"Cannot (update or delete|truncate)"), transaction.atomic():
        execute(change.format(table))
