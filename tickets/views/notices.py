"""The bell, its list, and what could not be delivered."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.links import Address
from accounts.models import User
from accounts.viewer import viewer_of
from jobs import doorbell
from tickets import actions, notify, permissions, timeline
from tickets.bell import Bell, bell_of
from tickets.forms.notices import AgainForm, NoticeList, ReadForm
from tickets.forms.polls import PollForm
from tickets.models import Delivery, Outbox, Rating, Role
from tickets.workflow import Action

_WITH_TICKET = ("event__ticket", "event__by")
_OPEN: Final = Address("tickets:notice-open", 987654321)
_RATED = Exists(Rating.objects.filter(ticket=OuterRef("event__ticket")))


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    now, bell = actions.database_now(), bell_of(viewer)
    mine = Delivery.objects.in_bell_of(viewer, now).select_related(*_WITH_TICKET).annotate(rated=_RATED)
    page = NoticeList(request.GET).page(mine.defer("event__ticket__search", "event__ticket__description"))
    days = groupby((_row(row, now) for row in page.rows), key=lambda row: timezone.localdate(row["at"]))
    context = {
        "page": page,
        "days": [{"day": rows[0]["at"], "rows": rows} for rows in (list(found) for _day, found in days)],
        "newest": max((row.pk for row in page.rows), default=0),
        "unread": bell.unread,
        "bell": bell,
        "undelivered": Delivery.objects.undelivered().count() if permissions.is_manager(viewer) else 0,
    }
    return render(request, "tickets/notices/list.html", context)


def _row(notice: Any, now: datetime) -> dict[str, Any]:
    icon, tone = timeline.look_of(notice.event.kind)
    return {
        "pk": notice.pk,
        "url": _OPEN(notice.pk),
        "icon": icon,
        "tone": tone,
        "headline": notify.headline_of(notice.event.kind, notice.role),
        "who": notice.event.by,
        "ticket": notice.event.ticket,
        "at": notice.due_at,
        "asks_rating": notice.role == Role.REQUESTER
        and notice.event.kind == Action.FINISH
        and not notice.rated
        and permissions.in_time_to_rate(notice.event.ticket, now),
        "unread": notice.read_at is None,
    }


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone; 204 where the poll's `?v=` still holds."""
    found: Bell = bell_of(viewer_of(request))
    if PollForm(request.GET).claim == found.version:
        return HttpResponse(status=204)
    return render(request, "tickets/notices/bell.html", {"bell": found})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads one notice and leads to its ticket."""
    mine = Delivery.objects.in_bell_of(viewer_of(request), actions.database_now())
    notice = mine.select_related("event__ticket").filter(pk=pk).first()
    if notice is None:
        raise Http404
    mine.unread().filter(pk=pk).update(read_at=Now())
    return redirect(notice.event.ticket)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    form = ReadForm(request.POST)
    if form.is_valid():
        mine = Delivery.objects.in_bell_of(viewer_of(request), actions.database_now())
        mine.unread().filter(pk__lte=form.cleaned_data["newest"]).update(read_at=Now())
    return redirect("tickets:notices")


def _manager(request: HttpRequest) -> User:
    viewer = viewer_of(request)
    if not permissions.is_manager(viewer):
        raise PermissionDenied
    return viewer


@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    _manager(request)
    rows = Delivery.objects.undelivered().select_related("recipient", "address", *_WITH_TICKET)
    page = NoticeList(request.GET).page(rows.defer("event__ticket__search", "event__ticket__description"))
    context = {
        "page": page,
        "rows": [(row, notify.headline_of(row.event.kind, row.role)) for row in page.rows],
        "waiting": Delivery.objects.filter(state=Delivery.State.PENDING, attempts__gt=0).count(),
        "set_aside": Outbox.objects.filter(attempts__gt=0).count(),
    }
    return render(request, "tickets/notices/undelivered.html", context)


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    _manager(request)
    form = AgainForm(request.POST)
    if form.is_valid():
        pk = form.cleaned_data["delivery"]
        count = notify.send_again(Q(pk=pk) if pk else Q())
        doorbell.ring("tickets.tasks.deliver", queue="outbox")
        sentence = ngettext("%(n)d pesan dikirim lagi.", "%(n)d pesan dikirim lagi.", count)
        messages.success(request, sentence % {"n": count})
    return redirect("tickets:undelivered")
