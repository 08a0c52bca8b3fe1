"""Working hours in the words people write: 07.30–12.00, 37,5 jam, Senin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from worktime.clock import Window


def clock(at: time) -> str:
    """07.30 (English: 07:30); seconds only where there are any."""
    words = time_format(at, "TIME_FORMAT")
    return f"{words}{words[-3]}{at.second:02}" if at.second else words


def span(start: time, end: time) -> str:
    return f"{clock(start)}–{clock(end)}"


def windows(day: Iterable[Window]) -> str:
    """07.30–12.00, 13.00–16.00; empty without working time."""
    return ", ".join(span(window.start, window.end) for window in day)


def hours(seconds: int) -> str:
    """37,5 jam: hours with at most two decimals."""
    number = round(seconds / 3600, 2)
    text = number_format(f"{number:.2f}".rstrip("0").rstrip("."), use_l10n=True)
    return ngettext("%(n)s jam", "%(n)s jam", 1 if number == 1 else 2) % {"n": text}


def difference(seconds: int) -> str:
    """+3 jam, −2,5 jam, tetap."""
    if not seconds:
        return _("tetap")
    return f"{'+' if seconds > 0 else '−'}{hours(abs(seconds))}"


def weekday(number: int) -> str:
    """Of 0 (Monday) to 6."""
    return str(WEEKDAYS[number])
