"""The clock agrees with a library that knows nothing of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from tests.worktime import differential


def test_no_case_of_5000_differs_from_an_independent_library() -> None:
    compared, differing = differential.compare()

    assert (compared, differing) == (5000, [])


def test_the_comparison_notices_a_single_second_and_a_single_holiday() -> None:
    noticed = 0
    for case in islice(differential.cases(), 300):
        longer = replace(case, cal=replace(case.cal, holidays={**case.cal.holidays, case.start.date(): "Uji"}))
        noticed += bool(longer.differences())

    assert noticed > 50
