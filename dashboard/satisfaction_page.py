"""The page of satisfaction: the office's figures for those who may see them, a technician's own beside or alone."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from dashboard.metrics import FEW
from dashboard.periods import Period, Unit
from dashboard.satisfaction import FEWEST_TOLD, Satisfaction, own
from tickets.actions import database_now

PERIODS: Final[dict[str, str | Promise]] = {
    "12m": _("12 bulan terakhir"), "month": _("Bulan ini"), "last-month": _("Bulan lalu"),
    "quarter": _("Triwulan ini"), "year": _("Tahun ini"),
}  # fmt: skip
#: As many sentences as anybody reads at once.
MOST_SENTENCES: Final = 50


_MONTH: Final = ("%Y-%m", "%Y-%m-%d")


class SpanForm(forms.Form):
    """The period that the address names; any first and last month, of which a day may be named, go before it."""

    period = forms.ChoiceField(choices=list(PERIODS.items()), required=False)
    first = forms.DateField(label=_("Dari bulan"), required=False, input_formats=_MONTH)
    last = forms.DateField(label=_("Sampai bulan"), required=False, input_formats=_MONTH)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if (first is None) != (last is None) and not self.errors:
            raise ValidationError({"last" if first else "first": _("Isi kedua bulannya.")})
        for name, day in (("first", first), ("last", last)):
            if day and not 2000 <= day.year < 2100:
                self.add_error(name, _("Pilih bulan antara tahun 2000 dan 2099."))
        if first and last and first > last:
            self.add_error("last", _("Bulan akhir mendahului bulan awal."))
        return cleaned

    def chosen(self, today: date) -> tuple[str, Period]:
        """The period and its name, "" for any months; what makes no sense gives the usual one."""
        if self.is_valid() and self.cleaned_data["first"]:
            return "", Period(self.cleaned_data["first"], self.cleaned_data["last"]).in_whole_months
        name = self.cleaned_data.get("period") or "12m"
        return name, _period(name, today)


def chips(chosen: str) -> list[dict[str, Any]]:
    """Of the named periods, for components/chips.html."""
    return [
        {"name": name, "label": label, "url": f"?{urlencode({'period': name})}", "active": name == chosen}
        for name, label in PERIODS.items()
    ]


def _period(name: str, today: date) -> Period:
    month = Period.around(today, Unit.MONTH)
    if name == "last-month":
        return month.previous
    if name == "12m":
        return Period(month.first.replace(year=month.first.year - 1), today)
    return Period.around(today, Unit(name))


@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    sees_office, works = viewer.has_perm("tickets.view_figures"), viewer.has_perm("tickets.work_ticket")
    if not (sees_office or works):
        raise PermissionDenied
    now = database_now()
    context: dict[str, Any] = {"works": works, "own": own(viewer, now) if works else None, "fewest": FEWEST_TOLD}
    if sees_office:
        context |= _office(request, timezone.localdate(now))
    return render(request, "dashboard/satisfaction.html", context)


def _office(request: HttpRequest, today: date) -> dict[str, Any]:
    viewer, form = viewer_of(request), SpanForm(request.GET)
    name, period = form.chosen(today)
    period = period.in_whole_months
    figures = Satisfaction(period, today)
    sentences = figures.sentences(viewer)
    return {
        "form": form,
        "chips": [chip for chip in chips(name) if chip["name"] != "month"],  # not told before it is over
        "period": period,
        "figures": figures,
        "whole": figures.whole,
        "sentences": None if sentences is None else sentences[:MOST_SENTENCES],
        "follows_up": viewer.has_perm("tickets.manage_tickets"),
        "few": FEW,
    }
