"""Submitting a ticket."""

from django.http import Http404, HttpRequest, HttpResponse


def create(request: HttpRequest) -> HttpResponse:
    raise Http404
