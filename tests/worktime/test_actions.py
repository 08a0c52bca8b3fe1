"""Publishing a calendar: one after the other, and never over somebody else's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import roles
from accounts.models import User
from tests.factories import UserFactory
from worktime import actions
from worktime.models import CalendarProposal, CalendarRevision


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(roles.ADMIN)


def with_holiday(data: dict[str, Any], day: str) -> dict[str, Any]:
    holiday = {"name": "Hari uji", "kind": "public", "confirmed": True}
    return data | {"holidays": data["holidays"] | {day: holiday}}


def test_what_is_published_is_the_next_revision(admin: User, data: dict[str, Any]) -> None:
    revision = actions.publish(base=1, data=with_holiday(data, "2027-07-01"), name="Libur uji", by=admin)

    assert (revision.number, revision.name, revision.published_by, revision.zone) == (
        2,
        "Libur uji",
        admin,
        "Asia/Jakarta",
    )
    assert CalendarRevision.objects.current() == revision


def test_a_draft_of_an_older_revision_is_refused(admin: User, data: dict[str, Any]) -> None:
    first = actions.publish(base=1, data=with_holiday(data, "2027-07-01"), name="Satu", by=admin)

    with pytest.raises(actions.CalendarChanged) as caught:
        actions.publish(base=1, data=with_holiday(data, "2027-07-02"), name="Dua", by=admin)

    assert caught.value.current == first
    assert CalendarRevision.objects.count() == 2


def test_a_calendar_that_changes_nothing_is_not_published(admin: User, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.publish(base=1, data=data, name="Sama", by=admin)

    assert "name" in caught.value.message_dict


def test_an_impossible_calendar_is_not_published(admin: User, data: dict[str, Any]) -> None:
    data["normal"]["days"] = [[]] * 7

    with pytest.raises(ValidationError) as caught:
        actions.publish(base=1, data=data, name="Kosong", by=admin)

    assert "data" in caught.value.message_dict
    assert CalendarRevision.objects.count() == 1


def test_a_proposal_is_dismissed_once(admin: User) -> None:
    base = CalendarRevision.objects.current()
    proposal = CalendarProposal.objects.create(base=base, data={}, note="uji")

    assert actions.dismiss(proposal, by=admin)
    assert not actions.dismiss(proposal, by=admin)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (CalendarProposal.State.DISMISSED, admin)


@pytest.mark.race
def test_of_two_who_publish_at_once_one_succeeds_and_the_other_is_told(committed_db: None) -> None:
    admin = UserFactory(roles.ADMIN)
    for number in range(1, 11):
        base = CalendarRevision.objects.current()
        assert base.number == number
        barrier, answers = threading.Barrier(2), []

        def act(day: str, base: CalendarRevision = base, barrier: threading.Barrier = barrier) -> None:
            try:
                barrier.wait(5)
                actions.publish(base=base.number, data=with_holiday(base.data, day), name=day, by=admin)
                answers.append("published")  # noqa: B023
            except actions.CalendarChanged as error:
                answers.append(f"told of {error.current.number}")  # noqa: B023
            finally:
                connection.close()

        threads = [
            threading.Thread(target=act, args=(f"2027-07-{number:02}",)),
            threading.Thread(target=act, args=(f"2027-08-{number:02}",)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(answers) == ["published", f"told of {number + 1}"]
