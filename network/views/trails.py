"""The trail of changes of a device or a subnet, for those who keep the registry in order."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from network import trail
from network.models import Device, Subnet


@permission_required("network.view_device", raise_exception=True)
@require_safe
def device_trail(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.visible_to(viewer_of(request)), pk=pk)
    context = {"subject": device, "changes": trail.of_device(device)}
    return render(request, "network/trail.html", context)


@permission_required("network.view_subnet", raise_exception=True)
@require_safe
def subnet_trail(request: HttpRequest, pk: int) -> HttpResponse:
    subnet = get_object_or_404(Subnet, pk=pk)
    return render(request, "network/trail.html", {"subject": subnet, "changes": trail.of_subnet(subnet)})
