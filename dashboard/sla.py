"""The SLA dashboard: how the office keeps the SOP in any period."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from dashboard.definitions import DEFINITIONS
from dashboard.figure_forms import FiguresForm
from dashboard.sla_page import Page
from tickets import polls

#: Figures count every ticket; whoever sees them may open the lists behind them.
views_figures = permission_required(["tickets.view_figures", "tickets.view_all_tickets"], raise_exception=True)


@views_figures
@require_safe
def sla(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    seen = polls.glance(viewer)
    form = FiguresForm(request.GET, today=timezone.localdate(seen.now))
    period = form.chosen_period
    context = {
        "form": form,
        "period": period,
        "before_url": form.address(period.previous),
        "after_url": form.address(period.following),
        "all_url": form.address(period, narrowed=False),
        "page": Page(form.scope, form.today, seen, viewer),
        "now": seen.now,
        "bell": seen.bell,
        "definitions": DEFINITIONS,
    }
    return render(request, "dashboard/sla.html", context)
