"""Calendars that cannot be meant are refused, in a sentence for the person who wrote them."""

from __future__ import annotations

from datetime import UTC, date, time

import pytest

from worktime.clock import Calendar, CalendarError, Profile, Window

MORNING = Window(time(7, 30), time(12))
AFTERNOON = Window(time(13), time(16))


def profile(*windows: Window, name: str = "Normal", first: date | None = None, last: date | None = None) -> Profile:
    return Profile({0: windows}, name, first, last)


@pytest.mark.parametrize(("start", "end"), [(time(12), time(12)), (time(16), time(13)), (time(22), time(6))])
def test_a_window_must_start_before_it_ends(start: time, end: time) -> None:
    with pytest.raises(CalendarError, match="jam mulai harus sebelum jam selesai"):
        Window(start, end)


@pytest.mark.parametrize("edge", [time(7, 30, 0, 1), time(7, 30, tzinfo=UTC)])
def test_a_window_is_local_and_in_whole_seconds(edge: time) -> None:
    with pytest.raises(CalendarError, match="waktu setempat"):
        Window(edge, time(12, tzinfo=edge.tzinfo))


def test_windows_of_a_day_may_not_overlap() -> None:
    with pytest.raises(CalendarError, match=r"Normal, hari ke-1.*11:00"):
        profile(MORNING, Window(time(11), time(13)))


def test_windows_of_a_day_may_touch() -> None:
    assert profile(Window(time(12), time(13)), MORNING).days[0] == (MORNING, Window(time(12), time(13)))


def test_a_profile_must_hold_some_working_time() -> None:
    with pytest.raises(CalendarError, match="Kosong tidak memuat jam kerja"):
        Profile({0: ()}, "Kosong")


def test_a_week_has_seven_days() -> None:
    with pytest.raises(CalendarError, match=r"0 .* 6"):
        Profile({7: (MORNING,)})


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 1), None), (None, date(2026, 3, 1)), (date(2026, 3, 2), date(2026, 3, 1))],
)
def test_a_dated_profile_needs_both_dates_in_order(first: date | None, last: date | None) -> None:
    with pytest.raises(CalendarError, match="tanggal pertama dan terakhir"):
        profile(MORNING, name="Ramadan", first=first, last=last)


def test_dated_profiles_may_not_share_a_day() -> None:
    one = profile(MORNING, name="Ramadan", first=date(2026, 2, 18), last=date(2026, 3, 19))
    other = profile(AFTERNOON, name="Puasa", first=date(2026, 3, 19), last=date(2026, 3, 25))

    with pytest.raises(CalendarError, match="2026-03-19"):
        Calendar("Asia/Jakarta", profile(MORNING), (other, one))


def test_dated_profiles_may_follow_each_other() -> None:
    one = profile(MORNING, name="Satu", first=date(2026, 2, 18), last=date(2026, 3, 18))
    other = profile(AFTERNOON, name="Dua", first=date(2026, 3, 19), last=date(2026, 3, 25))
    cal = Calendar("Asia/Jakarta", profile(MORNING, AFTERNOON), (other, one))

    assert [cal.profile(date(2026, 3, day)).name for day in (17, 18, 19, 25, 26)] == [
        "Satu",
        "Satu",
        "Dua",
        "Dua",
        "Normal",
    ]


def test_the_normal_profile_has_no_dates() -> None:
    with pytest.raises(CalendarError, match="Profil biasa tidak bertanggal"):
        Calendar("Asia/Jakarta", profile(MORNING, first=date(2026, 1, 1), last=date(2026, 1, 2)))


def test_a_profile_that_replaces_the_normal_one_has_dates() -> None:
    with pytest.raises(CalendarError, match="setiap profil khusus bertanggal"):
        Calendar("Asia/Jakarta", profile(MORNING), (profile(MORNING, name="Ramadan"),))


@pytest.mark.parametrize("zone", ["Asia/Bengkulu", "", "/etc/passwd", "../UTC", "Asia"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError, match="Zona waktu"):
        Calendar(zone, profile(MORNING))


def test_an_error_keeps_its_sentence_and_its_values_apart_for_translation() -> None:
    with pytest.raises(CalendarError) as caught:
        Window(time(12), time(8))

    assert caught.value.values == {"start": "12:00", "end": "08:00"}
    assert caught.value.message % caught.value.values == str(caught.value)


def test_a_calendar_cannot_be_changed_through_what_it_was_made_of() -> None:
    holidays = {date(2026, 12, 25): "Hari Raya Natal"}
    cal = Calendar("Asia/Jakarta", profile(MORNING), holidays=holidays)
    holidays.clear()

    assert list(cal.holidays) == [date(2026, 12, 25)]


def test_equal_calendars_have_one_place_among_keys() -> None:
    kept = {Calendar("Asia/Jakarta", profile(MORNING)): "kept"}

    assert kept[Calendar("Asia/Jakarta", profile(MORNING))] == "kept"
    assert Calendar("Asia/Jayapura", profile(MORNING)) not in kept


def test_equal_calendars_are_equal() -> None:
    assert Calendar("Asia/Jakarta", profile(MORNING)) == Calendar("Asia/Jakarta", profile(MORNING))
