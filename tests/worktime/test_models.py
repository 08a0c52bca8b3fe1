"""Calendar revisions: only calendars that can be meant get in, and none is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import translation

from accounts import roles
from tests.worktime.model import wib
from worktime.clock import add_working, working_seconds
from worktime.document import calendar_from
from worktime.models import CalendarRevision

pytestmark = pytest.mark.django_db


def publish(data: Any, **fields: Any) -> CalendarRevision:
    revision = CalendarRevision(**{"number": 2, "name": "Uji", "data": data} | fields)
    revision.save()
    return revision


def test_an_installation_starts_with_revision_1() -> None:
    revision = CalendarRevision.objects.current()

    assert (revision.number, revision.zone, revision.published_by) == (1, "Asia/Jakarta", None)


def test_the_shipped_week_has_37_and_a_half_hours() -> None:
    cal = CalendarRevision.objects.current().calendar

    assert working_seconds(cal, wib("2026-11-23 00:00"), wib("2026-11-30 00:00")) == 37.5 * 3600


def test_the_shipped_holidays_do_not_count() -> None:
    cal = CalendarRevision.objects.current().calendar

    assert add_working(cal, wib("2025-12-24 15:55"), 600) == wib("2025-12-29 07:35")


def test_the_shipped_calendar_knows_every_year_from_2024_to_2027() -> None:
    revision = CalendarRevision.objects.current()

    assert {date.fromisoformat(day).year for day in revision.data["holidays"]} == {2024, 2025, 2026, 2027}
    assert revision.unconfirmed()["2027-03-10"] == "Hari Raya Idul Fitri"
    assert not any("perkiraan" in holiday["name"] for holiday in revision.data["holidays"].values())


def test_the_shipped_ramadan_is_a_template_until_it_has_dates(data: dict[str, Any]) -> None:
    assert CalendarRevision.objects.current().calendar.dated == ()

    data["dated"][0] |= {"first": "2027-02-08", "last": "2027-03-09"}
    cal = publish(data).calendar

    assert working_seconds(cal, wib("2027-02-15 00:00"), wib("2027-02-22 00:00")) == 32.5 * 3600


def test_the_newest_revision_is_the_current_one(data: dict[str, Any]) -> None:
    newer = publish(data)

    assert CalendarRevision.objects.current() == newer


def test_a_calendar_is_made_once_per_process() -> None:
    assert CalendarRevision.objects.get(number=1).calendar is CalendarRevision.objects.get(number=1).calendar


def test_a_known_calendar_needs_no_document() -> None:
    CalendarRevision.objects.get(number=1).calendar  # noqa: B018
    light = CalendarRevision.objects.defer("data").get(number=1)

    assert light.calendar.zone == "Asia/Jakarta"
    assert "data" in light.get_deferred_fields()


def test_a_revision_not_saved_yet_can_be_tried_out(data: dict[str, Any]) -> None:
    data["holidays"]["2026-11-23"] = {"name": "Hari uji", "kind": "public", "confirmed": True}
    draft = CalendarRevision(number=2, name="Draf", data=data)

    assert draft.calendar.holidays[date(2026, 11, 23)] == "Hari uji"


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE worktime_calendarrevision SET name = 'lain'",
        "DELETE FROM worktime_calendarrevision",
        "TRUNCATE worktime_calendarrevision CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_revision(act: str) -> None:
    with pytest.raises(InternalError, match=r"(?i)cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)

    assert CalendarRevision.objects.get().name == "Jam kerja dan hari libur 2024–2027"


def test_a_saved_revision_cannot_be_saved_again() -> None:
    revision = CalendarRevision.objects.current()
    revision.name = "Lain"

    with pytest.raises(InternalError), transaction.atomic():
        revision.save(update_fields=["name"])


def test_a_number_is_given_once(data: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(data, number=1)


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_date_of_publication_out_of_range_is_refused(data: dict[str, Any], year: int) -> None:
    with pytest.raises(IntegrityError, match="published_in_range"), transaction.atomic():
        publish(data, published_at=datetime(year, 6, 1, tzinfo=UTC))


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *way, last = path
        place: Any = data
        for step in way:
            place = place[step]
        place[last] = to

    return change


HOLIDAY = {"name": "Uji", "kind": "public", "confirmed": True}
BAD = {
    "no working time": _set("normal", "days", to=[[]] * 7),
    "a window that ends first": _set("normal", "days", 0, to=[["12:00", "07:30"]]),
    "an overlap": _set("normal", "days", 0, to=[["07:30", "12:00"], ["11:00", "13:00"]]),
    "a week of six days": _set("normal", "days", to=[[["07:30", "12:00"]]] * 6),
    "a week that is no list": _set("normal", "days", to=None),
    "a time that is none": _set("normal", "days", 0, to=[["07:30", "25:00"]]),
    "a time that is a number": _set("normal", "days", 0, to=[[730, 1200]]),
    "a window of three times": _set("normal", "days", 0, to=[["07:30", "12:00", "13:00"]]),
    "half a dated profile": _set("dated", 0, "first", to="2027-02-08"),
    "a template that could never be used": _set("dated", 0, "days", to=[[]] * 7),
    "a profile of unknown fields": _set("dated", 0, "colour", to="green"),
    "unknown parts": _set("extra", to=[]),
    "a holiday on no date": _set("holidays", "2026-02-30", to=HOLIDAY),
    "a holiday without a name": _set("holidays", "2026-02-28", to=HOLIDAY | {"name": " "}),
    "a holiday of unknown kind": _set("holidays", "2026-02-28", to=HOLIDAY | {"kind": "maybe"}),
    "a holiday confirmed by a word": _set("holidays", "2026-02-28", to=HOLIDAY | {"confirmed": "yes"}),
    "a holiday that is only a name": _set("holidays", "2026-02-28", to="Uji"),
    "holidays in a list": _set("holidays", to=["2026-02-28"]),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_calendar_that_cannot_be_meant_is_not_saved(
    data: dict[str, Any], change: Callable[[dict[str, Any]], None]
) -> None:
    change(data)

    with pytest.raises(ValidationError) as caught:
        publish(data)

    assert "data" in caught.value.message_dict
    assert CalendarRevision.objects.count() == 1


@pytest.mark.parametrize("document", [None, [], "kalender", 7, {}])
def test_a_document_of_another_shape_is_not_saved(document: object) -> None:
    with pytest.raises(ValidationError):
        publish(document)


def test_an_unknown_zone_is_not_saved(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Asia/Bengkulu"):
        publish(data, zone="Asia/Bengkulu")


def test_the_refusal_says_what_to_mend(data: dict[str, Any]) -> None:
    data["normal"]["days"][4] = [["13:00", "11:00"]]

    with translation.override("id"), pytest.raises(ValidationError) as caught:
        publish(data)

    assert caught.value.message_dict == {
        "data": ["Jam kerja 13:00–11:00 tidak mungkin: jam mulai harus sebelum jam selesai."]
    }


def test_what_is_saved_is_read_back_the_same(data: dict[str, Any]) -> None:
    revision = publish(data)
    revision.refresh_from_db()

    assert revision.calendar == calendar_from("Asia/Jakarta", data)
    assert revision.published_at - datetime.now(UTC) < timedelta(minutes=1)


def test_admins_may_see_and_publish_calendars_and_nobody_may_change_them() -> None:
    held = {
        (group.name, permission.codename)
        for group in Group.objects.all()
        for permission in group.permissions.filter(content_type__app_label="worktime")
    }

    assert held == {(roles.ADMIN, "view_calendarrevision"), (roles.ADMIN, "add_calendarrevision")}
