"""The proposal of holidays, as the library knows them."""

from __future__ import annotations

import importlib

from worktime.holidays import holiday_map

SHIPPED = importlib.import_module("worktime.migrations.0002_revision_1").DATA["holidays"]


def test_national_days_and_leave_are_told_apart() -> None:
    found = holiday_map([2026])

    assert found["2026-12-25"] == {"name": "Hari Raya Natal", "kind": "public", "confirmed": True}
    assert found["2026-12-24"] == {"name": "Cuti Bersama Hari Raya Natal", "kind": "leave", "confirmed": True}


def test_an_estimated_day_is_not_confirmed_and_its_name_is_clean() -> None:
    found = holiday_map([2028])

    assert found["2028-02-27"] == {"name": "Hari Raya Idul Fitri", "kind": "public", "confirmed": False}


def test_only_the_years_asked_for_are_proposed_in_order() -> None:
    found = list(holiday_map([2027, 2026]))

    assert {day[:4] for day in found} == {"2026", "2027"}
    assert found == sorted(found)


def test_what_is_shipped_for_past_years_is_what_the_library_says() -> None:
    past = {day: holiday for day, holiday in SHIPPED.items() if day < "2026"}

    assert past == holiday_map([2024, 2025])
