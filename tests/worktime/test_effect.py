"""What a draft would change, computed before anybody is asked to agree."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from tests.worktime.model import office, wib
from worktime.clock import Calendar, Profile, Window, working_seconds
from worktime.effect import Effect

OFFICE = office()
TODAY = date(2026, 11, 22)


def changed(holidays: dict[date, str] | None = None, dated: tuple[Profile, ...] = OFFICE.dated) -> Calendar:
    return Calendar("Asia/Jakarta", OFFICE.normal, dated, {**OFFICE.holidays, **(holidays or {})})


def test_the_same_calendar_has_no_effect() -> None:
    effect = Effect(OFFICE, changed(), TODAY)

    assert (effect.days, effect.months, effect.samples) == ([], [], [])


def test_a_new_holiday_changes_its_day_its_month_and_what_would_have_been_due_on_it() -> None:
    effect = Effect(OFFICE, changed({date(2026, 12, 1): "Hari uji"}), TODAY)

    (change,) = effect.days
    assert change.days == (date(2026, 12, 1),)
    assert (change.before.holiday, change.after.holiday, change.after.windows) == ("", "Hari uji", ())
    (month,) = effect.months
    assert (month.first, month.before - month.after) == (date(2026, 12, 1), 7.5 * 3600)
    (sample,) = effect.samples
    assert sample.start == wib("2026-11-30 15:30")
    assert (sample.before, sample.after) == (wib("2026-12-01 08:00"), wib("2026-12-02 08:00"))


def test_a_holiday_on_a_sunday_changes_a_name_and_no_hours() -> None:
    effect = Effect(OFFICE, changed({date(2026, 12, 6): "Hari uji"}), TODAY)

    assert [change.after.holiday for change in effect.days] == ["Hari uji"]
    assert (effect.months, effect.samples) == ([], [])


def test_days_that_change_alike_are_told_together() -> None:
    ramadan = Profile(OFFICE.dated[0].days, "Ramadan", date(2027, 2, 8), date(2027, 3, 9))
    effect = Effect(OFFICE, changed(dated=(*OFFICE.dated, ramadan)), TODAY)

    assert [(len(change.days), change.after.profile) for change in effect.days] == [(18, "Ramadan"), (4, "Ramadan")]
    weekdays, fridays = effect.days
    assert weekdays.listed == ()
    assert fridays.listed == tuple(date(2027, 2, 12) + timedelta(weeks=number) for number in range(4))
    with translation.override("id"):
        assert weekdays.weekdays == "Senin, Selasa, Rabu, Kamis"
        assert effect.total == "−22 jam"


def test_what_has_passed_does_not_change_any_more() -> None:
    effect = Effect(OFFICE, changed({date(2026, 11, 20): "Kemarin dulu"}), TODAY)

    assert effect.days == []


def test_it_looks_to_the_end_of_next_year_or_of_the_last_year_named() -> None:
    assert Effect(OFFICE, changed(), TODAY).until == date(2027, 12, 31)
    assert Effect(OFFICE, changed({date(2029, 1, 1): "Jauh"}), TODAY).until == date(2029, 12, 31)


def test_days_that_start_later_show_it_where_work_begins() -> None:
    late = Window(time(9), time(12))
    normal = Profile({**OFFICE.normal.days, 0: (late, Window(time(13), time(16)))}, "Normal")
    effect = Effect(OFFICE, Calendar("Asia/Jakarta", normal, OFFICE.dated, OFFICE.holidays), TODAY)

    first = effect.samples[0]
    assert first.before < first.after
    for cal, due in ((effect.before, first.before), (effect.after, first.after)):
        assert working_seconds(cal, first.start, due) == 3600


@pytest.mark.parametrize("language", ["id", "en"])
def test_months_are_told_in_words(language: str) -> None:
    effect = Effect(OFFICE, changed({date(2026, 12, 1): "Hari uji"}), TODAY)

    with translation.override(language):
        assert (
            effect.months[0].words
            == {
                "id": ("157,5 jam", "150 jam", "−7,5 jam"),
                "en": ("157.5 hours", "150 hours", "−7.5 hours"),
            }[language]
        )
