"""Pages of the registry: devices for everyone (their own), subnets and workgroups for those who see all."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.viewer import viewer_of
from network import actions
from network.forms import (
    AddressListForm,
    DecommissionForm,
    DeviceForm,
    DeviceListForm,
    SubnetForm,
    SubnetListForm,
    WorkgroupForm,
    WorkgroupListForm,
)
from network.models import Device, Held, IPAssignment, State, Subnet, Workgroup

sees_registry = permission_required("network.view_all_devices", raise_exception=True)
edits_registry = permission_required("network.edit_registry", raise_exception=True)


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    form = DeviceListForm(request.GET)
    devices = (
        Device.objects.visible_to(viewer_of(request))
        .of_kind(form.chosen("kind"))
        .of_unit(form.chosen("unit"))
        .in_state_of_service(form.chosen("service"))
        .search(form.chosen("q"))
        .for_list()
    )
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
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = actions.register_device(**form.cleaned_data, by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Perangkat terdaftar."))
            return redirect(device)
    return _form_page(request, form, "network/device_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
def device_edit(request: HttpRequest, pk: int) -> HttpResponse:
    device = _device(request, pk)
    return _device_edit(request, device)


@edits_registry
def _device_edit(request: HttpRequest, device: Device) -> HttpResponse:
    form = DeviceForm(request.POST or None, instance=device)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_device(device, facts=form.changed_facts(), by=viewer_of(request))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect(device)
    return _form_page(request, form, "network/device_form.html", device=device)


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


@sees_registry
@require_safe
def subnet_list(request: HttpRequest) -> HttpResponse:
    page = SubnetListForm(request.GET).page(Subnet.objects.with_use().select_related("unit"))
    return render(request, "network/subnet_list.html", {"page": page})


@sees_registry
@require_safe
def subnet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    subnet = get_object_or_404(Subnet.objects.with_use().select_related("unit"), pk=pk)
    addresses = IPAssignment.objects.live().filter(subnet=subnet).select_related("device__owner")
    page = AddressListForm(request.GET).page(addresses, size=100)
    context = {"subnet": subnet, "facts": _subnet_facts(subnet), "page": page}
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
    return _form_page(request, form, "network/subnet_form.html", title=title)


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
    return _form_page(request, form, "network/workgroup_form.html")


def _device(request: HttpRequest, pk: int) -> Device:
    return get_object_or_404(Device.objects.visible_to(viewer_of(request)).with_facts(), pk=pk)


def _device_page(
    request: HttpRequest, device: Device, decommission: DecommissionForm, status: int = 200
) -> HttpResponse:
    addresses = list(device.addresses.with_people().order_by("-pk"))
    names = list(device.names.with_people().order_by("-pk"))
    context = {
        "device": device,
        "facts": _device_facts(device),
        "addresses": addresses,
        "names": names,
        "active": {"address": _first(addresses, State.ACTIVE), "name": _first(names, State.ACTIVE)},
        "reserved": {"address": _first(addresses, State.RESERVED), "name": _first(names, State.RESERVED)},
        "decommission": decommission,
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


def _subnet_facts(subnet: Subnet) -> list[dict[str, Any]]:
    return [
        {"label": _("Unit kerja"), "value": subnet.unit},
        {"label": _("Gateway"), "value": subnet.gateway, "mono": True},
        {"label": _("VLAN"), "value": subnet.vlan},
        {"label": _("Rentang yang dikecualikan"), "value": ", ".join(map(str, subnet.exclusions.all())), "mono": True},
        {"label": _("Terlihat langsung oleh server"), "value": _("Ya") if subnet.seen_directly else _("Tidak")},
    ]


def _form_page(request: HttpRequest, form: Any, template: str, **context: Any) -> HttpResponse:
    """A page around a form; 422 when it was refused."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
