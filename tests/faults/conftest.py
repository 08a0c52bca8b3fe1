"""An office that works day and night, so that the real clock is always working time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.tickets.factories import Office, make_office
from tickets import actions
from tickets.integrity import violations
from tickets.recount import differences
from worktime.models import CalendarRevision

_ALWAYS = [["00:00", "23:59:59"]]


def work_day_and_night() -> None:
    current = CalendarRevision.objects.current()
    week = [_ALWAYS] * 7
    data = {**current.data, "normal": {**current.data["normal"], "days": week}, "dated": [], "holidays": {}}
    CalendarRevision.objects.create(number=current.number + 1, name="Siang malam", zone=current.zone, data=data)


@pytest.fixture
def office(committed_db: None) -> Iterator[Office]:
    """Its `now` is five minutes before the real one. Whatever was done to it, history and clocks are sound after it."""
    work_day_and_night()
    office = make_office()
    office.now = actions.database_now() - timedelta(minutes=5)
    yield office
    actions.flag_overdue()
    assert list(violations()) == []
    assert list(differences(actions.database_now())) == []
