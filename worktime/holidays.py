"""Indonesia's holidays as the library `holidays` knows them: a proposal, which an admin corrects and publishes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import holidays

ESTIMATED = "(perkiraan)"  # the library's own word, in its Indonesian names


class Holiday(TypedDict):
    name: str
    kind: str  # "public": a national day, "leave": cuti bersama
    confirmed: bool


def holiday_map(years: Iterable[int]) -> dict[str, Holiday]:
    """ISO date → holiday, ascending, in the shape that worktime.document keeps; a national day wins over leave."""
    found: dict[str, Holiday] = {}
    wanted = list(years)
    for category, kind in (("government", "leave"), ("public", "public")):
        for day, name in holidays.country_holidays("ID", years=wanted, categories=(category,), language="id").items():
            found[day.isoformat()] = {
                "name": name.replace(ESTIMATED, "").strip(),
                "kind": kind,
                "confirmed": ESTIMATED not in name,
            }
    return dict(sorted(found.items()))
