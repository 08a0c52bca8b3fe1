"""Downloads of a comment's files."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.viewer import viewer_of
from tickets import attachments, permissions
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
    response = _contents(file)
    response.headers["Content-Type"] = file.content_type
    response.headers["Content-Disposition"] = content_disposition_header(True, file.label) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _contents(file: Attachment) -> HttpResponseBase:
    """From nginx where settings.X_ACCEL_ATTACHMENTS names its internal location, else from here."""
    path = attachments.path_of(file.name)
    if not path.is_file():
        raise Http404
    if location := settings.X_ACCEL_ATTACHMENTS:
        return HttpResponse(headers={"X-Accel-Redirect": f"{location.rstrip('/')}/{path.parent.name}/{path.name}"})
    return FileResponse(path.open("rb"))
