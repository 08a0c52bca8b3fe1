"""The page of one ticket."""

from django.http import Http404, HttpRequest, HttpResponse


def detail(request: HttpRequest, number: str) -> HttpResponse:
    raise Http404


def fragment(request: HttpRequest, number: str) -> HttpResponse:
    raise Http404
