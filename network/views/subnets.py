"""Subnets and workgroups."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.viewer import viewer_of
from network import actions
from network.address_map import MARKS, AddressMap, Use
from network.drift import obstacle_in
from network.forms import AddressListForm, LookupForm, SubnetForm, SubnetListForm, WorkgroupForm, WorkgroupListForm
from network.lookups import look_up
from network.models import IPAssignment, Subnet, Workgroup
from network.proposals import next_free
from network.views.base import edits_registry, form_page, sees_registry


@sees_registry
@require_safe
def subnet_list(request: HttpRequest) -> HttpResponse:
    form = SubnetListForm(request.GET)
    page = form.page(Subnet.objects.search(form.chosen("q")).with_use().select_related("unit"))
    context = {"form": form, "page": page, "filtered": form.chosen("q"), "lookup": LookupForm(initial=_today())}
    return render(request, "network/subnet_list.html", context)


@sees_registry
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Who had this address, PC name or MAC on that day."""
    today = {name: str(day) for name, day in _today().items() if not request.GET.get(name)}
    form = LookupForm({**request.GET.dict(), **today}) if "what" in request.GET else LookupForm(initial=_today())
    answer = look_up(form.cleaned_data["what"], form.cleaned_data["on"]) if form.is_valid() else None
    return render(request, "network/lookup.html", {"lookup": form, "answer": answer})


def _today() -> dict[str, Any]:
    return {"on": timezone.localdate()}


@sees_registry
@require_safe
def subnet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    subnet = get_object_or_404(Subnet.objects.prefetch_related("exclusions").select_related("unit"), pk=pk)
    form = AddressListForm(request.GET)
    plan = AddressMap(subnet)
    following = next_free(subnet, now=plan.now)
    block = plan.block_around(form.chosen("block")) if plan.in_blocks else subnet.cidr
    addresses = IPAssignment.objects.live().filter(subnet=subnet).within(block or subnet.cidr)
    context = {
        "subnet": subnet,
        "facts": _subnet_facts(subnet),
        "figures": plan.figures,
        "next_free": following,
        "legend": [(use, MARKS[use]) for use in Use],
        "in_blocks": plan.in_blocks,
        "shown": block,
        "cells": plan.cells(block) if block else [],
        "blocks": [] if block else plan.blocks(),
        "block_here": plan.block_around(following),
        "obstacle": obstacle_in(subnet),
        "looked_at": subnet.observations.aggregate(at=Max("at"))["at"],
        "page": form.page(addresses.select_related("device__owner"), size=100),
    }
    return render(request, "network/subnet_detail.html", context)


@edits_registry
@require_http_methods(["GET", "HEAD", "POST"])
def subnet_create(request: HttpRequest) -> HttpResponse:
    return _save_subnet(request, Subnet())


@edits_registry
@require_http_methods(["GET", "HEAD", "POST"])
def subnet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _save_subnet(request, get_object_or_404(Subnet, pk=pk))


def _save_subnet(request: HttpRequest, subnet: Subnet) -> HttpResponse:
    title = str(subnet) if subnet.pk else ""
    form = SubnetForm(request.POST or None, instance=subnet)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_subnet(subnet, exclusions=form.cleaned_data["exclusions"], by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Subnet tersimpan."))
            return redirect(subnet)
    return form_page(request, form, "network/subnet_form.html", title=title)


@sees_registry
@require_safe
def workgroup_list(request: HttpRequest) -> HttpResponse:
    page = WorkgroupListForm(request.GET).page(Workgroup.objects.with_use())
    return render(request, "network/workgroup_list.html", {"page": page})


@edits_registry
@require_http_methods(["GET", "HEAD", "POST"])
def workgroup_create(request: HttpRequest) -> HttpResponse:
    form = WorkgroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_workgroup(form.instance, by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Grup jaringan tersimpan."))
            return redirect("network:workgroup-list")
    return form_page(request, form, "network/workgroup_form.html")


def _subnet_facts(subnet: Subnet) -> list[dict[str, Any]]:
    return [
        {"label": _("Unit kerja"), "value": subnet.unit},
        {"label": _("Gateway"), "value": subnet.gateway, "mono": True},
        {"label": _("VLAN"), "value": subnet.vlan},
        {"label": _("Rentang yang dikecualikan"), "value": ", ".join(map(str, subnet.exclusions.all())), "mono": True},
        {"label": _("Terlihat langsung oleh server"), "value": _("Ya") if subnet.seen_directly else _("Tidak")},
    ]
