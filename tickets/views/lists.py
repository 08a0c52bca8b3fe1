"""The ticket list, and the tickets of one device."""

from django.http import Http404, HttpRequest, HttpResponse


def ticket_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def of_device(request: HttpRequest, device_id: int) -> HttpResponse:
    raise Http404
