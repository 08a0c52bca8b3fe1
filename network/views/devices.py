"""Devices: each person's own, or all of them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.viewer import viewer_of
from network import actions
from network.drift import reality_of
from network.forms import DecommissionForm, DeviceForm, DeviceListForm, ProposalForm, RecordForm
from network.models import Device, Held, State
from network.reality_forms import told
from network.views.base import edits_registry, form_page


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    form = DeviceListForm(request.GET)
    devices = form.devices_for(viewer_of(request))
    narrowed = any(form.chosen(name) for name in ("kind", "unit", "service"))
    context = {
        "form": form,
        "page": form.page(devices),
        "panel_open": narrowed or form.chosen("sort") not in ("", "nama"),
        "filtered": narrowed or form.chosen("q"),
    }
    part = "network/partials/device_table.html" if request.headers.get("HX-Target") == "devices" else None
    return render(request, part or "network/device_list.html", context)


@require_safe
def device_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _device_page(request, _device(request, pk), DecommissionForm())


@edits_registry
@require_http_methods(["GET", "HEAD", "POST"])
def device_create(request: HttpRequest) -> HttpResponse:
    form = DeviceForm(request.POST or None, initial=told(request.GET, "mac"))
    if request.method == "POST" and form.is_valid():
        try:
            device = actions.register_device(**form.cleaned_data, by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Perangkat terdaftar."))
            # Whoever registers what was found answering goes on to its address and name.
            record = reverse("network:device-record", args=[device.pk])
            return redirect(f"{record}?{request.GET.urlencode()}" if told(request.GET, "address") else device)
    return form_page(request, form, "network/device_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
def device_edit(request: HttpRequest, pk: int) -> HttpResponse:
    device = _device(request, pk)
    return _device_edit(request, device)


@edits_registry
def _device_edit(request: HttpRequest, device: Device) -> HttpResponse:
    form = DeviceForm(request.POST or None, instance=device, initial=told(request.GET, "mac"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_device(device, facts=form.changed_facts(), by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect(device)
    return form_page(request, form, "network/device_form.html", device=device)


@require_http_methods(["GET", "HEAD", "POST"])
def device_record(request: HttpRequest, pk: int) -> HttpResponse:
    return _device_record(request, _device(request, pk))


@edits_registry
def _device_record(request: HttpRequest, device: Device) -> HttpResponse:
    initial = _present(device) | told(request.GET, "address", "pc_name", "workgroup")
    form = RecordForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_record(device, form.record(), reason=form.cleaned_data["reason"], by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Catatan perangkat diubah; yang lama tersimpan dalam riwayat."))
            return redirect(device)
    return form_page(request, form, "network/device_record.html", device=device)


def _present(device: Device) -> dict[str, Any]:
    facts = {name: getattr(device, name) for name in ("unit", "room", "pc_name", "workgroup")}
    return facts | {"address": device.current_address}


@require_safe
def device_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The address field with the next free address in it."""
    return _device_proposal(request, _device(request, pk))


@edits_registry
def _device_proposal(request: HttpRequest, device: Device) -> HttpResponse:
    asked = ProposalForm(request.GET)
    address = asked.proposed()
    form = RecordForm(initial={"address": address or asked.cleaned_data.get("address", "")})
    context = {"form": form, "device": device, "proposed": bool(address), "nothing_free": not address}
    return render(request, "network/partials/address_field.html", context)


@require_POST
def device_decommission(request: HttpRequest, pk: int) -> HttpResponse:
    return _device_decommission(request, _device(request, pk))


@edits_registry
def _device_decommission(request: HttpRequest, device: Device) -> HttpResponse:
    form = DecommissionForm(request.POST)
    if form.is_valid():
        try:
            actions.decommission(device, reason=form.cleaned_data["reason"], by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Perangkat dicatat tidak dipakai lagi."))
            return redirect(device)
    return _device_page(request, device, form, status=422)


def _device(request: HttpRequest, pk: int) -> Device:
    return get_object_or_404(Device.objects.visible_to(viewer_of(request)).with_facts(), pk=pk)


def _device_page(
    request: HttpRequest, device: Device, decommission: DecommissionForm, status: int = 200
) -> HttpResponse:
    addresses = list(device.addresses.with_people().order_by("-pk"))
    names = list(device.names.with_people().order_by("-pk"))
    checkable = device.in_service and viewer_of(request).has_perm("network.view_all_devices")
    context = {
        "device": device,
        "facts": _device_facts(device),
        "addresses": addresses,
        "names": names,
        "active": {"address": _first(addresses, State.ACTIVE), "name": _first(names, State.ACTIVE)},
        "reserved": {"address": _first(addresses, State.RESERVED), "name": _first(names, State.RESERVED)},
        "decommission": decommission,
        "reality": reality_of(device) if checkable else None,
    }
    return render(request, "network/device_detail.html", context, status=status)


def _first(rows: Sequence[Held], state: State) -> Held | None:
    return next((row for row in rows if row.state == state), None)


def _device_facts(device: Device) -> list[dict[str, Any]]:
    return [
        {"label": _("Jenis"), "value": device.get_kind_display()},
        {"label": _("Merek dan tipe"), "value": device.brand_model},
        {"label": _("Nomor aset (NUP)"), "value": device.asset_number, "mono": True},
        {"label": _("Alamat MAC"), "value": device.mac, "mono": True},
        {"label": _("Pemegang"), "value": device.owner},
        {"label": _("Unit kerja"), "value": device.unit},
        {"label": _("Ruang"), "value": device.room},
    ]
