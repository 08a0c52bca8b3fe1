"""What every page needs to draw: icons, times in the office's words, links of the main navigation.

A template builtin (see `house`): no page loads it. Speaks of no room of the house.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any, Final

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()

THEMES = ("auto", "light", "dark")

_LONG = 100 * 3600


# Icons


@cache
def _sprite() -> str:
    # Asked for hundreds of times a page; the address of the sprite never changes while a process lives.
    return static("icons.svg")


@cache
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        _sprite(),
        name,
    )


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of static/icons.txt. Silent for screen readers unless `label` is given."""
    if not label:
        return _icon(name, css)
    return format_html('{}<span class="visually-hidden">{}</span>', _icon(name, css), label)


# Times


def _local(value: Any) -> datetime | None:
    """In the office's zone: nobody has another one."""
    if not isinstance(value, datetime):
        return None
    return value.astimezone(timezone.get_default_timezone()) if value.tzinfo is not None else value


# Lists are full of them, and of days and minutes there are few: each is worded once for each language.


@lru_cache(maxsize=4096)
def _worded(value: date | time, style: str, language: str | None) -> str:
    return date_format(value, style) if isinstance(value, date) else time_format(value, style)


def _clock(moment: datetime) -> str:
    return _worded(time(moment.hour, moment.minute), "TIME_FORMAT", get_language())


def _day(day: date, style: str) -> str:
    return _worded(date(day.year, day.month, day.day), style, get_language())


@register.filter
def clocktime(value: Any) -> str:
    """08.12 (English: 08:12), in the office's zone."""
    moment = _local(value)
    return _clock(moment) if moment else ""


@register.filter
def day(value: Any) -> str:
    """Sen, 22 Nov 2026."""
    moment = _local(value) or (value if isinstance(value, date) else None)
    return _day(moment, "D, j M Y") if moment else ""


@register.filter
def moment(value: Any) -> str:
    """Sen, 22 Nov 2026 08.12 WIB."""
    local = _local(value)
    return _moment(local.replace(second=0, microsecond=0), get_language()) if local else ""


@lru_cache(maxsize=4096)
def _moment(local: datetime, language: str | None) -> str:
    return f"{_day(local, 'D, j M Y')} {_clock(local)} {local.tzname() or ''}".rstrip()


@register.filter
def shortmoment(value: Any) -> str:
    """As short as a colleague would say it: hari ini 08.12, kemarin 16.02, 22 Nov 08.12, 22 Nov 2025."""
    local = _local(value)
    return _short(local.replace(second=0, microsecond=0), timezone.localdate(), get_language()) if local else ""


@lru_cache(maxsize=4096)
def _short(local: datetime, today: date, language: str | None) -> str:
    if local.date() == today:
        return gettext("hari ini %(time)s") % {"time": _clock(local)}
    if local.date() == today - timedelta(days=1):
        return gettext("kemarin %(time)s") % {"time": _clock(local)}
    if local.date() == today + timedelta(days=1):
        return gettext("besok %(time)s") % {"time": _clock(local)}
    if local.year == today.year:
        return f"{_day(local, 'j M')} {_clock(local)}"
    return _day(local, "j M Y")


@register.simple_tag
def when(value: Any, style: str = "short") -> SafeString | str:
    """The moment as a <time> element; style: short (full moment on hover), full, clock."""
    local = _local(value)
    if local is None:
        return ""
    words = {"short": shortmoment, "full": moment, "clock": clocktime}[style](local)
    return mark_safe(f'<time datetime="{local.isoformat()}" title="{escape(moment(local))}">{escape(words)}</time>')


@register.filter
def span(value: Any) -> str:
    """Seconds (or a timedelta) in words: 1 jam 5 menit; below a minute: kurang dari 1 menit."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if not isinstance(value, int | float):
        return ""
    return _span(int(abs(value)) // 60, get_language())


@lru_cache(maxsize=4096)
def _span(minutes: int, language: str | None) -> str:
    hours, minutes = divmod(minutes, 60)
    words = []
    if hours:
        words.append(ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours})
    if minutes and hours * 3600 < _LONG:
        words.append(ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes})
    return " ".join(words) or gettext("kurang dari 1 menit")


@register.filter
def countdown(left: Any) -> str:
    """Seconds left on a clock in words: sisa 5 menit (begun minutes count), terlambat 12 menit (full minutes)."""
    if not isinstance(left, int | float):
        return ""
    is_late, whole = left < 0, int(abs(left))
    minutes = whole // 60 if is_late or left < 60 else -(-whole // 60)
    return _countdown(minutes, is_late, get_language())


@lru_cache(maxsize=4096)
def _countdown(minutes: int, is_late: bool, language: str | None) -> str:
    words = gettext("terlambat %(span)s") if is_late else gettext("sisa %(span)s")
    return words % {"span": _span(minutes, language)}


@register.simple_tag
def countdown_words() -> dict[str, Any]:
    """The same words for static/js/countdown.js, which ticks what `countdown` has written."""
    return {
        "left": gettext("sisa %(span)s"),
        "late": gettext("terlambat %(span)s"),
        "hours": [ngettext("%(n)s jam", "%(n)s jam", n) for n in (1, 2)],
        "minutes": [ngettext("%(n)s menit", "%(n)s menit", n) for n in (1, 2)],
        "moment": gettext("kurang dari 1 menit"),
    }


@register.filter
def iso(value: Any) -> str:
    """ISO 8601 for attributes; empty for anything but a date or datetime."""
    return value.isoformat() if isinstance(value, date) else ""


# People and links


@register.filter
def initials(name: Any) -> str:
    """At most two letters of a person's name, for the avatar: Siti Rahma, S.ST. → SR."""
    words = [word for word in str(name).split(",")[0].split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.simple_tag(takes_context=True)
def query_with(context: Mapping[str, Any], **changes: Any) -> str:
    """The page's query string with some parameters changed; None or "" takes one out. Begins with "?"."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


#: Where the main navigations lead, besides home, of which everything is a part: what lies deeper first.
_NAVIGATION: Final = (
    "tickets:create", "tickets:list", "network:device-list", "network:subnet-list", "dashboard:sla", "dashboard:sop",
    "accounts:profile",
)  # fmt: skip


@cache
def _nav_urls() -> list[str]:
    return [reverse(name) for name in _NAVIGATION]


@register.simple_tag(takes_context=True)
def nav_path(context: Mapping[str, Any]) -> str:
    """Where the page stands for the main navigation: an address of its, one below it that stands for all, or home's.
    There are few of them, so the navigation is drawn once for each."""
    request = context.get("request")
    path: str = request.path if request else ""
    for url in _nav_urls():
        if path.startswith(url):
            return url if path == url else f"{url}-"
    return path if path == reverse("dashboard:home") else ""


@register.simple_tag(takes_context=True)
def nav_link(
    context: Mapping[str, Any],
    url_name: str,
    icon_name: str,
    label: str,
    css: str = "nav-item",
    exact: bool = False,
    but: str = "",
) -> SafeString | str:
    """A link of the main navigation, marked on its own page and (unless `exact`) on the pages below it: where the
    context has a `nav_at`, as seen from there.

    Not marked on the address `but`, which another link beside it leads to. Nothing where no such URL exists.
    """
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return ""
    request = context.get("request")
    path = context.get("nav_at", request.path if request else "")
    here = "page" if path == url else "true" if path.startswith(url) and not exact and path != but else ""
    current = format_html(' aria-current="{}"', here) if here else ""
    return format_html(
        '<a class="{}" href="{}"{}>{}<span>{}</span></a>', css, url, current, _icon(icon_name, ""), label
    )


@register.filter
def breakable(address: str) -> SafeString:
    """A web address that a narrow column breaks between its parts, not in the middle of a word."""
    parts = re.findall(r"[./]*[^./]+/*|[./]+", address)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def linked(text: str) -> SafeString:
    """`urlize`, with breakable addresses."""
    return mark_safe(
        re.sub(
            r"(?<=>)https?://[^<]*(?=</a>)", lambda found: breakable(unescape(found[0])), urlize(text, autoescape=True)
        )
    )


@register.simple_tag(takes_context=True)
def chosen_theme(context: Mapping[str, Any]) -> str:
    """auto, light or dark: what the person chose, else what this browser remembers."""
    request = context.get("request")
    theme = getattr(getattr(request, "user", None), "theme", "") or ""
    if not theme and request is not None:
        theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else "auto"


_TONES = {"success": "good", "error": "late", "warning": "soon", "info": "blue", "debug": "muted"}
_TONE_ICONS = {"good": "circle-check", "late": "alert-circle", "soon": "alert-triangle", "attention": "hand-stop"}


@register.filter
def tone(level: Any) -> str:
    """Django's message level (success, error …) as one of our tones."""
    return _TONES.get(str(level), "blue")


@register.filter
def tone_icon(name: Any) -> str:
    """The icon that goes with a tone where the page names none."""
    return _TONE_ICONS.get(str(name), "info-circle")


# Fields


@register.filter
def error_words(field: BoundField) -> tuple[str, ...]:
    """What is wrong with a field, as plain texts."""
    return tuple(map(str, field.errors))
