"""A ticket's status and priority: icon, word and tone together, the same on every page."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.models import Device
from tickets.bell import bell_of
from tickets.models import Category, Priority, Ticket
from tickets.page import TicketPage, load
from tickets.sla import Verdict
from tickets.workflow import Status, Step

register = template.Library()

# status → tone, icon
LOOKS: Final = {
    Status.SUBMITTED: ("blue", "inbox"),
    Status.ASSIGNED: ("blue", "user-check"),
    Status.IDENTIFYING: ("blue", "clipboard-list"),
    Status.WORKING: ("blue", "tool"),
    Status.TESTING: ("blue", "plug-connected"),
    Status.FINISHING: ("blue", "list-check"),
    Status.DONE: ("good", "circle-check"),
    Status.REJECTED: ("muted", "circle-x"),
    Status.CANCELLED: ("muted", "ban"),
}

FACES: Final = {1: "mood-sad", 2: "mood-confused", 3: "mood-smile", 4: "mood-happy"}


@cache
def _badge(tone: str, icon: str, word: str) -> SafeString:
    return render_to_string("components/badge.html", {"tone": tone, "icon": icon, "word": word})


@register.simple_tag
def status_badge(status: str, needs_you: bool = False) -> SafeString:
    """The status as a badge, orange where it waits for the viewer; "Ditunda" does not replace it, see `hold_badge`."""
    tone, icon = LOOKS[Status(status)]
    return _badge("attention" if needs_you else tone, icon, str(Status(status).label))


@register.simple_tag
def hold_badge() -> SafeString:
    return _badge("hold", "clock-pause", _("Ditunda"))


@register.simple_tag
def priority_badge(ticket: Ticket) -> SafeString:
    """The priority as a badge; for tickets that have one."""
    priority = Priority(ticket.priority or Priority.NORMAL)
    return _badge("blue" if priority == Priority.URGENT else "muted", "flag", priority_words(priority))


@register.filter
def priority_words(priority: int) -> str:
    return _("Prioritas %s") % str(Priority(priority).label).lower()


@cache
def _label(choices: type[Category | Verdict], value: str, language: str | None) -> str:
    return str(choices(value).label)


def category_words(category: str) -> str:
    return _label(Category, category, get_language())


def verdict_words(verdict: str) -> str:
    return _label(Verdict, verdict, get_language())


@register.filter
def category(ticket: Ticket) -> str:
    """The category's name; Django's own `get_category_display` words all of them first."""
    return category_words(ticket.category)


@register.filter
def marks(step: int) -> list[str]:
    """The six steps as done, current or waiting, for the smallest tracker of a ticket in this one."""
    return ["done" if number < step else "current" if number == step else "waiting" for number in Step]


@register.filter
def face(score: int | str) -> str:
    """The icon of a grade of service, 1 to 4; its word stands beside it."""
    return FACES[int(score)]


@register.inclusion_tag("tickets/notices/bell.html", takes_context=True)
def notice_bell(context: Mapping[str, Any]) -> dict[str, Any]:
    """The bell in the bar at the top, for the signed-in person; a view that has read it gives it as `bell`."""
    bell = context.get("bell") or bell_of(context["request"].user)
    return {"bell": bell, "request": context["request"]}


@register.simple_tag(takes_context=True)
def ticket_page(context: Mapping[str, Any], ticket: Ticket, message: str) -> TicketPage:
    """The page of `ticket` as it is now, with `message` on top: what a refused move is answered with."""
    user = context["request"].user
    return TicketPage(user, load(user, ticket.number), message=message)


@register.simple_tag
def prepared_ticket(device: Device | None, title: str, text: str, device_text: str) -> str:
    """The address of a new ticket about a fault that is filled in already: for the device's owner where whoever opens
    it may ask for others, and with words for the device where it is not the requester's own."""
    values: dict[str, Any] = {"category": Category.FAULT.value, "title": title, "description": text}
    values["device_text"] = device_text
    if device is not None:
        values |= {"device": device.pk, "device_text": f"{device} {device_text}"}
        values |= {"requester": device.owner_id} if device.owner_id else {}
    return f"{reverse('tickets:create')}?{urlencode(values)}"
