"""A clock in words that static/js/countdown.js goes on ticking: a template builtin (see `house`)."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from html import escape
from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from halocik.templatetags import ui

register = template.Library()


class Clock(Protocol):
    """`left` is negative when late; at `soon` seconds left it turns amber. `stops` is when it pauses next, `resumes`
    when one that stands now goes on."""

    @property
    def due(self) -> datetime: ...
    @property
    def now(self) -> datetime: ...
    @property
    def left(self) -> int: ...
    @property
    def soon(self) -> int: ...
    @property
    def stops(self) -> datetime | None: ...
    @property
    def resumes(self) -> datetime | None: ...


@register.simple_tag
def clock(clock: Clock) -> SafeString:
    """Written in Python, for lists are full of them."""
    look = "is-late" if clock.left < 0 else "is-soon" if clock.soon and clock.left <= clock.soon else "is-fine"
    return mark_safe(
        f'<span class="clock"><time class="countdown {look}" datetime="{clock.due.isoformat()}"'
        f' title="{escape(ui.moment(clock.due))}"{_ticking(clock)}>{_icons()}'
        f"<span data-countdown-text>{escape(ui.countdown(clock.left))}</span></time>{_resumption(clock)}</span>"
    )


def _ticking(clock: Clock) -> str:
    data = f' data-soon="{clock.soon:d}"' if clock.soon else ""
    if clock.stops:
        data += f' data-stops="{clock.stops.isoformat()}"'
    if not clock.resumes:
        data += f' data-countdown data-now="{clock.now.isoformat()}" data-left="{clock.left:d}"'
    return data


@cache
def _icons() -> str:
    names = (("clock", "fine"), ("hourglass", "soon"), ("clock-exclamation", "late"))
    return "".join(ui.icon(name, css=f"countdown-{look}") for name, look in names)


def _resumption(clock: Clock) -> str:
    if not clock.resumes:
        return ""
    return _resumes(ui.shortmoment(clock.resumes), get_language())


@lru_cache(maxsize=256)
def _resumes(moment: str, language: str | None) -> str:
    words = gettext("dilanjutkan %(moment)s") % {"moment": moment}
    return f' <span class="countdown-resumes">{escape(words)}</span>'
