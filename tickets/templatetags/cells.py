"""The cells of the ticket list, drawn in Python: a page of it has more than a hundred, a template node for each part
of each would take longer than all the rest of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from html import escape
from typing import Final, Protocol

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from halocik.templatetags import ui
from halocik.templatetags.clock import clock as clock_html
from tickets.columns import Column
from tickets.lines import Line
from tickets.sla import Verdict
from tickets.templatetags import tickets as words
from tickets.tracker import Clock
from tickets.workflow import STEP_OF, Status

register = template.Library()


class Timed(Protocol):
    """Whose time is told: `clock` is None on hold and once closed."""

    @property
    def clock(self) -> Clock | None: ...
    @property
    def held_since(self) -> datetime | None: ...
    @property
    def held_today(self) -> bool: ...
    @property
    def hold_reason(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def closed_at(self) -> datetime | None: ...


@register.simple_tag
def ticket_lines(lines: Iterable[Line], columns: Iterable[Column], can_be_picked: bool) -> SafeString:
    """The rows of the table, each with a box to pick it where it can be picked."""
    cells = [CELLS[column.name] for column in columns]
    pick = escape(_("Pilih %(number)s")) if can_be_picked else ""
    return mark_safe("".join([_row(line, cells, pick) for line in lines]))


def _row(line: Line, cells: list[Callable[[Line], str]], pick: str) -> str:
    late = ' class="row-late"' if line.clock is not None and line.clock.is_late else ""
    box = _box(line, pick) if pick else ""
    return f'<tr id="row-{line.pk}"{late}>{box}{"".join([cell(line) for cell in cells])}</tr>'


def _box(line: Line, pick: str) -> str:
    return (
        f'<td class="cell-pick"><label><span class="visually-hidden">{pick % {"number": line.number}}</span>'
        f'<input class="form-check-input" id="pick-{line.pk}" type="checkbox" name="ticket" value="{line.picked}"'
        ' form="bulk" data-pick></label></td>'
    )


def _title(line: Line) -> str:
    return (
        f'<td class="cell-title"><a class="row-title row-link" href="{_list_url()}{line.number}/">'
        f'{escape(line.title)}</a><span class="row-note row-facts"><span>{line.number}</span>'
        f"<span>{escape(words.category_words(line.category))}</span>"
        f"<span>{ui.shortmoment(line.submitted_at)}</span></span></td>"
    )


@cache
def _list_url() -> str:
    return reverse("tickets:list")


def _requester(line: Line) -> str:
    return _person("user", line.requester, _note(line.unit))


def _place(line: Line) -> str:
    return _person("map-pin", line.room, _note(line.contact))


def _technician(line: Line) -> str:
    if not line.technician:
        return '<td class="cell-nobody"><span class="nothing">–</span></td>'
    return _person("tool", line.technician, _priority(line.priority, get_language()) if line.priority else "")


def _person(icon: str, name: str, note: str) -> str:
    drawn = ui.icon(icon, css="icon-sm cell-icon")
    return f'<td class="cell-person">{drawn}<span class="cell-name">{escape(name)}{note}</span></td>'


def _note(text: str) -> str:
    return f'<span class="row-note">{escape(text)}</span>'


def _status(line: Line) -> str:
    return _status_cell(line.status, line.waits_for_viewer, get_language())


@cache
def _status_cell(status: str, waits: bool, language: str | None) -> str:
    step = STEP_OF.get(Status(status))
    facts = {"status": status, "step": step.value if step else None, "waits": waits}
    return f'<td class="cell-status">{render_to_string("tickets/lists/status.html", facts)}</td>'


@cache
def _priority(priority: int, language: str | None) -> str:
    return render_to_string("tickets/lists/priority.html", {"priority": priority})


def _closed(line: Line) -> str:
    if line.closed_at is None:
        return '<td class="cell-closed"><span class="nothing">–</span></td>'
    worked = "" if line.net_seconds is None else _note(_("%(time)s kerja") % {"time": ui.span(line.net_seconds)})
    return f'<td class="cell-closed">{ui.shortmoment(line.closed_at)}{worked}</td>'


def _time(line: Line) -> str:
    return f'<td class="cell-time">{ticket_time(line)}</td>'


@register.simple_tag
def ticket_time(ticket: Timed) -> SafeString:
    """A ticket's time in words: its clock, since when and why it stands, or how it ended."""
    if ticket.clock is not None:
        return clock_html(ticket.clock)
    if ticket.held_since is not None:
        return mark_safe(_hold(ticket.held_since, ticket.held_today, ticket.hold_reason))
    verdict = _verdict(ticket.verdict, get_language()) if ticket.status == Status.DONE else ""
    return mark_safe(f"{verdict}{_note(ui.shortmoment(ticket.closed_at))}")


def _hold(since: datetime, today: bool, reason: str) -> str:
    moment = ui.clocktime(since) if today else ui.shortmoment(since)
    told = escape(_("ditunda sejak %(time)s") % {"time": moment})
    return f'<span class="held">{ui.icon("clock-pause", css="icon-sm")}{told}</span> {_note(reason)}'


@cache
def _verdict(verdict: str, language: str | None) -> str:
    tone, icon = ("late", "clock-exclamation") if verdict == Verdict.LATE else ("good", "circle-check")
    told = f"{ui.icon(icon, css='icon-sm')}{escape(words.verdict_words(verdict))}"
    return f'<span class="text-tone-{tone} time-verdict">{told}</span> '


#: By the name of the column.
CELLS: Final[dict[str, Callable[[Line], str]]] = {
    "title": _title,
    "requester": _requester,
    "place": _place,
    "status": _status,
    "time": _time,
    "closed": _closed,
    "technician": _technician,
}
