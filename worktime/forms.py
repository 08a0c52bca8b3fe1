"""What an admin types about the calendar. Hours are written as people write them: 07.30–12.00, 13.00–16.00."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from worktime import words
from worktime.clock import Window
from worktime.models import CalendarRevision

FIRST_YEAR, LAST_YEAR = 2001, 2098
MAX_PROFILES = 24
MAX_HOLIDAYS = 120  # rows of a year
DAYS = [f"day{number}" for number in range(7)]
_PART = r"(\d{1,2})(?:[.:](\d{2}))?(?:[.:](\d{2}))?"
_WINDOW = re.compile(rf"{_PART}\s*(?:-|–|—|s\.?\s?d\.?|sampai|to)\s*{_PART}", re.IGNORECASE)


class HoursField(forms.CharField):
    """A day's windows, read as the document keeps them: [["07:30", "12:00"], …]; [] for a day without work."""

    def __init__(self, *, label: Any) -> None:
        widget = forms.TextInput(attrs={"class": "hours-input", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(label=label, required=False, max_length=200, widget=widget)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(words.span(*(time.fromisoformat(edge) for edge in window)) for window in value)

    def clean(self, value: Any) -> Any:
        windows = [_window(part) for part in re.split(r"[,;\n]|\bdan\b", super().clean(value)) if part.strip()]
        windows.sort(key=lambda window: window.start)
        for earlier, later in pairwise(windows):
            if later.start < earlier.end:
                raise ValidationError(
                    _("Jam kerja %(one)s dan %(other)s bertumpuk."),
                    params={"one": words.windows([earlier]), "other": words.windows([later])},
                )
        return [[_text(window.start), _text(window.end)] for window in windows]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _window(part: str) -> Window:
    match = _WINDOW.fullmatch(part.strip())
    try:
        if not match:
            raise ValueError
        numbers = [int(number or 0) for number in match.groups()]
        start, end = (time(hour, minute, second) for hour, minute, second in (numbers[:3], numbers[3:]))
    except ValueError:
        raise ValidationError(
            _("“%(text)s” bukan jam kerja. Contoh yang benar: 07.30–12.00, 13.00–16.00."),
            params={"text": part.strip()[:50]},
        ) from None
    if start >= end:
        raise ValidationError(
            _("%(span)s tidak mungkin: jam mulai harus sebelum jam selesai."), params={"span": words.span(start, end)}
        )
    return Window(start, end)


def _text(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


class WeekForm(forms.Form):
    """Seven days of hours."""

    day0 = HoursField(label=WEEKDAYS[0])
    day1 = HoursField(label=WEEKDAYS[1])
    day2 = HoursField(label=WEEKDAYS[2])
    day3 = HoursField(label=WEEKDAYS[3])
    day4 = HoursField(label=WEEKDAYS[4])
    day5 = HoursField(label=WEEKDAYS[5])
    day6 = HoursField(label=WEEKDAYS[6])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(day) for day in DAYS) and not any(day in self.errors for day in DAYS) and self.needed():
            self.add_error("day0", _("Isi jam kerja paling sedikit satu hari."))
        return cleaned

    def needed(self) -> bool:
        return True

    def week(self) -> list[Any]:
        return [self.cleaned_data[day] for day in DAYS]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[day] for day in DAYS]


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class DatedForm(WeekForm):
    """A profile that replaces the normal hours on its dates; without dates, a pattern to be used again every year."""

    name = forms.CharField(label=_("Nama"), max_length=60, required=False)
    first = date_field(_("Mulai tanggal"), required=False)
    last = date_field(_("Sampai tanggal"), required=False)
    pattern = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def needed(self) -> bool:
        return not self.removed and self.has_changed()

    @property
    def removed(self) -> bool:
        return bool(self.cleaned_data.get("DELETE"))

    @property
    def is_pattern(self) -> bool:
        return bool(self["pattern"].value() in (True, "True", "true", "on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.removed or not self.has_changed():
            return cleaned
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Beri nama, misalnya Ramadan."))
        for field in ("first", "last"):
            value = cleaned.get(field)
            if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
                self.add_error(field, _("Pilih tanggal antara tahun 2001 dan 2098."))
        self._check_order(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get("first"), cleaned.get("last")
        wanted = not cleaned.get("pattern") or bool(first or last)
        if wanted and not first and "first" not in self.errors:
            self.add_error("first", _("Isi tanggal pertama profil ini berlaku."))
        if wanted and not last and "last" not in self.errors:
            self.add_error("last", _("Isi tanggal terakhir profil ini berlaku."))
        if first and last and last < first:
            self.add_error("last", _("Tanggal terakhir tidak boleh sebelum tanggal pertama."))


class DatedFormSet(forms.BaseFormSet[DatedForm]):
    def clean(self) -> None:
        """Two profiles on one day are told at the later one's first date."""
        placed = [
            form
            for form in self.forms
            if form.is_valid() and not form.removed and form.cleaned_data.get("first") and form.cleaned_data.get("last")
        ]
        placed.sort(key=lambda form: (form.cleaned_data["first"], form.cleaned_data["last"]))
        for earlier, later in pairwise(placed):
            if later.cleaned_data["first"] <= earlier.cleaned_data["last"]:
                later.add_error("first", _("Tanggalnya bertumpuk dengan profil lain. Setiap hari hanya satu profil."))
                raise ValidationError(_("Ada profil yang tanggalnya bertumpuk."))


class HolidayForm(forms.Form):
    day = date_field(_("Tanggal"))
    name = forms.CharField(label=_("Nama"), max_length=100)
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=[("public", _("Libur nasional")), ("leave", _("Cuti bersama"))], initial="public"
    )
    confirmed = forms.BooleanField(label=_("Pasti"), required=False, initial=True)

    @property
    def removed(self) -> bool:
        return bool(self.cleaned_data.get("DELETE"))


class HolidayFormSet(forms.BaseFormSet[HolidayForm]):
    year: int

    def clean(self) -> None:
        seen: set[date] = set()
        wrong = False
        for form in self.forms:
            day = form.cleaned_data.get("day") if form.is_valid() and not form.removed else None
            if day and day.year != self.year:
                form.add_error("day", format_lazy(_("Tanggal ini bukan tahun {year}."), year=self.year))
            elif day in seen:
                form.add_error("day", _("Tanggal ini sudah ada di daftar."))
            wrong = wrong or "day" in form.errors
            if day:
                seen.add(day)
        if wrong:
            raise ValidationError(_("Ada tanggal libur yang perlu diperbaiki."))


DatedForms = forms.formset_factory(DatedForm, DatedFormSet, extra=1, can_delete=True, max_num=MAX_PROFILES)
HolidayForms = forms.formset_factory(HolidayForm, HolidayFormSet, extra=3, can_delete=True, max_num=MAX_HOLIDAYS)


class YearForm(forms.Form):
    """Which year's holidays stand in the form, and which are wanted next."""

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.HiddenInput)
    go_year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)


class PublishForm(forms.Form):
    name = forms.CharField(
        label=_("Nama revisi dan alasannya"),
        max_length=200,
        help_text=_("Misalnya: Jam kerja Ramadan 1448 H dan hari libur 2027 (SKB 3 Menteri)."),
    )


class MonthForm(forms.Form):
    """The page's address. What is invalid is as good as absent."""

    year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    month = forms.TypedChoiceField(label=_("Bulan"), choices=list(MONTHS.items()), coerce=int, required=False)
    revision = forms.ModelChoiceField(
        CalendarRevision.objects.all(), to_field_name="number", required=False, widget=forms.HiddenInput
    )

    def chosen(self, today: date) -> date:
        """The first of the month."""
        self.is_valid()
        chosen = self.cleaned_data
        return date(chosen.get("year") or today.year, chosen.get("month") or today.month, 1)
