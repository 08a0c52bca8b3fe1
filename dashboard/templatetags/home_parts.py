"""The parts that a home repeats for each of its tickets, written in Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from halocik.templatetags import ui
from halocik.templatetags.clock import clock
from tickets.loads import Load
from tickets.rows import Row
from tickets.templatetags.tickets import category_words

register = template.Library()

_MARKS: Final = {"done": "check", "back": "arrow-back-up", "stopped": "x"}


@register.simple_tag
def facts_line(row: Row, contact: bool) -> SafeString:
    """A ticket's facts in one line; `contact`: room and telephone instead of the unit and when it was submitted."""
    ticket = row.ticket
    place = _reach(row) if contact else _origin(row)
    return mark_safe(
        f'<div class="home-item-facts"><span class="num">{escape(ticket.number)}</span>'
        f" <span>{escape(category_words(ticket.category))}</span>"
        f" <span>{_small('user')}{escape(str(ticket.requester))}</span> {place}</div>"
    )


def _small(icon: str) -> SafeString:
    return ui.icon(icon, css="icon-sm")


def _reach(row: Row) -> str:
    ticket, told = row.ticket, f"{_small('phone')}{escape(row.ticket.contact)}"
    phone = f'<a href="tel:{escape(row.phone)}">{told}</a>' if row.phone else f"<span>{told}</span>"
    return f"<span>{_small('map-pin')}{escape(ticket.room)}, {escape(ticket.unit.name)}</span> {phone}"


def _origin(row: Row) -> str:
    submitted = f"{_('diajukan')} {ui.shortmoment(row.ticket.submitted_at)}"
    return f"<span>{_small('building')}{escape(row.ticket.unit.name)}</span> <span>{escape(submitted)}</span>"


@register.simple_tag
def load_rows(loads: Iterable[Load]) -> SafeString:
    """Technicians with their load, in their order: a province has a hundred, and most are as they were a minute ago."""
    language = get_language()
    return mark_safe("".join([_load_row(load, language) for load in loads]))


@lru_cache(maxsize=4096)
def _load_row(load: Load, language: str | None) -> str:
    facts = {
        "name": load.name, "pk": load.pk, "open": load.open, "held": load.held, "minutes": load.minutes,
        "until": load.away_until, "reason": load.away_reason,
    }  # fmt: skip
    return render_to_string("dashboard/partials/load.html", facts)


@register.simple_tag
def stepper(steps: list[dict[str, Any]], label: str) -> SafeString:
    """Steps of a way, in a row; on phones a compact bar with the current step's name. Each has number, title, state
    (done, current, waiting, back, stopped), and perhaps a clock, or a note with its tone."""
    drawn = " ".join([_step(step) for step in steps])
    return mark_safe(f'<div class="stepper"><ol class="stepper-steps" aria-label="{escape(label)}">{drawn}</ol></div>')


def _step(step: dict[str, Any]) -> str:
    state = step["state"]
    mark = _small(_MARKS[state]) if state in _MARKS else escape(str(step["number"]))
    here = ' aria-current="step"' if state == "current" else ""
    return (
        f'<li class="step step-{escape(state)}"{here}><span class="step-mark">{mark}</span> <span class="step-words">'
        f'<span class="step-title">{escape(str(step["title"]))}'
        f'<span class="visually-hidden">, {_said(state, get_language())}</span></span> {_note(step)}</span></li>'
    )


@cache
def _said(state: str, language: str | None) -> str:
    words = {
        "done": _("selesai"),
        "current": _("sedang berjalan"),
        "back": _("diulang"),
        "stopped": _("dihentikan"),
    }.get(state) or _("belum")
    return escape(words)


def _note(step: dict[str, Any]) -> str:
    if step.get("clock"):
        return f'<span class="step-note">{clock(step["clock"])}</span>'
    if not step.get("note"):
        return ""
    tone = f" text-tone-{escape(step['tone'])}" if step.get("tone") else ""
    return f'<span class="step-note{tone}">{escape(str(step["note"]))}</span>'
