"""Days on which somebody takes no work: entered, called off, and what follows from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import absences
from accounts.models import Absence, User
from tests.factories import Cast

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 10, 12 + number) for number in range(4))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=WIB)


def away(person: User, first: date, last: date, **facts: Any) -> Absence:
    given: dict[str, Any] = {"reason": "Cuti tahunan", "by": person, "now": at(MONDAY)} | facts
    return absences.enter(person, first_on=first, last_on=last, **given)


def test_a_person_is_absent_on_both_days_and_all_between(cast: Cast) -> None:
    away(cast.technician, TUESDAY, WEDNESDAY)
    found = [cast.technician in User.objects.absent(at(day)) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)]
    assert found == [False, True, True, False]


def test_present_is_whoever_is_not_absent(cast: Cast) -> None:
    away(cast.technician, TUESDAY, TUESDAY)
    technicians = User.objects.holding("accounts.enter_own_absence")
    assert cast.technician not in technicians.present(at(TUESDAY))
    assert cast.other_technician in technicians.present(at(TUESDAY))


def test_somebody_who_left_the_office_for_good_is_not_present(cast: Cast) -> None:
    User.objects.filter(pk=cast.technician.pk).update(is_active=False)
    assert cast.technician not in User.objects.present(at(MONDAY))


def test_a_day_begins_at_midnight_in_jakarta(cast: Cast) -> None:
    away(cast.technician, TUESDAY, TUESDAY)
    before, after = datetime(2026, 10, 12, 16, 59, tzinfo=ZoneInfo("UTC")), at(TUESDAY, 0)
    assert cast.technician in User.objects.present(before)
    assert cast.technician not in User.objects.present(after)


def test_an_admin_enters_anybodys_absence_and_it_shows_who_did(cast: Cast) -> None:
    assert away(cast.technician, TUESDAY, TUESDAY, by=cast.admin).recorded_by == cast.admin


def test_a_technician_enters_nobody_elses(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        away(cast.technician, TUESDAY, TUESDAY, by=cast.other_technician)


def test_nobody_is_entered_who_takes_no_work(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        away(cast.requester, TUESDAY, TUESDAY, by=cast.admin)


@pytest.mark.parametrize(
    ("first", "last", "reason", "field"),
    [
        (WEDNESDAY, TUESDAY, "Cuti", "last_on"),
        (date(2026, 10, 1), date(2026, 10, 11), "Cuti", "last_on"),
        (TUESDAY, date(2100, 1, 1), "Cuti", "__all__"),
        (TUESDAY, TUESDAY, "   ", "reason"),
        (TUESDAY, TUESDAY, "x" * 81, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused(cast: Cast, first: date, last: date, reason: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        away(cast.technician, first, last, reason=reason)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("first", "last"), [(MONDAY, TUESDAY), (WEDNESDAY, THURSDAY), (TUESDAY, WEDNESDAY)])
def test_no_day_is_entered_twice_for_one_person(cast: Cast, first: date, last: date) -> None:
    away(cast.technician, TUESDAY, WEDNESDAY)
    with pytest.raises(ValidationError, match="sudah tercatat ketidakhadiran"):
        away(cast.technician, first, last)


def test_the_day_after_and_another_person_are_no_overlap(cast: Cast) -> None:
    away(cast.technician, TUESDAY, WEDNESDAY)
    away(cast.technician, THURSDAY, THURSDAY)
    away(cast.other_technician, TUESDAY, WEDNESDAY)
    assert Absence.objects.count() == 3


@pytest.mark.parametrize(
    "facts",
    [
        {"first_on": WEDNESDAY, "last_on": TUESDAY},
        {"first_on": date(1999, 12, 31)},
        {"last_on": date(2100, 1, 1)},
        {"reason": ""},
        {"first_on": TUESDAY, "last_on": TUESDAY},
    ],
    ids=["backwards", "too early", "too late", "no reason", "overlap"],
)
def test_the_database_holds_it_too(cast: Cast, facts: dict[str, Any]) -> None:
    away(cast.technician, TUESDAY, TUESDAY)
    sound = {"first_on": WEDNESDAY, "last_on": THURSDAY, "reason": "Cuti"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=cast.technician, recorded_by=cast.admin, **(sound | facts))


def test_what_has_not_begun_is_called_off(cast: Cast) -> None:
    absences.end(away(cast.technician, TUESDAY, WEDNESDAY), by=cast.admin, now=at(MONDAY))
    assert not Absence.objects.exists()


def test_whoever_comes_back_early_was_away_until_yesterday(cast: Cast) -> None:
    absence = away(cast.technician, MONDAY, THURSDAY)
    absences.end(absence, by=cast.technician, now=at(WEDNESDAY))
    absence.refresh_from_db()
    assert absence.last_on == TUESDAY
    assert cast.technician in User.objects.present(at(WEDNESDAY))


def test_what_is_over_stays_as_it_was(cast: Cast) -> None:
    absence = away(cast.technician, MONDAY, TUESDAY)
    with pytest.raises(ValidationError):
        absences.end(absence, by=cast.admin, now=at(WEDNESDAY))


def test_nobody_ends_the_absence_of_a_colleague(cast: Cast) -> None:
    absence = away(cast.technician, TUESDAY, TUESDAY)
    with pytest.raises(PermissionDenied):
        absences.end(absence, by=cast.other_technician, now=at(MONDAY))


def test_ending_twice_is_no_error(cast: Cast) -> None:
    absence = away(cast.technician, TUESDAY, TUESDAY)
    absences.end(Absence.objects.get(pk=absence.pk), by=cast.admin, now=at(MONDAY))
    absences.end(absence, by=cast.admin, now=at(MONDAY))
    assert not Absence.objects.exists()


def test_every_change_leaves_a_trace(cast: Cast) -> None:
    absences.end(away(cast.technician, TUESDAY, WEDNESDAY), by=cast.admin, now=at(MONDAY))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM accounts_absenceevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]
