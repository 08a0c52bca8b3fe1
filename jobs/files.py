"""Files below MEDIA_ROOT under random names: written whole or not at all, sent only as a download."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header


def path_of(name: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "attachments" / name.hex[:2] / name.hex


@contextmanager
def writing(name: UUID) -> Iterator[BinaryIO]:
    """A new file, under a temporary name until the block is through; one whose row is never written is nobody's."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".part")
    try:
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    finally:
        temporary.unlink(missing_ok=True)


def measured(name: UUID) -> tuple[int, str]:
    """Size and SHA-256."""
    with path_of(name).open("rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()


def remove(name: UUID) -> None:
    path_of(name).unlink(missing_ok=True)


def download(name: UUID, label: str, content_type: str) -> HttpResponseBase:
    """The file to be kept, never shown in a page. Raises Http404 where it is missing."""
    response = _contents(path_of(name))
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = content_disposition_header(True, label) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _contents(path: Path) -> HttpResponseBase:
    """From nginx where settings.X_ACCEL_ATTACHMENTS names its internal location, else from here."""
    if not path.is_file():
        raise Http404
    if location := settings.X_ACCEL_ATTACHMENTS:
        return HttpResponse(headers={"X-Accel-Redirect": f"{location.rstrip('/')}/{path.parent.name}/{path.name}"})
    return FileResponse(path.open("rb"))
