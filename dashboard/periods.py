"""The stretches of days that figures are asked for: calendar units of the office, or any first and last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_DAY: Final = timedelta(days=1)


class Unit(TextChoices):
    DAY = "day", _("Hari")
    WEEK = "week", _("Minggu")
    MONTH = "month", _("Bulan")
    QUARTER = "quarter", _("Triwulan")
    YEAR = "year", pgettext_lazy("satuan waktu", "Tahun")
    CUSTOM = "custom", _("Tanggal lain")


@dataclass(frozen=True)
class Period:
    """From the first day to the last one, both counted, from midnight to midnight in the office's zone."""

    first: date
    last: date
    unit: Unit = Unit.CUSTOM

    @classmethod
    def around(cls, day: date, unit: Unit) -> Period:
        """The calendar unit that `day` lies in; weeks begin on Monday."""
        if unit in (Unit.DAY, Unit.CUSTOM):
            return cls(day, day, Unit.DAY)
        if unit == Unit.WEEK:
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6), unit)
        months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        following = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
        return cls(first, following - _DAY, unit)

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + _DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Period:
        """The calendar unit before, or as many days before."""
        if self.unit == Unit.CUSTOM:
            return Period(self.first - self.days * _DAY, self.first - _DAY)
        return Period.around(self.first - _DAY, self.unit)

    @property
    def following(self) -> Period:
        if self.unit == Unit.CUSTOM:
            return Period(self.last + _DAY, self.last + self.days * _DAY)
        return Period.around(self.last + _DAY, self.unit)

    @property
    def in_whole_months(self) -> Period:
        """The same, from the first day of its first month to the last day of its last one."""
        if self.unit in (Unit.MONTH, Unit.QUARTER, Unit.YEAR):
            return self
        first, last = Period.around(self.first, Unit.MONTH), Period.around(self.last, Unit.MONTH)
        return first if first == last else Period(first.first, last.last)

    @property
    def words(self) -> str:
        """ "Oktober 2026", "triwulan IV 2026", "2–8 Nov 2026" …"""
        match self.unit:
            case Unit.MONTH:
                return date_format(self.first, "F Y")
            case Unit.QUARTER:
                number = ("I", "II", "III", "IV")[(self.first.month - 1) // 3]
                return _now("triwulan %(number)s %(year)d") % {"number": number, "year": self.first.year}
            case Unit.YEAR:
                return _now("tahun %(year)d") % {"year": self.first.year}
        if self.first == self.last:
            return date_format(self.first, "j F Y")
        return f"{date_format(self.first, 'j M Y')} – {date_format(self.last, 'j M Y')}"

    @property
    def short_words(self) -> str:
        """For the axis of a chart: "Okt 2026", or the first day, "2 Nov"."""
        return date_format(self.first, "M Y" if self.unit == Unit.MONTH else "j M")

    @property
    def bucket(self) -> Unit:
        """Into what its course is divided."""
        return Unit.DAY if self.days <= 14 else Unit.WEEK if self.days <= 100 else Unit.MONTH

    @property
    def buckets(self) -> list[Period]:
        """Its course, in order; the first and the last are cut to what lies within."""
        return self._cut(self.bucket)

    @property
    def months(self) -> list[Period]:
        """The same by months."""
        return self._cut(Unit.MONTH)

    def _cut(self, unit: Unit) -> list[Period]:
        found, day = [], self.first
        while day <= self.last:
            whole = Period.around(day, unit)
            last = min(whole.last, self.last)
            found.append(Period(day, last, whole.unit if (day, last) == (whole.first, whole.last) else Unit.CUSTOM))
            day = last + _DAY
        return found


def midnight(day: date) -> datetime:
    """At which `day` begins, in the office's zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # made aware here
