"""Files of a comment: judged by their content, kept under a random name, sent only as a download."""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jobs import files

MEGABYTE: Final = 1024 * 1024
MAX_SIZE: Final = 10 * MEGABYTE
MAX_FILES: Final = 5
MAX_PER_TICKET: Final = 100 * MEGABYTE
# Of a DOCX or XLSX: thousands of entries.
MAX_DIRECTORY: Final = MEGABYTE // 2

# Django's stubs make the class generic, the class itself is not.
Upload: TypeAlias = "UploadedFile[bytes]"

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)
_OFFICE: Final = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in the store; the comment that it belongs to is written next."""

    name: uuid.UUID
    label: str
    content_type: str
    size: int
    sha256: str


def check(uploads: Sequence[Upload], *, stored: int) -> None:
    """Raises ValidationError, a sentence a file; `stored` is what the ticket's files take already, in bytes."""
    if len(uploads) > MAX_FILES:
        raise ValidationError(_("Paling banyak %d berkas sekali kirim.") % MAX_FILES)
    errors = [error for upload in uploads if (error := _fault(upload))]
    if stored + sum(upload.size or 0 for upload in uploads) > MAX_PER_TICKET:
        errors.append(_("Berkas pada tiket ini sudah mencapai batas %d MB.") % (MAX_PER_TICKET // MEGABYTE))
    if errors:
        raise ValidationError(errors)


def store(uploads: Iterable[Upload]) -> list[StoredFile]:
    """Writes the files, each to a temporary name first; what a failed comment leaves behind belongs to nobody."""
    return [_store(upload) for upload in uploads]


def content_type(upload: Upload) -> str | None:
    """The type that the content shows, whatever its name says; None for one that is not accepted."""
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _office_type(upload)
    return "text/plain" if _is_text(head) else None


def _fault(upload: Upload) -> str | None:
    label = upload.name or ""
    if not upload.size:
        return _("Berkas “%s” kosong.") % label
    if upload.size > MAX_SIZE:
        return _("Berkas “%(name)s” lebih besar dari %(limit)d MB.") % {"name": label, "limit": MAX_SIZE // MEGABYTE}
    if content_type(upload) is None:
        return _("Berkas “%s” tidak dapat diterima. Kirim gambar PNG/JPEG, PDF, DOCX, XLSX, atau teks.") % label
    return None


def _office_type(upload: Upload) -> str | None:
    try:
        with zipfile.ZipFile(cast(BinaryIO, _InSmallPieces(upload))) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        upload.seek(0)
    if "[Content_Types].xml" not in names:
        return None
    return next((found for folder, found in _OFFICE if any(name.startswith(folder) for name in names)), None)


class _InSmallPieces:
    """What zipfile sees of a file. It reads the directory in one piece; 200,000 entries take it seconds."""

    def __init__(self, file: Upload) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._file.read(MAX_DIRECTORY + 1 if size < 0 else min(size, MAX_DIRECTORY + 1))
        if len(piece) > MAX_DIRECTORY:
            raise ValueError("the directory is larger than that of any document")
        return piece


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may have been cut in two.
        if error.start < len(head) - 4:
            return False
    return b"\x00" not in head


def _store(upload: Upload) -> StoredFile:
    name = uuid.uuid4()
    digest = hashlib.sha256()
    found = content_type(upload) or "application/octet-stream"
    with files.writing(name) as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    label = Path(upload.name or "").name[:120] or name.hex
    return StoredFile(name, label, found, upload.size or 0, digest.hexdigest())
