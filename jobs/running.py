"""Runs jobs, one at a time and worker: claimed under a lock, with a beat beside the work, ended by whoever holds it.

The beat has a thread and a connection of its own: a job that works in one long transaction or statement is seen to
live and to move, and hears that it was cancelled.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jobs import doorbell, files
from jobs.instants import database_now
from jobs.kinds import KINDS
from jobs.models import Job, JobFile
from jobs.work import QUEUE, TASK

logger = logging.getLogger(__name__)

#: Seconds between two beats.
EVERY: Final = 1.0
#: A job whose worker died as often as this is set aside: it may be what kills them.
MOST_ATTEMPTS: Final = 3


class Stopped(Exception):
    """The job is no longer this worker's: cancelled, or given to another one."""


def run_next() -> Job | None:
    """Runs the job that has waited longest; None where nothing waits. Raises when the database fails: it waits on."""
    job = _claim()
    if job is not None:
        _ring_for_more()
        run(job)
        _ring_for_more()
    return job


def run(job: Job) -> None:
    """Runs a claimed job to its end, whatever that is."""
    with translation.override(job.owner.language), _patience(), _Beat(job) as beat:
        try:
            _work(job, beat)
        except Stopped:
            logger.info("job %s was taken from its worker", job.pk)
        except ValidationError as error:
            _end(job, Job.State.FAILED, " ".join(error.messages))
        except SoftTimeLimitExceeded:
            _end(job, Job.State.FAILED, _("Pekerjaan ini terlalu lama dan dihentikan."))
        except (OperationalError, InterfaceError):
            job.pending_results.clear()  # perhaps it was done, and only the answer of the last COMMIT was lost
            raise  # a lock, a timeout, a server that is away: tried again when the beat is stale
        except Exception:
            logger.exception("job %s of kind %s failed", job.pk, job.kind)
            _end(job, Job.State.FAILED, _("Pekerjaan ini gagal karena kesalahan pada HaloCIK. Beri tahu admin."))
        finally:
            if job.state != Job.State.DONE:
                for file in job.pending_results:
                    files.remove(file.name)


def remove_old() -> int:
    """Removes jobs that ended longer ago than settings.JOB_RESULTS_DAYS, with their files; returns how many."""
    before = database_now() - timedelta(days=settings.JOB_RESULTS_DAYS)
    with transaction.atomic():
        old = list(Job.objects.filter(finished_at__lt=before).select_for_update(skip_locked=True)[:1000])
        names = list(JobFile.objects.filter(job__in=old).values_list("name", flat=True))
        Job.objects.filter(pk__in=[job.pk for job in old]).delete()
    for name in names:
        files.remove(name)
    return len(old)


def _work(job: Job, beat: _Beat) -> None:
    kind = KINDS[job.kind]
    if kind.atomic:
        with transaction.atomic():
            kind.run(job, beat.progress)
            _end(job, Job.State.DONE, str(job.message))
    else:
        kind.run(job, beat.progress)
        _end(job, Job.State.DONE, str(job.message))


def _claim() -> Job | None:
    with transaction.atomic():
        now = database_now()
        locked = Job.objects.due(now).select_related("owner").order_by("pk")
        job = locked.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        if job is None:
            return None
        if job.attempts < MOST_ATTEMPTS:
            job.state, job.attempts, job.done, job.total = Job.State.RUNNING, job.attempts + 1, 0, None
            job.started_at = job.beat_at = now
            job.save(update_fields=["state", "attempts", "done", "total", "started_at", "beat_at"])
            return job
        with translation.override(job.owner.language):
            _end(job, Job.State.FAILED, _("Pekerjaan ini terhenti %d kali dan tidak dicoba lagi.") % MOST_ATTEMPTS)
        logger.error("job %s of kind %s is set aside", job.pk, job.kind)
    return _claim()


def _ring_for_more() -> None:
    if Job.objects.due(database_now()).exists():
        doorbell.ring(TASK, QUEUE)


def _end(job: Job, state: Job.State, message: str) -> None:
    """Raises Stopped, so that a transaction around it is undone, where the job is another's by now."""
    ended: dict[str, Any] = {"state": state, "message": message[:500], "finished_at": database_now()}
    if state == Job.State.DONE:
        ended |= {"result": job.result} | ({"done": job.total, "total": job.total} if job.total else {})
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
        if not mine.update(**ended):
            raise Stopped
        if state == Job.State.DONE:
            JobFile.objects.bulk_create(job.pending_results)
    for name, value in ended.items():
        setattr(job, name, value)


@contextmanager
def _patience() -> Iterator[None]:
    """Statements of long work may take longer than those of a page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(settings.JOB_STATEMENT_TIMEOUT_MS)])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")


class _Beat:
    """Says every second that the job lives and how far it is, and hears whether it is still this worker's."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stopped = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name=f"beat-{job.pk}", daemon=True)

    def __enter__(self) -> _Beat:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, done: int, total: int | None = None, /) -> None:
        if self._stopped:
            raise Stopped
        self._job.done, self._job.total = done, total if total is not None else self._job.total

    def _go_on(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        job = self._job
        try:
            row = Job.objects.filter(pk=job.pk)
            mine = row.filter(attempts=job.attempts, state=Job.State.RUNNING)
            if not mine.update(beat_at=database_now(), done=job.done, total=job.total) and row.exists():
                self._stopped = True
        except DatabaseError as error:
            logger.warning("no beat of job %s: %s", job.pk, type(error).__name__)
            connection.close()
