"""Hours as people write them, read and written back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from worktime import words
from worktime.forms import HoursField

FIELD = HoursField(label="Senin")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("07.30–12.00, 13.00–16.00", [["07:30", "12:00"], ["13:00", "16:00"]]),
        ("13:00-16:00; 7:30 - 12:00", [["07:30", "12:00"], ["13:00", "16:00"]]),
        ("8 s.d. 12 dan 13 sampai 15.30", [["08:00", "12:00"], ["13:00", "15:30"]]),
        ("07.30—12.00,", [["07:30", "12:00"]]),
        ("07.30.15–12.00", [["07:30:15", "12:00"]]),
        ("08.00–12.00, 12.00–15.00", [["08:00", "12:00"], ["12:00", "15:00"]]),
        ("00.00–23.59.59", [["00:00", "23:59:59"]]),
        ("  ", []),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, read: list[list[str]]) -> None:
    assert FIELD.clean(written) == read


@pytest.mark.parametrize(
    "written",
    ["pagi", "07.30", "07.30–", "07.30–24.00", "07.60–12.00", "16.00–07.30", "12.00–12.00", "07.30–12.00, 11.59–13.00"],
)
def test_hours_that_cannot_be_meant_are_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        FIELD.clean(written)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_shown_is_read_back_the_same(language: str) -> None:
    windows = [["07:30", "12:00"], ["13:00", "16:00"], ["20:15:07", "21:00"]]

    with translation.override(language):
        shown = FIELD.prepare_value(windows)
        assert FIELD.clean(shown) == windows
        assert not FIELD.has_changed(windows, shown)


def test_what_was_typed_wrong_is_shown_as_it_was_typed() -> None:
    assert FIELD.prepare_value("pagi") == "pagi"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (27_000, "7,5 jam"),
        (3600, "1 jam"),
        (0, "0 jam"),
        (135_000, "37,5 jam"),
        (5700, "1,58 jam"),
        (360_000, "100 jam"),
    ],
)
def test_hours_are_told_in_decimals(seconds: int, said: str) -> None:
    with translation.override("id"):
        assert words.hours(seconds) == said


def test_a_difference_says_its_direction() -> None:
    with translation.override("id"):
        assert [words.difference(seconds) for seconds in (3600, -5400, 0)] == ["+1 jam", "−1,5 jam", "tetap"]
