"""What a room does that takes long: it registers a function, starts jobs of it, and leads people to the job's page.

    @kind("network.import", label=_("Impor perangkat"), atomic=True)
    def import_devices(job: Job, progress: Progress) -> None:
        for number, row in enumerate(rows):
            progress(number, len(rows))
        job.result, job.message = {"added": 3}, _("3 perangkat ditambahkan.")

The module is imported in the room's AppConfig.ready(), so that web and worker know the kind. The function may be run
again from the start after a worker died. A ValidationError ends the job with its sentence.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from jobs import doorbell, files
from jobs.instants import database_now
from jobs.kinds import KINDS, Progress, kind
from jobs.models import Job, JobFile

__all__ = ["QUEUE", "TASK", "Job", "Progress", "Upload", "cancel", "kind", "start"]

# Django's stubs make the class generic, the class itself is not.
Upload: TypeAlias = "UploadedFile[bytes]"

TASK: Final = "jobs.tasks.work"
QUEUE: Final = "long"


def start(name: str, *, by: User, params: Mapping[str, Any] | None = None, upload: Upload | None = None) -> Job:
    """Writes the job's row in the caller's transaction; a worker is called once it is through."""
    assert name in KINDS, name
    with transaction.atomic():
        job = Job.objects.create(kind=name, owner=by, params=dict(params or {}), created_at=database_now())
        if upload is not None:
            keep(job, upload)
        doorbell.ring_on_commit(TASK, QUEUE)
    return job


def cancel(job: Job) -> bool:
    """Ends a job that is not over; its worker notices within a second or two. False where it was over already."""
    unfinished = Job.objects.unfinished().filter(pk=job.pk)
    return bool(unfinished.update(state=Job.State.CANCELLED, finished_at=database_now()))


def keep(job: Job, upload: Upload) -> None:
    """The file that the job is started with."""
    name = uuid.uuid4()
    with files.writing(name) as file:
        for chunk in upload.chunks():
            file.write(chunk)
    label = Path(upload.name or "").name[:120] or name.hex
    JobFile.of(job, name, label, "application/octet-stream", is_input=True).save(force_insert=True)
