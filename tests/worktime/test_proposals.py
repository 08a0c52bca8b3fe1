"""The yearly update of holidays: what it proposes, and what it does not ask twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts import roles
from tests.factories import UserFactory
from worktime import actions, proposals, tasks
from worktime.holidays import Holiday
from worktime.models import CalendarProposal, CalendarRevision
from worktime.proposals import differences, propose_holidays

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
State = CalendarProposal.State


def holiday(name: str = "Hari uji", kind: str = "public", *, confirmed: bool = True) -> Holiday:
    return {"name": name, "kind": kind, "confirmed": confirmed}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, data: dict[str, Any]) -> dict[str, Any]:
    """What the library knows, to be changed at will: at first what is shipped."""
    known: dict[str, Any] = dict(data["holidays"])
    monkeypatch.setattr(proposals, "holiday_map", lambda _years: known)
    return known


def test_a_library_that_says_the_same_leads_to_no_proposal(library: dict[str, Any]) -> None:
    assert propose_holidays(today=TODAY) is None
    assert not CalendarProposal.objects.exists()


def test_a_missing_day_of_next_year_is_proposed(library: dict[str, Any]) -> None:
    library["2027-07-01"] = holiday("Cuti Bersama Uji", "leave", confirmed=False)

    proposal = propose_holidays(today=TODAY)

    assert proposal is not None
    assert proposal.data == {"2027-07-01": {"name": "Cuti Bersama Uji", "kind": "leave", "confirmed": False}}
    assert (proposal.state, proposal.base.number, proposal.years(), proposal.unconfirmed()) == ("open", 1, [2027], 1)
    assert proposal.note.startswith("holidays ")


def test_a_confirmed_estimate_is_proposed_under_the_calendars_own_name(library: dict[str, Any]) -> None:
    library["2027-03-10"] = holiday("Nama lain dari pustaka")

    proposal = propose_holidays(today=TODAY)

    assert proposal is not None
    assert proposal.data == {"2027-03-10": {"name": "Hari Raya Idul Fitri", "kind": "public", "confirmed": True}}


def test_an_estimate_that_moved_is_taken_from_its_old_day(library: dict[str, Any]) -> None:
    library["2027-05-16"] = library.pop("2027-05-17") | {"confirmed": True}

    proposal = propose_holidays(today=TODAY)

    assert proposal is not None
    assert proposal.data["2027-05-17"] is None
    assert proposal.data["2027-05-16"]["confirmed"]
    assert "2027-05-17" not in proposal.applied_to(CalendarRevision.objects.current().data)["holidays"]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (holiday("Nama kantor"), holiday("Nama pustaka")),
        (holiday(kind="leave"), holiday(kind="public")),
        (holiday(), holiday(confirmed=False)),
        (holiday(), None),
        (holiday(confirmed=False), holiday("Lain", confirmed=False)),
    ],
    ids=["its name", "its kind", "confirmed here", "known here alone", "an estimate in both"],
)
def test_what_an_admin_has_written_is_not_questioned(here: Holiday, there: Holiday | None) -> None:
    known = {"2027-07-01": there} if there else {}

    assert differences({"2027-07-01": here}, known, [2027], TODAY) == {}


@pytest.mark.parametrize("day", ["2026-11-21", "2025-12-31", "2028-01-01"])
def test_past_days_and_other_years_are_let_be(day: str) -> None:
    assert differences({}, {day: holiday()}, [2026, 2027], TODAY) == {}
    assert differences({}, {"2026-11-22": holiday()}, [2026, 2027], TODAY)


def test_the_same_proposal_is_not_made_twice(library: dict[str, Any]) -> None:
    library["2027-07-01"] = holiday()

    assert propose_holidays(today=TODAY)
    assert propose_holidays(today=TODAY) is None
    assert CalendarProposal.objects.count() == 1


def test_a_dismissed_one_is_not_repeated_unless_the_library_says_something_else(library: dict[str, Any]) -> None:
    library["2027-07-01"] = holiday(confirmed=False)
    proposal = propose_holidays(today=TODAY)
    assert proposal
    assert actions.dismiss(proposal, by=UserFactory(roles.ADMIN))

    assert propose_holidays(today=TODAY) is None
    library["2027-07-01"] = holiday(confirmed=True)
    again = propose_holidays(today=TODAY)

    assert again is not None
    assert again.data == {"2027-07-01": holiday()}


def test_days_that_an_admin_left_out_when_publishing_are_not_asked_for_again(library: dict[str, Any]) -> None:
    library |= {"2027-07-01": holiday("Satu"), "2027-07-02": holiday("Dua")}
    proposal = propose_holidays(today=TODAY)
    assert proposal
    data = proposal.applied_to(CalendarRevision.objects.current().data)
    del data["holidays"]["2027-07-02"]
    actions.publish(base=1, data=data, name="Tanpa Dua", by=UserFactory(roles.ADMIN), proposal=proposal.pk)

    assert propose_holidays(today=TODAY) is None
    proposal.refresh_from_db()
    assert proposal.state == State.PUBLISHED


def test_a_library_that_moved_on_replaces_the_open_proposal(library: dict[str, Any]) -> None:
    library["2027-07-01"] = holiday()
    first = propose_holidays(today=TODAY)
    library["2027-07-02"] = holiday("Dua")
    second = propose_holidays(today=TODAY)

    assert first and second
    first.refresh_from_db()
    assert (first.state, first.decided_at is not None) == (State.REPLACED, True)
    assert set(second.data) == {"2027-07-01", "2027-07-02"}


def test_an_open_proposal_for_a_later_year_survives_the_daily_look(library: dict[str, Any]) -> None:
    library["2028-01-01"] = holiday("Tahun Baru")
    assert propose_holidays([2028], today=TODAY)

    assert propose_holidays(today=TODAY) is None
    assert CalendarProposal.objects.get().state == State.OPEN


def test_what_an_admin_has_meanwhile_entered_by_hand_closes_the_proposal(
    library: dict[str, Any], data: dict[str, Any]
) -> None:
    library["2027-07-01"] = holiday()
    propose_holidays(today=TODAY)
    data["holidays"]["2027-07-01"] = holiday()
    actions.publish(base=1, data=data, name="Dengan tangan", by=UserFactory(roles.ADMIN))

    assert propose_holidays(today=TODAY) is None
    assert CalendarProposal.objects.get().state == State.REPLACED


def test_at_most_one_proposal_is_open() -> None:
    base = CalendarRevision.objects.current()
    CalendarProposal.objects.create(base=base, data={}, note="satu")

    with pytest.raises(IntegrityError, match="one_is_open"), transaction.atomic():
        CalendarProposal.objects.create(base=base, data={}, note="dua")


def test_a_closed_proposal_says_when() -> None:
    with pytest.raises(IntegrityError, match="decided_when_closed"), transaction.atomic():
        CalendarProposal.objects.create(
            base=CalendarRevision.objects.current(), data={}, note="x", state=State.DISMISSED
        )


def test_the_command_proposes_a_year_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("propose_holidays", "2028")
    assert capsys.readouterr().out.startswith("Proposed: ")
    proposal = CalendarProposal.objects.get()
    assert (proposal.years(), proposal.data["2028-02-27"]["confirmed"]) == ([2028], False)

    call_command("propose_holidays", "2028")
    assert capsys.readouterr().out == "Nothing new to propose.\n"


@pytest.mark.parametrize("year", ["1999", "3000"])
def test_the_command_refuses_years_out_of_range(year: str) -> None:
    with pytest.raises(CommandError, match="between"):
        call_command("propose_holidays", year)


def test_the_daily_task_may_come_twice(library: dict[str, Any]) -> None:
    library["2027-12-31"] = holiday()
    tasks.propose()
    tasks.propose()

    assert CalendarProposal.objects.count() == 1


def test_beat_asks_daily_and_forgets_what_nobody_took() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["holidays"]

    assert entry["task"] == tasks.propose.name
    assert isinstance(entry["schedule"], crontab)
    assert entry["options"]["expires"] == 86_400
