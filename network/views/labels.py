"""Label sheets, for those who see all devices."""

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.db.models import Value
from django.db.models.functions import Lower, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from jobs.instants import database_now
from network import labels
from network.forms import DeviceListForm
from network.models import Device
from network.views.base import sees_registry

_NAMELESS_LAST: Final = NullIf(Lower("pc_name"), Value("")).asc(nulls_last=True)


@require_safe
def device_label(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.visible_to(viewer_of(request)).in_service().for_list(), pk=pk)
    return _device_label(request, device)


@sees_registry
def _device_label(request: HttpRequest, device: Device) -> HttpResponse:
    return _sheet([device], f"label-{device.pc_name or device.pk}.pdf")


@sees_registry
@require_safe
def device_labels(request: HttpRequest) -> HttpResponse:
    """Of the devices that the list shows under the same filters, those out of service left out."""
    form = DeviceListForm(request.GET)
    found = form.devices_for(viewer_of(request)).in_service().order_by(_NAMELESS_LAST, "pk")
    devices = list(found[: labels.MOST + 1])
    if 0 < len(devices) <= labels.MOST:
        return _sheet(devices, "label-perangkat.pdf")
    if devices:
        messages.warning(request, _("Paling banyak %d label sekali cetak. Saring daftarnya dahulu.") % labels.MOST)
    else:
        messages.warning(request, _("Tidak ada perangkat untuk dicetak labelnya."))
    return redirect("network:device-list")


def _sheet(devices: Sequence[Device], name: str) -> HttpResponse:
    response = HttpResponse(labels.sheet(devices, database_now()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
