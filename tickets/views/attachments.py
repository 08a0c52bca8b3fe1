"""Downloads of a comment's files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from jobs import files
from tickets import permissions
from tickets.models import Attachment
from tickets.page import load


@require_safe
def download(request: HttpRequest, number: str, name: UUID) -> HttpResponseBase:
    """The file as a download, never shown in the page; 404 unless its comment may be read."""
    user = viewer_of(request)
    ticket = load(user, number)
    file = Attachment.objects.filter(event__ticket=ticket, name=name).select_related("event").first()
    if file is None or (file.event.internal and not permissions.sees_internal_notes(user, ticket)):
        raise Http404
    return files.download(file.name, file.label, file.content_type)
