"""The parts that a ticket's page repeats, written in Python: a line of its history, a step of its tracker, a run."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache, lru_cache
from html import escape
from typing import Final, NamedTuple

from django import template
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from halocik.templatetags import ui
from halocik.templatetags.clock import clock
from tickets.forms import ActionForm
from tickets.models import StepRun
from tickets.page import LEDGER, TicketPage
from tickets.sla import Verdict
from tickets.templatetags.tickets import verdict_words
from tickets.timeline import Entry
from tickets.tracker import StepState
from tickets.workflow import Step

register = template.Library()

_alike: dict[Hashable, SafeString] = {}

_MARKS: Final = {"done": "check", "back": "arrow-back-up", "stopped": "x"}
_VERDICTS: Final = {Verdict.LATE: ("late", "clock-exclamation"), Verdict.ON_TIME: ("good", "check")}


@register.simple_tag
def timeline_entry(entry: Entry) -> SafeString:
    """One entry of an <ol class="timeline">."""
    internal = text = files = ""
    if entry.internal:
        internal = f'<span class="badge tone-soon">{ui.icon("lock")}{escape(_("Catatan internal"))}</span>'
    if entry.text:
        text = f'<div class="timeline-text">{linebreaksbr(entry.text)}</div>'
    if entry.files:
        files = render_to_string("components/files.html", {"files": entry.files})
    return mark_safe(
        f'<li class="timeline-entry{" timeline-internal" if entry.internal else ""}">'
        f'<span class="timeline-icon tone-{escape(entry.tone)}">{ui.icon(entry.icon, css="icon-sm")}</span>'
        f'<div class="timeline-body"><p class="timeline-line"><b>{escape(entry.who)}</b> {escape(entry.words)}'
        f' <span class="timeline-when">{ui.when(entry.at)}</span></p>{internal}{text}{files}</div></li>'
    )


@register.simple_tag
def tracker_step(step: StepState, page: TicketPage) -> SafeString:
    """One of the six steps: its mark, its name, and its time used, left, or standard."""
    name, state = _step_words(step.step, step.state, get_language())
    mark = ui.icon(_MARKS[step.state], css="icon-sm") if step.state in _MARKS else step.step.value
    here = ' aria-current="step"' if step.state == "current" else ""
    return mark_safe(
        f'<li class="step step-{step.state}"{here}><span class="step-mark">{mark}</span>'
        f'<span class="step-words"><span class="step-title">{name}'
        f'<span class="visually-hidden">, {state}</span></span>'
        f" {_time(step, page)} {_standard(step)}</span></li>"
    )


@cache
def _step_words(step: Step, state: str, language: str | None) -> tuple[str, str]:
    """What the step is called, and how it stands."""
    words = {
        "done": _("selesai"),
        "current": _("sedang berjalan"),
        "back": _("akan diulang"),
        "stopped": _("dihentikan"),
    }.get(state) or _("belum dimulai")
    return escape(str(step.label)), escape(words)


def _time(step: StepState, page: TicketPage) -> str:
    if step.state == "current":
        return _time_now(page)
    run = step.run
    if run is None or not run.ended_at:
        return ""
    return f'{_verdict(run, "step-note")} <span class="step-note">{escape(ui.span(run.net_seconds))}</span>'


def _time_now(page: TicketPage) -> str:
    if page.hold:
        since = page.hold.started_at
        words = _("ditunda sejak %(since)s") % {
            "since": ui.clocktime(since) if page.hold_began_today else ui.shortmoment(since)
        }
        icon = ui.icon("clock-pause", css="icon-sm")
        return f'<span class="step-note text-tone-hold">{icon}<span>{escape(words)}</span></span>'
    return f'<span class="step-note">{clock(page.clock)}</span>' if page.clock else ""


def _standard(step: StepState) -> str:
    words = _standard_words(step.minimum, step.maximum, get_language())
    again = f' · <span class="text-nowrap">{escape(_again(step.attempts))}</span>' if step.attempts > 1 else ""
    return f'<span class="step-note step-standard">{words}{again}</span>'


@lru_cache(maxsize=1024)
def _standard_words(minimum: int, maximum: int, language: str | None) -> str:
    if minimum == maximum:
        return escape(_("standar %(n)s menit") % {"n": maximum})
    return escape(_("standar %(min)s–%(max)s menit") % {"min": minimum, "max": maximum})


def _again(attempt: int) -> str:
    return _("kali ke-%(n)s") % {"n": attempt}


@register.simple_tag
def run_row(run: StepRun, number: str) -> SafeString:
    """One pass through a step of ticket `number`, as a row of its table."""
    words = _run_words(run.step, get_language())
    again = escape(f" ({_again(run.attempt)})") if run.attempt > 1 else ""
    by = f'<span class="row-note">{escape(str(run.ended_by))}</span>' if run.ended_by else ""
    used = escape(ui.span(run.net_seconds)) if run.ended_at else words.running
    held = ui.span(run.held_seconds) if run.held_seconds else "–"
    return mark_safe(
        f'<tr><td><span class="row-title">{words.name}{again}</span> {by}</td>'
        f'<td data-label="{words.begun}">{ui.when(run.started_at)}</td>'
        f'<td data-label="{words.worked}"><span>{used} / {run.maximum} {words.minutes}</span></td>'
        f'<td data-label="{words.held}">{escape(held)}</td>'
        f'<td data-label="{words.result}">{_verdict(run, "verdict") if run.verdict else "–"}</td>'
        f'<td class="no-print"><a class="run-why" href="{LEDGER(number, run.pk)}">{words.reckoning}'
        f'<span class="visually-hidden"> {words.which}{again}</span></a></td></tr>'
    )


class _RunWords(NamedTuple):
    """What the rows of one step's runs have in common, ready to stand in them."""

    name: str
    which: str
    begun: str
    worked: str
    minutes: str
    running: str
    held: str
    result: str
    reckoning: str


@cache
def _run_words(number: int, language: str | None) -> _RunWords:
    name = str(Step(number).label)
    words = [
        f"{number}. {name}", _("langkah %(number)s, %(name)s") % {"number": number, "name": name}, _("Mulai"),
        _("Waktu kerja"), _("menit"), _("berjalan"), _("Ditunda"), _("Hasil"), _("Perhitungan"),
    ]  # fmt: skip
    return _RunWords(*map(escape, words))


@register.simple_tag
def alike_fields(form: ActionForm) -> SafeString:
    """The fields of a form that draws them alike for every ticket: drawn once for each choice of them, and of what
    they begin with. What is hidden the form draws itself."""
    begun = tuple([form.initial.get(name) for name, field in form.fields.items() if not field.widget.is_hidden])
    key = (type(form), tuple(form.fields), begun, get_language())
    if key not in _alike:
        _alike[key] = render_to_string(form.template, {"form": form})
    return _alike[key]


@register.simple_tag
def outcome_mark(outcome: str) -> SafeString:
    """How one line of a test went: a mark for the eye, its word for the ear."""
    return _outcome(outcome, get_language())


@cache
def _outcome(outcome: str, language: str | None) -> SafeString:
    word, tone, icon = {
        "ok": (_("Berhasil"), "good", "check"),
        "failed": (_("Gagal"), "late", "x"),
    }.get(outcome) or (_("Tidak diuji"), "muted", "circle-dashed")
    return mark_safe(f'<span class="verdict text-tone-{tone}">{ui.icon(icon, word, css="icon-sm")}</span>')


def _verdict(run: StepRun, css: str) -> str:
    """Of a run that has ended."""
    verdict = Verdict(run.verdict)
    tone, icon = _VERDICTS.get(verdict, ("muted", ""))
    drawn = ui.icon(icon, css="icon-sm") if icon else ""
    return f'<span class="{css} text-tone-{tone}">{drawn}{escape(verdict_words(verdict))}</span>'
