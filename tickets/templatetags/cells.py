"""The cells of the ticket list, drawn in Python: a page of it has more than a hundred, a template node for each part
of each would take longer than all the rest of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Final, Protocol

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from halocik.templatetags import ui
from halocik.templatetags.clock import clock as clock_html
from tickets.columns import Column
from tickets.lines import Line
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
    pick = _("Pilih %(number)s") if can_be_picked else ""
    return mark_safe("".join([_row(line, cells, pick) for line in lines]))


def _row(line: Line, cells: list[Callable[[Line], SafeString]], pick: str) -> SafeString:
    return format_html(
        '<tr id="row-{}"{}>{}{}</tr>',
        line.pk,
        mark_safe(' class="row-late"') if line.clock is not None and line.clock.is_late else "",
        _box(line, pick) if pick else "",
        mark_safe("".join([cell(line) for cell in cells])),
    )


def _box(line: Line, pick: str) -> SafeString:
    return format_html(
        '<td class="cell-pick"><label><span class="visually-hidden">{}</span><input class="form-check-input"'
        ' id="pick-{}" type="checkbox" name="ticket" value="{}" form="bulk" data-pick></label></td>',
        pick % {"number": line.number}, line.pk, line.picked,
    )  # fmt: skip


def _title(line: Line) -> SafeString:
    return format_html(
        '<td class="cell-title"><a class="row-title row-link" href="{}{}/">{}</a><span class="row-note row-facts">'
        "<span>{}</span> <span>{}</span> <span>{}</span></span></td>",
        reverse("tickets:list"), line.number, line.title,
        line.number, words.category_words(line.category), ui.shortmoment(line.submitted_at),
    )  # fmt: skip


def _requester(line: Line) -> SafeString:
    return _person("user", line.requester, _note(line.unit))


def _place(line: Line) -> SafeString:
    return _person("map-pin", line.room, _note(line.contact))


def _technician(line: Line) -> SafeString:
    if not line.technician:
        return mark_safe('<td class="cell-nobody"><span class="nothing">–</span></td>')
    return _person("tool", line.technician, _priority(line.priority, get_language()) if line.priority else "")


def _person(icon: str, name: str, note: SafeString | str) -> SafeString:
    return format_html(
        '<td class="cell-person">{}<span class="cell-name">{}{}</span></td>',
        ui.icon(icon, css="icon-sm cell-icon"), name, note,
    )  # fmt: skip


def _note(text: str) -> SafeString:
    return format_html('<span class="row-note">{}</span>', text)


def _status(line: Line) -> SafeString:
    return _status_cell(line.status, line.waits_for_viewer, get_language())


@cache
def _status_cell(status: str, waits: bool, language: str | None) -> SafeString:
    step = STEP_OF.get(Status(status))
    facts = {"status": status, "step": step.value if step else None, "waits": waits}
    return format_html('<td class="cell-status">{}</td>', render_to_string("tickets/lists/status.html", facts))


@cache
def _priority(priority: int, language: str | None) -> SafeString:
    return render_to_string("tickets/lists/priority.html", {"priority": priority})


def _closed(line: Line) -> SafeString:
    if line.closed_at is None:
        return mark_safe('<td class="cell-closed"><span class="nothing">–</span></td>')
    worked = "" if line.net_seconds is None else _note(_("%(time)s kerja") % {"time": ui.span(line.net_seconds)})
    return format_html('<td class="cell-closed">{}{}</td>', ui.shortmoment(line.closed_at), worked)


def _time(line: Line) -> SafeString:
    return format_html('<td class="cell-time">{}</td>', ticket_time(line))


@register.simple_tag
def ticket_time(ticket: Timed) -> SafeString:
    """A ticket's time in words: its clock, since when and why it stands, or how it ended."""
    if ticket.clock is not None:
        return clock_html(ticket.clock)
    if ticket.held_since is not None:
        return _hold(ticket.held_since, ticket.held_today, ticket.hold_reason)
    verdict = _verdict(ticket.verdict, get_language()) if ticket.status == Status.DONE else ""
    return format_html('{}<span class="row-note">{}</span>', verdict, ui.shortmoment(ticket.closed_at))


def _hold(since: datetime, today: bool, reason: str) -> SafeString:
    moment = ui.clocktime(since) if today else ui.shortmoment(since)
    return format_html(
        '<span class="held">{}{}</span> <span class="row-note">{}</span>',
        ui.icon("clock-pause", css="icon-sm"), _("ditunda sejak %(time)s") % {"time": moment}, reason,
    )  # fmt: skip


@cache
def _verdict(verdict: str, language: str | None) -> SafeString:
    tone, icon = ("late", "clock-exclamation") if verdict == "late" else ("good", "circle-check")
    return format_html(
        '<span class="text-tone-{} time-verdict">{}{}</span> ',
        tone, ui.icon(icon, css="icon-sm"), words.verdict_words(verdict),
    )  # fmt: skip


#: By the name of the column.
CELLS: Final[dict[str, Callable[[Line], SafeString]]] = {
    "title": _title,
    "requester": _requester,
    "place": _place,
    "status": _status,
    "time": _time,
    "closed": _closed,
    "technician": _technician,
}
