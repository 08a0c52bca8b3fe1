"""What the address of a dashboard says. Nothing in it can break the page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from dashboard.metrics import Scope
from dashboard.periods import Period
from dashboard.periods import Unit as PeriodUnit
from tickets.models import Category, Priority

_IN_USE = (MinValueValidator(date(2001, 1, 1)), MaxValueValidator(date(2098, 12, 31)))
#: A course has as many rows as the period has months, whether anything happened in them or not.
LONGEST_YEARS: Final = 10
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FiguresForm(forms.Form):
    """`on` is any day of the calendar unit that is asked for, today where it is left out; `since` and `until`, both
    counted, go before it."""

    FILTERS = ("unit", "technician", "priority", "category")

    period = forms.ChoiceField(required=False, choices=PeriodUnit.choices, widget=forms.HiddenInput)
    on = forms.DateField(required=False, validators=_IN_USE, widget=forms.HiddenInput)
    since = forms.DateField(required=False, label=_("Sejak"), validators=_IN_USE, widget=_DATE)
    until = forms.DateField(required=False, label=_("Sampai"), validators=_IN_USE, widget=_DATE)
    unit = forms.TypedChoiceField(required=False, label=_("Unit kerja"), coerce=int, empty_value=None)
    technician = forms.TypedChoiceField(required=False, label=_("Teknisi"), coerce=int, empty_value=None)
    priority = forms.TypedChoiceField(
        required=False,
        label=_("Prioritas"),
        coerce=int,
        empty_value=None,
        choices=[("", _("Semua prioritas")), *Priority.choices],
    )
    category = forms.ChoiceField(
        required=False, label=_("Kategori"), choices=[("", _("Semua kategori")), *Category.choices]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.units_by_pk = {unit.pk: unit for unit in Unit.objects.order_by("code")}
        self.people_by_pk = {person.pk: person for person in self._technicians()}
        self._offer("unit", _("Semua unit"), [(pk, unit.name) for pk, unit in self.units_by_pk.items()])
        self._offer("technician", _("Semua teknisi"), [(pk, str(one)) for pk, one in self.people_by_pk.items()])

    def _technicians(self) -> Any:
        """Those of today, and whom the address names, who may be none any more."""
        able, asked = User.objects.holding("tickets.work_ticket"), str(self.data.get("technician", ""))
        who = Q(pk__in=able.values("pk"))
        if re.fullmatch(r"[0-9]{1,9}", asked):
            who |= Q(pk=int(asked))
        return User.objects.filter(who).order_by("full_name", "pk")

    def _offer(self, name: str, nothing: str | Promise, choices: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *choices]

    def clean(self) -> dict[str, Any] | None:
        found = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _now("Tanggal akhir mendahului tanggal awal."))
        elif since and Period(since, until or self.today).days > LONGEST_YEARS * 366:
            sentence = _now("Pilih paling lama %(years)d tahun.") % {"years": LONGEST_YEARS}
            self.add_error("until" if until else "since", sentence)
        return found

    def chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)

    @property
    def chosen_period(self) -> Period:
        """This month, where the address says nothing or nothing that makes sense."""
        since, until = self.chosen("since"), self.chosen("until")
        if (since or until) and "until" not in self.errors:
            first, last = since or until, until or max(since, self.today)
            return Period(first, last)
        unit = PeriodUnit(self.chosen("period") or PeriodUnit.MONTH)
        unit = PeriodUnit.MONTH if unit == PeriodUnit.CUSTOM else unit
        return Period.around(self.chosen("on") or self.today, unit)

    @property
    def scope(self) -> Scope:
        return Scope(
            self.chosen_period,
            unit=self.units_by_pk.get(self.chosen("unit")),
            technician=self.people_by_pk.get(self.chosen("technician")),
            priority=self.chosen("priority"),
            category=self.chosen("category") or "",
        )

    @property
    def narrowed_words(self) -> list[str]:
        """What narrows the figures."""
        scope = self.scope
        words = [scope.unit and scope.unit.name, scope.technician and str(scope.technician)]
        words.append(_now("prioritas %s") % str(Priority(scope.priority).label).lower() if scope.priority else None)
        words.append(str(Category(scope.category).label) if scope.category else None)
        return [word for word in words if word]

    @property
    def panel(self) -> list[forms.BoundField]:
        return [self[name] for name in ("since", "until", *self.FILTERS)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The period beside the panel; days in the panel count before it."""
        period = self.chosen_period
        if period.unit == PeriodUnit.CUSTOM:
            return []
        return [("period", period.unit.value), ("on", f"{period.first}")]

    @property
    def is_open(self) -> bool:
        return bool(self.errors or self.narrowed_words or self.chosen_period.unit == PeriodUnit.CUSTOM)

    def address(self, period: Period | None = None, unit: str = "", *, narrowed: bool = True) -> str:
        """The query string of this page for another period, the filters kept; `unit`: today's unit of that kind."""
        asked = dict(self.scope.parameters) if narrowed else {}
        if period and period.unit == PeriodUnit.CUSTOM:
            asked |= {"since": f"{period.first}", "until": f"{period.last}"}
        elif period:
            asked |= {"period": period.unit.value, "on": f"{period.first}"}
        else:
            asked |= {"period": unit}
        return f"?{urlencode(asked)}"

    @property
    def units(self) -> list[dict[str, Any]]:
        """The chips that choose the calendar unit around today."""
        names = {
            PeriodUnit.DAY: _("Hari ini"), PeriodUnit.WEEK: _("Minggu ini"), PeriodUnit.MONTH: _("Bulan ini"),
            PeriodUnit.QUARTER: _("Triwulan ini"), PeriodUnit.YEAR: _("Tahun ini"),
        }  # fmt: skip
        shown = self.chosen_period
        return [
            {"label": label, "url": self.address(unit=unit.value), "active": shown == Period.around(self.today, unit)}
            for unit, label in names.items()
        ]
