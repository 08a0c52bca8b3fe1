"""Open steps that still run by an earlier calendar, and their explicit move to the newest."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.network_address import client_address
from accounts.viewer import viewer_of
from tickets import actions
from tickets.workflow import WorkflowError
from worktime.models import CalendarRevision

#: Moved by one click, in a second or two; the page then shows what is left.
AT_ONCE: Final = 100

manages = permission_required("tickets.manage_tickets", raise_exception=True)


@manages
@require_http_methods(["GET", "HEAD", "POST"])
def older(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _move(request)
    newest = CalendarRevision.objects.current()
    runs = actions.on_older_calendars()
    context = {
        "newest": newest,
        "count": runs.count(),
        "rows": [_row(run, newest) for run in runs[:AT_ONCE]],
        "now": actions.database_now(),
    }
    return render(request, "tickets/older_calendars.html", context)


@manages
@require_safe
def effect(request: HttpRequest) -> HttpResponse:
    """How many steps run by an earlier calendar already, and, while one is being drafted, how many run at all."""
    return render(request, "tickets/partials/calendar_effect.html", {"older": actions.on_older_calendars().count()})


def _row(run: Any, newest: CalendarRevision) -> dict[str, Any]:
    return {"run": run, "then": None if run.on_hold else actions.limits_by(run, newest).due_at}


def _move(request: HttpRequest) -> HttpResponse:
    if request.POST.get("revision") != str(CalendarRevision.objects.current().pk):
        raise WorkflowError(_("Kalender sudah berganti lagi. Muat ulang halaman dan periksa jatuh tempo yang baru."))
    viewer, origin = viewer_of(request), client_address(request)
    tickets = [run.ticket for run in actions.on_older_calendars()[:AT_ONCE]]
    moved = sum(actions.reckon_anew(ticket, by=viewer, origin=origin) for ticket in tickets)
    sentence = ngettext("%(n)d langkah dihitung ulang.", "%(n)d langkah dihitung ulang.", moved)
    messages.success(request, sentence % {"n": moved})
    return redirect("tickets:older-calendars")
