"""Long work as rows: what is to be done, how far it is, what came of it, and the files that belong to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobs import files
from jobs.checks import time_range
from jobs.kinds import KINDS

#: A worker that has not been heard of for so long is taken for dead; it says every second that it lives.
STALE: Final = timedelta(seconds=20)


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, owner: User) -> JobQuerySet:
        return self.filter(owner=owner)

    def due(self, now: datetime) -> JobQuerySet:
        """What nobody works on: what waits, and what a worker left behind that died."""
        return self.filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, beat_at__lt=now - STALE))

    def unfinished(self) -> JobQuerySet:
        return self.filter(finished_at=None)


class Job(models.Model):
    """One piece of long work; `jobs.work` starts it, `jobs.running` runs it, its owner alone sees it.

    `attempts` counts the workers that took it: each writes only while the number is still its own.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu giliran")
        RUNNING = "running", _("Sedang dikerjakan")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Gagal")
        CANCELLED = "cancelled", _("Dibatalkan")

    kind = models.CharField(_("jenis"), max_length=40)
    owner = models.ForeignKey(User, models.PROTECT, related_name="jobs", verbose_name=_("pemilik"))
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    #: A sentence in the owner's language: what came of it, or why nothing did.
    message = models.CharField(_("pesan"), max_length=500, blank=True)
    result = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("dibuat"))
    started_at = models.DateTimeField(_("mulai"), null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("berakhir"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = pgettext_lazy("jamak", "pekerjaan")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]), name="job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(beat_at__isnull=False, started_at__isnull=False, attempts__gt=0),
                name="job_running_has_a_worker",
            ),
            *(time_range(f"{name}_at", f"job_{name}_range") for name in ("created", "started", "beat", "finished")),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="job_unfinished"),
            models.Index(fields=["owner", "-id"], name="job_of_owner"),
        ]

    def __str__(self) -> str:
        return str(self.label)

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def label(self) -> str | Promise:
        return KINDS[self.kind].label if self.kind in KINDS else self.kind

    @property
    def link(self) -> str:
        """Where what it did can be seen; "" where its own page says it all."""
        return KINDS[self.kind].link(self) if self.state == Job.State.DONE and self.kind in KINDS else ""

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def results(self) -> models.QuerySet[JobFile]:
        return self.files.filter(is_input=False)

    @property
    def input(self) -> JobFile:
        """The file that it was started with. Raises JobFile.DoesNotExist."""
        return self.files.get(is_input=True)

    @contextmanager
    def write_result(self, label: str, content_type: str) -> Iterator[BinaryIO]:
        """A file for the owner to download under the name `label`; kept when the job is done, and only then."""
        name = uuid.uuid4()
        with files.writing(name) as file:
            yield file
        self.pending_results.append(JobFile.of(self, name, label, content_type))

    @property
    def pending_results(self) -> list[JobFile]:
        """Files written by the attempt that runs now."""
        pending: list[JobFile] = self.__dict__.setdefault("_pending_results", [])
        return pending


class JobFile(models.Model):
    """A file under a random name, that a job was given or has made; sent to the job's owner only, as a download."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="files")
    is_input = models.BooleanField(default=False)
    name = models.UUIDField(unique=True)
    label = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(is_input=True), name="jobfile_one_input"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="jobfile_sha256"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("jobs:file", args=[self.job_id, self.name])

    @classmethod
    def of(cls, job: Job, name: uuid.UUID, label: str, content_type: str, **values: Any) -> JobFile:
        """The row for a file that lies in the store; not saved."""
        size, sha256 = files.measured(name)
        return cls(job=job, name=name, label=label, content_type=content_type, size=size, sha256=sha256, **values)

    def open(self) -> BinaryIO:
        """Raises FileNotFoundError, or OSError where it is no longer what it was."""
        if files.measured(self.name) != (self.size, self.sha256):
            raise OSError(f"{self.name} has changed")
        return files.path_of(self.name).open("rb")
