"""A clock in words that static/js/countdown.js goes on ticking: a template builtin (see `house`)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

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
    return format_html(
        '<span class="clock"><time class="countdown {}" datetime="{}" title="{}"{}>{}'
        "<span data-countdown-text>{}</span></time>{}</span>",
        look, clock.due.isoformat(), ui.moment(clock.due), _ticking(clock), _icons(), ui.countdown(clock.left),
        _resumption(clock),
    )  # fmt: skip


def _ticking(clock: Clock) -> SafeString:
    data = f' data-soon="{clock.soon:d}"' if clock.soon else ""
    if clock.stops:
        data += f' data-stops="{clock.stops.isoformat()}"'
    if not clock.resumes:
        data += f' data-countdown data-now="{clock.now.isoformat()}" data-left="{clock.left:d}"'
    return mark_safe(data)


def _icons() -> SafeString:
    names = (("clock", "fine"), ("hourglass", "soon"), ("clock-exclamation", "late"))
    return mark_safe("".join(ui.icon(name, css=f"countdown-{look}") for name, look in names))


def _resumption(clock: Clock) -> SafeString | str:
    if not clock.resumes:
        return ""
    words = gettext("dilanjutkan %(moment)s") % {"moment": ui.shortmoment(clock.resumes)}
    return format_html(' <span class="countdown-resumes">{}</span>', words)
