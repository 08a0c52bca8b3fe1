"""Who is away: one's own days, and for admins everybody's whose work can be asked for."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import absences
from accounts.absence_forms import AbsenceForm
from accounts.models import Absence
from accounts.viewer import viewer_of

# Past ones that are shown; the rest is kept.
SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if not (viewer.has_perm(absences.OWN) or viewer.has_perm(absences.ALL)):
        raise PermissionDenied
    form = AbsenceForm(request.POST if request.method == "POST" else None, by=viewer)
    if request.method == "POST" and form.enter():
        messages.success(request, _("Ketidakhadiran tercatat."))
        return redirect("accounts:availability")
    today = timezone.localdate()
    rows = Absence.objects.visible_to(viewer).select_related("user", "recorded_by")
    context = {
        "form": form,
        "today": today,
        "manages": viewer.has_perm(absences.ALL),
        "ahead": rows.not_over(today),
        "past": rows.over(today)[:SHOWN],
    }
    return render(request, "accounts/availability.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    absence = get_object_or_404(Absence.objects.visible_to(viewer).select_related("user"), pk=pk)
    try:
        absences.end(absence, by=viewer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%s tercatat hadir.") % absence.user)
    return redirect("accounts:availability")
