"""Revisions of the SOP: which there are, and for admins a new one, held against the past before it is published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.viewer import viewer_of
from dashboard import whatif
from dashboard.revision_forms import Proposal
from tickets import actions
from tickets.forms.filters import period_start
from tickets.models import SopRevision

publishes = permission_required("tickets.add_soprevision", raise_exception=True)


@publishes
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET begins from the newest revision; POST holds the proposal against the past, or with `publish` publishes it."""
    newest = SopRevision.objects.newest()
    if request.method != "POST":
        return _page(request, Proposal(newest))
    proposal = Proposal(newest, request.POST)
    valid = proposal.is_valid()
    if valid and "publish" in request.POST:
        return _publish(request, proposal)
    return _page(request, proposal, status=200 if valid else 422)


def _publish(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    begun_from = SopRevision(pk=proposal.head.cleaned_data["base"])
    try:
        revision = actions.publish_revision(
            base=begun_from, facts=proposal.facts, steps=proposal.step_facts, by=viewer_of(request)
        )
    except actions.SopChanged as error:
        return _page(request, proposal, status=409, changed=error.newest)
    except ValidationError as error:
        proposal.add_errors(error)
        return _page(request, proposal, status=422)
    messages.success(request, _("Revisi %(number)s diterbitkan.") % {"number": revision.number})
    return redirect("dashboard:sop-revision", revision.pk)


def _page(request: HttpRequest, proposal: Proposal, *, status: int = 200, **more: Any) -> HttpResponse:
    period = proposal.period.chosen
    since = period_start(period, actions.database_now())
    context = {
        "proposal": proposal,
        "replays": whatif.replay(since, proposal.times) if proposal.times else None,
        "since": since,
        **more,
    }
    partial = request.headers.get("HX-Target") == "what-if"
    template = "dashboard/partials/what_if.html" if partial else "dashboard/revision_new.html"
    return render(request, template, context, status=200 if partial else status)
