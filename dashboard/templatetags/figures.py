"""Numbers, shares and bars of dashboards. Bars stand beside the numbers they draw, so they are hidden from readers."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.definitions import DEFINITIONS
from dashboard.figure_lists import Number
from dashboard.metrics import Share
from dashboard.sla_rows import Bar, Part

register = template.Library()


@register.filter
def grouped(value: Any) -> str:
    """1.234 (English: 1,234)."""
    return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, int) else ""


@register.filter
def minutes(seconds: Any) -> str:
    """Seconds as minutes with one decimal: 8,2; a dash for nothing. Rounded down, so that 10,0 is within 10."""
    return number_format(seconds * 10 // 60 / 10, 1, use_l10n=True) if isinstance(seconds, int) else "–"


@register.filter
def of_step(by_step: Mapping[int, Any], number: int) -> Any:
    """What a mapping by step number holds for one; None where it holds nothing."""
    return by_step.get(number)


@register.filter
def percent(share: Share) -> str:
    return "–" if share.percent is None else f"{share.percent}%"


@register.filter
def points(change: Any) -> str:
    """+3 poin persen, −2 poin persen, tetap."""
    if not isinstance(change, int):
        return ""
    if change == 0:
        return _("tetap")
    words = ngettext("%(sign)s%(n)d poin persen", "%(sign)s%(n)d poin persen", abs(change))
    return words % {"sign": "+" if change > 0 else "−", "n": abs(change)}


@register.simple_tag
def count(number: Number, css: str = "") -> SafeString:
    """The number, as a link to the list of what it counts."""
    words = grouped(number.n)  # of nothing there is no list
    if not number.url:
        return format_html('<span class="count {}">{}</span>', css, words)
    return format_html('<a class="count {}" href="{}" data-count="{}">{}</a>', css, number.url, number.n, words)


@register.inclusion_tag("dashboard/sla/define.html")
def define(name: str) -> dict[str, Any]:
    return {"definition": DEFINITIONS[name], "name": name}


@register.simple_tag
def standard_bar(bar: Bar) -> SafeString:
    """The standard as a band, the stretch from median to 90th percentile as a line on it."""
    drawn = [_rect("standard-band", bar.start, bar.end - bar.start, 3, 10)]
    if bar.median is not None and bar.p90 is not None:
        drawn.append(_rect("standard-spread", bar.median, bar.p90 - bar.median, 7, 2))
        drawn.append(_rect("standard-p90", bar.p90 - 0.4, 0.8, 4, 8))
        drawn.append(_rect("standard-median", bar.median - 0.8, 1.6, 1, 14))
    return _drawing("standard-bar", 16, drawn)


@register.simple_tag
def stacked_bar(parts: list[Part]) -> SafeString:
    return _drawing("spent-bar", 12, [_rect(f"spent-{part.name}", part.start, part.width, 0, 12) for part in parts])


@register.simple_tag
def share_bar(width: float) -> SafeString:
    return _drawing("share-bar", 8, [_rect("share-rest", 0, 100, 0, 8), _rect("share-part", 0, width, 0, 8)])


def _drawing(css: str, height: int, shapes: list[SafeString]) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        css,
        height,
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def _rect(css: str, x: float, width: float, y: int, height: int) -> SafeString:
    """Numbers as SVG reads them, whatever the language's decimal sign."""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', css, f"{x:.4g}", y, f"{max(width, 0):.4g}", height
    )
