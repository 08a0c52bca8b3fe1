"""The ticket list, and the tickets of one device."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.viewer import viewer_of
from jobs.paging import PAGE_SIZE, capped_count
from network.models import Device
from tickets import actions, columns, finding, lines, permissions, polls, rows
from tickets.forms.filters import ALLOCATED, MINE, STATES, TicketFilter
from tickets.forms.polls import PollForm
from tickets.kept import open_tally, until_next_event
from tickets.models import ListChoice, Ticket
from tickets.models.lists import views_of
from tickets.queries import TicketQuerySet
from tickets.views.polls import answered, renewed
from tickets.workflow import Action

PER_PAGE = PAGE_SIZE

#: Newest tickets of a device that its page shows; the rest is one link away.
OF_DEVICE = 10


@require_safe
def ticket_list(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx its region `#ticket-list`; a poll (`?v=`) gets 204 while nothing has changed."""
    viewer = viewer_of(request)
    choice = None
    if not request.GET and "HX-Request" not in request.headers:
        choice = ListChoice.of(viewer)
        if choice.opens_with is not None:
            return redirect(choice.opens_with)
    seen = polls.glance(viewer)
    return renewed(request, seen, lambda: _drawn(request, seen, choice))


def _drawn(request: HttpRequest, seen: polls.Glance, choice: ListChoice | None = None) -> HttpResponse:
    form = TicketFilter(request.GET, viewer=viewer_of(request))
    context = _list_context(form, seen, choice or ListChoice.of(form.viewer))
    if request.headers.get("HX-Target") != "ticket-list":
        return render(request, "tickets/list.html", context | _tools(form, context["columns"]))
    response = render(request, "tickets/lists/region.html", context)
    if not form.claim:
        response.headers["HX-Push-Url"] = request.path + form.here()
    return response


def _tools(form: TicketFilter, shown: list[columns.Column]) -> dict[str, Any]:
    """What stands around the list and is not renewed."""
    offered = [column for column in columns.offered(form.viewer) if column.name != columns.ALWAYS]
    return {
        "views": views_of(form.viewer),
        "offered": tuple((column.name, str(column.label)) for column in offered),
        "chosen": tuple(column.name for column in shown),
    }


def _list_context(form: TicketFilter, seen: polls.Glance, choice: ListChoice) -> dict[str, Any]:
    viewer, now = form.viewer, seen.now
    tickets = form.filtered(Ticket.objects.visible_to(viewer), now)
    tally = _tally(form, tickets, seen)
    page = form.chosen_page(tickets, seen, PER_PAGE, _count(form, tickets, seen, tally))
    drawn = lines.lines_of([ticket.pk for ticket in page.rows], viewer, now)
    return {
        "form": form,
        "page": page,
        "rows": drawn,
        "chips": _state_chips(form, tally),
        "whose_chips": _whose_chips(form) if form.sees_all else [],
        "removable": _removable(form),
        "occurred": form.occurrence_words(form.of_group(tickets.search(form.chosen("q")), now)),
        "version": polls.version(seen, [tally["next_due"], *rows.moments_of(drawn)]),
        "here": form.here(),
        "sees_all": form.sees_all,
        "columns": columns.chosen(form.column_names or choice.names, viewer),
        "bulk_actions": _bulk_actions(form),
        "now": now,
        "bell": seen.bell,
    }


def _tally(form: TicketFilter, tickets: TicketQuerySet, seen: polls.Glance) -> dict[str, Any]:
    if not form.narrows:
        return open_tally(seen, form.viewer)
    if form.searches_everything:
        return finding.open_tally(form.chosen("q"), seen.now)
    if not form.is_about_tickets_alone:
        return tickets.open().search(form.chosen("q")).tally(seen.now)
    key = ("tally", *form.narrowing, timezone.localdate(seen.now), open_tally(seen, form.viewer)["next_due"])
    return until_next_event(seen, form.viewer, key, lambda: tickets.open().tally(seen.now))


def _count(form: TicketFilter, tickets: TicketQuerySet, seen: polls.Glance, tally: dict[str, Any]) -> int | None:
    """How many tickets the list shows, as `capped_count` says it; None where that has to be found out with them."""
    if form.group in tally:
        return int(tally[form.group])
    if not form.is_about_tickets_alone:
        return None
    key = ("count", form.group, *form.narrowing, timezone.localdate(seen.now))
    return until_next_event(seen, form.viewer, key, lambda: capped_count(form.of_group(tickets, seen.now)))


def _bulk_actions(form: TicketFilter) -> list[Action]:
    """What an admin can do to the tickets that they pick."""
    return [*actions.BULK] if permissions.is_manager(form.viewer) and STATES[form.group].is_open else []


def _state_chips(form: TicketFilter, tally: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": state.label,
            "url": form.address(state=name),
            "active": form.group == name,
            "count": tally.get(name) or None,
        }
        for name, state in STATES.items()
    ]


def _whose_chips(form: TicketFilter) -> list[dict[str, Any]]:
    whose = form.chosen("whose")
    labels = {"": _("Tiket semua orang"), ALLOCATED: _("Tugas saya"), MINE: _("Permintaan saya")}
    if not form.viewer.has_perm("tickets.work_ticket") and whose != ALLOCATED:
        del labels[ALLOCATED]
    return [
        {"label": label, "url": form.address(whose=name), "active": whose == name} for name, label in labels.items()
    ]


def _removable(form: TicketFilter) -> list[dict[str, Any]]:
    """The panel's filters that are set, each as a chip that takes it out again."""
    return [
        {
            "label": _("%(filter)s: %(value)s") % {"filter": form.fields[name].label, "value": _shown(form, name)},
            "url": form.address(**{name: ""}),
            "icon": "x",
            "active": False,
        }
        for name in form.narrowed_by
    ]


def _shown(form: TicketFilter, name: str) -> str:
    value = form.chosen(name)
    choices = getattr(form.fields[name], "choices", ())
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if hasattr(value, "pk"):
        return str(getattr(value, "name", value))
    return str(dict(choices).get(value, value))


@require_safe
def of_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """The fragment that a device's page loads and renews: its tickets, as far as the viewer may see them."""
    viewer = viewer_of(request)
    device = get_object_or_404(Device.objects.visible_to(viewer), pk=device_id)
    seen = polls.glance(viewer)
    current = polls.is_current(PollForm(request.GET).claim, seen)
    return answered(request, seen, current=current, draw=lambda: _of_device(request, device, viewer, seen))


def _of_device(request: HttpRequest, device: Device, viewer: User, seen: polls.Glance) -> HttpResponse:
    tickets = Ticket.objects.visible_to(viewer).of_device(device).with_people().newest_first()
    found = rows.rows_of(tickets[: OF_DEVICE + 1], viewer, seen.now)
    context = {
        "device": device,
        "rows": found[:OF_DEVICE],
        "more": len(found) > OF_DEVICE,
        "version": polls.version(seen, rows.moments_of(found)),
        "now": seen.now,
    }
    return render(request, "tickets/of_device.html", context)
