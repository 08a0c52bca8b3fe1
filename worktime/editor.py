"""The edit page: a draft as forms, and the forms as a draft again. Holidays are shown a year at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from worktime.clock import CalendarError
from worktime.draft import Draft, checked, sentence
from worktime.forms import DAYS, DatedForm, DatedForms, HolidayForms, WeekForm
from worktime.holidays import holiday_map


class Editor:
    """Bound when `post` is given: then is_valid() and, of what was typed, `result`."""

    def __init__(self, draft: Draft, year: int, zone: str, post: QueryDict | None = None) -> None:
        self.draft, self.year, self.zone = draft, year, zone
        self.problem = ""  # of the calendar as a whole
        data = draft.data
        self.normal = WeekForm(post, prefix="normal", initial=_week(data["normal"]))
        self.dated = DatedForms(post, prefix="dated", initial=[_dated(profile) for profile in _in_order(data["dated"])])
        rows = [{"day": day, **row} for day, row in data["holidays"].items() if day[:4] == str(year)]
        self.holidays = HolidayForms(post, prefix="holidays", initial=rows)
        self.holidays.year = year  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        valid = [part.is_valid() for part in (self.normal, self.dated, self.holidays)]
        if not all(valid):
            return False
        try:
            checked(self.zone, self.result.data)
        except CalendarError as error:
            self.problem = sentence(error)
        return not self.problem

    @property
    def refused(self) -> bool:
        return bool(self.problem or any(part.is_bound and not part.is_valid() for part in self._parts))

    @property
    def _parts(self) -> list[Any]:
        return [self.normal, self.dated, self.holidays]

    @property
    def result(self) -> Draft:
        """The draft with what was typed in place of what the forms were made from."""
        normal = {"name": self.draft.data["normal"]["name"], "days": self.normal.week()}
        dated = [profile for form in self.dated.forms for profile in _profiles(form)]
        rest = {day: row for day, row in self.draft.data["holidays"].items() if day[:4] != str(self.year)}
        typed = {
            form.cleaned_data["day"].isoformat(): {
                "name": form.cleaned_data["name"],
                "kind": form.cleaned_data["kind"],
                "confirmed": form.cleaned_data["confirmed"],
            }
            for form in self.holidays.forms
            if form.cleaned_data.get("day") and not form.removed
        }
        data = {"normal": normal, "dated": _in_order(dated), "holidays": dict(sorted((rest | typed).items()))}
        return replace(self.draft, data=data)


def with_library(draft: Draft, year: int) -> tuple[Draft, int]:
    """The draft with those of the library's holidays of the year that it lacks, and how many they are."""
    missing = {day: row for day, row in holiday_map([year]).items() if day not in draft.data["holidays"]}
    holidays = dict(sorted((draft.data["holidays"] | missing).items()))
    return replace(draft, data=draft.data | {"holidays": holidays}), len(missing)


def _in_order(profiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Patterns first, then by date."""
    return sorted(profiles, key=lambda profile: profile["first"] or "")


def _week(profile: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(DAYS, profile["days"], strict=True))


def _dated(profile: dict[str, Any]) -> dict[str, Any]:
    dates = {edge: profile[edge] and date.fromisoformat(profile[edge]) for edge in ("first", "last")}
    return {"name": profile["name"], "pattern": profile["first"] is None, **dates, **_week(profile)}


def _profiles(form: DatedForm) -> list[dict[str, Any]]:
    """What a form stands for: nothing, a dated profile, a pattern, or a pattern and a profile made from it."""
    typed = form.cleaned_data
    if not typed.get("name") or form.removed:
        return []
    profile = {"name": typed["name"], "first": None, "last": None, "days": form.week()}
    found = [profile] if typed["pattern"] else []
    if typed["first"]:
        found.append(profile | {edge: typed[edge].isoformat() for edge in ("first", "last")})
    return found


def added_words(number: int, year: int) -> str:
    if not number:
        return _("Pustaka tidak mengenal hari libur %(year)d selain yang sudah ada di daftar.") % {"year": year}
    return _("%(number)d hari libur %(year)d ditambahkan dari pustaka; periksa, lalu lihat akibatnya.") % {
        "number": number,
        "year": year,
    }
