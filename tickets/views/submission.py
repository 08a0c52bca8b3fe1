"""Submitting a ticket, for oneself or (admins) on behalf of somebody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.network_address import client_address
from accounts.viewer import viewer_of
from network.models import Device
from tickets import actions, permissions, sla
from tickets.expectation import expected_for_new
from tickets.forms.submission import SubmissionForm, remembered
from tickets.models import Category, SopRevision, Ticket
from tickets.workflow import Step
from worktime import clock
from worktime.models import CalendarRevision

DAYS_OF_A_WEEK: Final = 7

# Tickets that one person may submit within `BRISKLY`: more than anybody needs for themselves, and what an admin types
# in for others on a busy morning. A program that has run wild is stopped.
BRISKLY: Final = timedelta(minutes=10)
MOST_FOR_ONESELF: Final = 10
MOST_FOR_OTHERS: Final = 60

# What does not belong to the requester, and so stays when another one is chosen.
TYPED: Final = ("key", "category", "title", "description", "device_text")


# What a link may have filled in already; a device's words count where the device is not the requester's own.
PREPARED: Final = ("category", "title", "description", "device_text")


class ChoiceForm(forms.Form):
    """What the address, or the button beside the requester, says before anything is submitted."""

    requester = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)
    device = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    category = forms.ChoiceField(required=False, choices=Category.choices)
    title = forms.CharField(required=False, max_length=120)
    description = forms.CharField(required=False, max_length=5000)
    device_text = forms.CharField(required=False, max_length=200)

    def prepared(self) -> dict[str, Any]:
        """What is filled in already."""
        return {name: value for name in PREPARED if (value := self.cleaned_data.get(name))}


@dataclass(frozen=True)
class Expectation:
    """By when step 1 answers a ticket submitted now, in words; `starts` is empty within working time."""

    minutes: int
    starts: str
    due: str


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = viewer_of(request)
    if request.method != "POST":
        return _blank(request, by)
    requester = _requester(request.POST, by)
    if "choose" in request.POST:
        return _page(request, _for(requester, request, by))
    form = SubmissionForm(request.POST, by=by, requester=requester)
    if form.is_valid() and _too_many(by, form.cleaned_data["key"]):
        form.add_error(None, _("Anda baru saja mengajukan banyak tiket. Tunggu beberapa menit, lalu kirim lagi."))
        return _page(request, form, status=429)
    if form.is_valid() and (ticket := _submit(form, request)):
        _answer(request, form, ticket)
        return redirect(ticket)
    form.point_out()
    return _page(request, form, status=422)


def _blank(request: HttpRequest, by: User) -> HttpResponse:
    requester = _requester(request.GET, by)
    choice = ChoiceForm(request.GET)
    choice.is_valid()
    origin = client_address(request)
    own = Device.objects.in_service().filter(owner=requester)
    here = own.filter(addresses__state="active", addresses__address=origin).first() if origin else None
    named = choice.cleaned_data.get("device")
    asked = own.filter(pk=named).first() if named else None
    prepared = choice.prepared()
    words = prepared.pop("device_text", "") if not asked else ""
    device = asked or ("" if words else here)
    facts = {"key": uuid.uuid4(), "requester": requester, "device": device, "device_text": words}
    initial = remembered(requester) | prepared | facts
    return _page(request, SubmissionForm(initial=initial, by=by, requester=requester), here=here)


def _for(requester: User, request: HttpRequest, by: User) -> SubmissionForm:
    """The form for another requester: what was typed stays, what belongs to the person is theirs."""
    typed = {name: value for name in TYPED if (value := request.POST.get(name))}
    initial = {"key": uuid.uuid4()} | typed | remembered(requester) | {"requester": requester}
    return SubmissionForm(initial=initial, by=by, requester=requester)


def _requester(data: Any, by: User) -> User:
    """Whom the ticket is for: anybody for an admin, oneself for everybody else and for a value that makes no sense."""
    form = ChoiceForm(data)
    form.is_valid()
    chosen: User | None = form.cleaned_data.get("requester")
    return chosen if chosen is not None and permissions.may_submit_for(by, chosen) else by


def _too_many(by: User, key: uuid.UUID) -> bool:
    """Whether `by` has submitted enough for now. A form that arrives again is no further ticket."""
    lately = actions.submitted_lately(by, actions.database_now() - BRISKLY)
    most = MOST_FOR_OTHERS if permissions.is_manager(by) else MOST_FOR_ONESELF
    return lately >= most and not actions.was_submitted(by, key)


def _submit(form: SubmissionForm, request: HttpRequest) -> Ticket | None:
    given = {name: value for name, value in form.cleaned_data.items() if name != "requester"}
    try:
        return actions.submit(by=form.by, requester=form.requester_person, origin=client_address(request), **given)
    except ValidationError as error:
        form.take_errors(error)
        return None


def _answer(request: HttpRequest, form: SubmissionForm, ticket: Ticket) -> None:
    """A key that was used before gives its first ticket again; say so where the words were other ones."""
    if (ticket.title, ticket.category) == (form.cleaned_data["title"].strip(), form.cleaned_data["category"]):
        messages.success(request, _("Tiket %s sudah kami terima.") % ticket.number)
    else:
        messages.warning(
            request,
            _("Formulir ini sudah terkirim sebagai tiket %s. Untuk permintaan lain, ajukan tiket baru.")
            % ticket.number,
        )


def _page(request: HttpRequest, form: SubmissionForm, *, here: Device | None = None, status: int = 200) -> HttpResponse:
    now = actions.database_now()
    sop, calendar = SopRevision.objects.in_force(now), CalendarRevision.objects.current().calendar
    context = {
        "form": form,
        "origin": _origin(request),
        "here": here,
        "expectation": _expectation(now, sop, calendar),
        "finish": expected_for_new(now, sop, calendar),
    }
    return render(request, "tickets/create.html", context, status=status)


def _origin(request: HttpRequest) -> str | None:
    """The address that helps a technician to find the place; the server's own tells nothing."""
    address = client_address(request)
    return None if address is None or ip_address(address).is_loopback else address


def _expectation(now: datetime, sop: SopRevision, calendar: clock.Calendar) -> Expectation:
    standard = sop.standards[Step.SUBMISSION]
    starts = clock.next_working(calendar, now)
    due = sla.thresholds(calendar, now, [], maximum=standard.maximum).due_at
    return Expectation(standard.maximum, _in_words(starts, now) if starts > now else "", _in_words(due, now))


def _in_words(at: datetime, now: datetime) -> str:
    """hari ini 09.15, Senin 07.30, or with its date where the weekday alone would not tell."""
    local = timezone.localtime(at)
    days = (local.date() - timezone.localdate(now)).days
    day = _("hari ini") if days == 0 else date_format(local, "l" if days < DAYS_OF_A_WEEK else "l, j F")
    return f"{day} {date_format(local, 'TIME_FORMAT')}"
