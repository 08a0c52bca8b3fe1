"""Downloads of a comment's files."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse


def download(request: HttpRequest, number: str, name: UUID) -> HttpResponse:
    raise Http404
