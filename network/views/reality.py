"""What machines say of themselves, beside what the registry says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.viewer import viewer_of
from jobs.instants import database_now
from network import scans
from network.actions import reality
from network.drift import Drift, lines_of, obstacle_in, reality_of
from network.models import Device, Observation, Subnet
from network.probe.packets import Status
from network.reality_forms import DriftListForm
from network.views.base import edits_registry, sees_registry


@sees_registry
@require_safe
def drift_list(request: HttpRequest) -> HttpResponse:
    form = DriftListForm(request.GET)
    drift = Observation.objects.drift(database_now())
    found = drift.of_subnet(form.chosen("subnet")).of_unit(form.chosen("unit")).search(form.chosen("q"))
    page = form.page(found.of_drift(form.chosen("kind")))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.rows),
        "chips": _chips(request, form, found.tally()),
        "filtered": any(form.chosen(name) for name in ("q", "kind", "unit", "subnet")),
        "looked": Observation.objects.exists(),
        "may_ask": settings.REALITY_CHECK,
    }
    return render(request, "network/drift.html", context)


def _chips(request: HttpRequest, form: DriftListForm, tally: dict[str, int]) -> list[dict[str, Any]]:
    """Each kind with how many there are, and all of them; another choice begins with its first page."""
    kept = request.GET.copy()
    for name in ("after", "before", "kind"):
        kept.pop(name, None)
    kinds: list[tuple[str, Any, int]] = [("", _("Semua"), sum(tally.values()))]
    kinds += [(kind.value, kind.label, tally.get(kind.value, 0)) for kind in Drift]
    return [
        {
            "label": label,
            "url": f"{request.path}?{urlencode([*kept.items(), ('kind', kind)])}",
            "active": form.chosen("kind") == kind,
            "count": count,
        }
        for kind, label, count in kinds
    ]


@require_POST
def device_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the machine at this device's address now."""
    return _device_check(request, get_object_or_404(Device.objects.visible_to(viewer_of(request)), pk=pk))


@edits_registry
def _device_check(request: HttpRequest, device: Device) -> HttpResponse:
    known = reality_of(device)
    problem = _("Perangkat ini belum memegang alamat IP.") if known is None else known.obstacle
    if known is not None and not problem:
        problem = _looked_at(known.address)[1]
    if "HX-Request" not in request.headers:
        if problem:
            messages.warning(request, problem)
        return redirect(device)
    context = {"reality": reality_of(device), "device": device, "problem": problem}
    return render(request, "network/partials/reality.html", context, status=409 if problem else 200)


@edits_registry
@require_POST
def observation_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the machine of one line of the drift list again."""
    found = get_object_or_404(Observation.objects.current(), pk=pk)
    status, problem = _looked_at(found.address)
    if problem:
        messages.warning(request, problem)
    elif status is None:
        messages.info(request, _("%s tidak menjawab. Mungkin sedang mati.") % found.address)
    else:
        words = {"address": found.address, "name": status.name or "–"}
        messages.success(request, _("%(address)s menjawab dengan nama %(name)s.") % words)
    return redirect(f"{reverse('network:drift')}?{request.GET.urlencode()}")


def _looked_at(address: str) -> tuple[Status | None, str]:
    """What the machine said, and a sentence where it could not be asked."""
    try:
        return reality.look_at(address), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


@edits_registry
@require_POST
def subnet_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins to ask a whole subnet, or leads to where that is going on already."""
    subnet = get_object_or_404(Subnet, pk=pk)
    if obstacle := obstacle_in(subnet):
        messages.warning(request, obstacle)
        return redirect(subnet)
    return redirect(scans.begin(subnet, by=viewer_of(request)))
