"""Times to the second, where the account must add up for whoever checks it."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def exact(value: Any) -> str:
    """Seconds in words, none left out: 1 jam 5 menit 12 detik; 0 detik."""
    if not isinstance(value, int):
        return ""
    minutes, seconds = divmod(abs(value), 60)
    hours, minutes = divmod(minutes, 60)
    words = []
    if hours:
        words.append(ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours})
    if minutes:
        words.append(ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes})
    if seconds or not words:
        words.append(ngettext("%(n)s detik", "%(n)s detik", seconds) % {"n": seconds})
    return " ".join(words)


@register.filter
def exactclock(value: Any) -> str:
    """08.12 (English: 08:12), with its seconds where they are not 0."""
    local = timezone.localtime(value)
    words = date_format(local, "TIME_FORMAT")
    return f"{words}{words[2]}{local.second:02d}" if local.second else words


@register.filter
def exactend(value: Any) -> str:
    """As `exactclock` for the end of a stretch: midnight is 24.00."""
    words = exactclock(value)
    return f"24{words[2:]}" if words[:2] == "00" and len(words) == len("00.00") and words.endswith("00") else words


@register.filter
def exactmoment(value: Any) -> str:
    """Sen, 12 Okt 2026 08.12.33."""
    return f"{date_format(timezone.localtime(value), 'D, j M Y')} {exactclock(value)}" if value else ""
