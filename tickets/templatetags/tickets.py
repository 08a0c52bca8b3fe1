"""A ticket's status and priority: icon, word and tone together, the same on every page."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from network.models import Device
from tickets.bell import bell_of
from tickets.models import Category, Priority, Ticket
from tickets.page import TicketPage, load
from tickets.workflow import Status

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


@register.inclusion_tag("components/badge.html")
def status_badge(ticket: Ticket, needs_you: bool = False) -> dict[str, str]:
    """The status as a badge, orange where it waits for the viewer; "Ditunda" does not replace it, see `hold_badge`."""
    status = Status(ticket.status)
    tone, icon = LOOKS[status]
    return {"tone": "attention" if needs_you else tone, "icon": icon, "word": str(status.label)}


@register.inclusion_tag("components/badge.html")
def hold_badge() -> dict[str, str]:
    return {"tone": "hold", "icon": "clock-pause", "word": _("Ditunda")}


@register.inclusion_tag("components/badge.html")
def priority_badge(ticket: Ticket) -> dict[str, str]:
    """The priority as a badge; for tickets that have one."""
    priority = Priority(ticket.priority or Priority.NORMAL)
    return {
        "tone": "blue" if priority == Priority.URGENT else "muted",
        "icon": "flag",
        "word": _("Prioritas %s") % str(priority.label).lower(),
    }


@register.filter
def face(score: int | str) -> str:
    """The icon of a grade of service, 1 to 4; its word stands beside it."""
    return FACES[int(score)]


@register.inclusion_tag("tickets/notices/bell.html", takes_context=True)
def notice_bell(context: Mapping[str, Any]) -> dict[str, Any]:
    """The bell in the bar at the top, for the signed-in person."""
    return {"bell": bell_of(context["request"].user), "request": context["request"]}


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
