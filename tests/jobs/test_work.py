"""Long work: started with the caller's transaction, run once, ended by whoever holds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Unit, User
from jobs import doorbell, files, running, work
from jobs.instants import database_now
from jobs.models import Job, JobFile
from jobs.work import Progress
from tests.factories import UserFactory

Worked = Callable[..., Job]


def nothing(_job: Job, _progress: Progress) -> None:
    pass


def test_a_job_that_was_run_is_done_and_says_what_came_of_it(worked: Worked) -> None:
    def run(job: Job, progress: Progress) -> None:
        progress(1, 4)
        job.result, job.message = {"added": 3}, "3 ditambahkan."

    job = worked(run, link=lambda done: f"/x/{done.pk}/")
    assert (job.state, job.message, job.result) == (Job.State.DONE, "3 ditambahkan.", {"added": 3})
    assert (job.done, job.total, job.attempts, job.link) == (4, 4, 1, f"/x/{job.pk}/")
    assert job.finished_at is not None and running.run_next() is None


def test_starting_rings_once_the_row_can_be_seen(
    owner: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    rings: list[tuple[str, str]] = []
    monkeypatch.setattr(doorbell, "ring", lambda *ring: rings.append(ring))
    work.kind("test", label="Uji")(nothing)
    with django_capture_on_commit_callbacks(execute=True):
        work.start("test", by=owner)
        assert rings == []
    assert rings == [("jobs.tasks.work", "long")]


def test_whoever_takes_one_of_two_calls_for_the_other(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rings: list[tuple[str, str]] = []
    monkeypatch.setattr(doorbell, "ring", lambda *ring: rings.append(ring))
    work.kind("test", label="Uji")(lambda _job, _progress: rings.append(("worked", "")))
    first, second = work.start("test", by=owner), work.start("test", by=owner)
    assert [running.run_next(), running.run_next(), running.run_next()] == [first, second, None]
    assert [name for name, _queue in rings] == ["jobs.tasks.work", "worked", "jobs.tasks.work", "worked"]


def test_a_refusal_ends_the_job_with_its_sentence_in_the_owners_language(worked: Worked, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="en")

    def run(_job: Job, _progress: Progress) -> None:
        raise ValidationError(_("Berkas ini kosong."))

    job = worked(run)
    assert (job.state, job.message) == (Job.State.FAILED, "This file is empty.")


def test_a_bug_ends_the_job_and_stands_in_the_log(worked: Worked, caplog: pytest.LogCaptureFixture) -> None:
    job = worked(lambda _job, _progress: 1 / 0)
    assert job.state == Job.State.FAILED and "kesalahan" in job.message
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_fails_leaves_the_job_to_a_later_attempt(owner: User) -> None:
    def run(job: Job, _progress: Progress) -> None:
        if job.attempts == 1:
            raise OperationalError("canceling statement due to lock timeout")

    work.kind("test", label="Uji")(run)
    job = work.start("test", by=owner)
    with pytest.raises(OperationalError):
        running.run_next()
    assert running.run_next() is None, "its beat is not stale yet"
    went_silent(job)
    running.run_next()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_a_commit_whose_answer_was_lost_keeps_the_files(
    owner: User, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(job: Job, _progress: Progress) -> None:
        with job.write_result("hasil.txt", "text/plain") as file:
            file.write(b"x")

    def end(job: Job, state: Job.State, message: str) -> None:
        real(job, state, message)
        job.state = Job.State.RUNNING
        raise OperationalError("server closed the connection unexpectedly")

    real = running._end
    monkeypatch.setattr(running, "_end", end)
    work.kind("test", label="Uji")(run)
    job = work.start("test", by=owner)
    with pytest.raises(OperationalError):
        running.run_next()
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert files.measured(job.results.get().name)[0] == 1


def went_silent(job: Job) -> None:
    long_ago = database_now() - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(created_at=long_ago, started_at=long_ago, beat_at=long_ago)


def test_a_job_whose_workers_keep_dying_is_set_aside_and_the_next_one_is_run(owner: User) -> None:
    work.kind("test", label="Uji")(nothing)
    poisoned, next_one = work.start("test", by=owner), work.start("test", by=owner)
    now = database_now()
    Job.objects.filter(pk=poisoned.pk).update(state="running", attempts=3, started_at=now, beat_at=now)
    went_silent(poisoned)
    assert running.run_next() == next_one
    poisoned.refresh_from_db()
    assert poisoned.state == Job.State.FAILED and "3 kali" in poisoned.message


@pytest.mark.parametrize("atomic", [True, False])
def test_a_worker_that_was_overtaken_ends_nothing(owner: User, atomic: bool) -> None:
    """Another one has taken the job meanwhile; in one transaction, what the slow one wrote is undone as well."""

    def run(job: Job, _progress: Progress) -> None:
        Unit.objects.create(code="9999", name="Kantor")
        job.attempts -= 1  # what this worker believes, while the row says otherwise

    work.kind("test", label="Uji", atomic=atomic)(run)
    job = work.start("test", by=owner)
    running.run_next()
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert Unit.objects.filter(code="9999").exists() is not atomic


def test_a_cancelled_job_is_not_run_and_cannot_be_cancelled_again(owner: User) -> None:
    work.kind("test", label="Uji")(nothing)
    job = work.start("test", by=owner)
    assert work.cancel(job) and not work.cancel(job)
    assert running.run_next() is None
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_statements_of_long_work_may_take_longer(worked: Worked, settings: Settings) -> None:
    settings.JOB_STATEMENT_TIMEOUT_MS = 77_000
    found: list[str] = []

    def run(_job: Job, _progress: Progress) -> None:
        found.append(patience())

    before = patience()
    worked(run)
    assert (found, patience()) == (["77s"], before)


def patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_a_job_has_the_file_it_was_given_and_keeps_the_one_it_made(worked: Worked, owner: User, store: Path) -> None:
    def run(job: Job, _progress: Progress) -> None:
        with job.input.open() as given, job.write_result("daftar.csv", "text/csv") as made:
            made.write(given.read().upper())

    work.kind("test", label="Uji")(run)
    job = work.start("test", by=owner, upload=SimpleUploadedFile("../../masuk.csv", b"abc"))
    running.run_next()
    made = job.results.get()
    assert (job.input.label, made.label, made.size) == ("masuk.csv", "daftar.csv", 3)
    assert files.path_of(made.name).read_bytes() == b"ABC"


def test_a_file_that_has_changed_is_not_read(owner: User, store: Path) -> None:
    work.kind("test", label="Uji")(nothing)
    job = work.start("test", by=owner, upload=SimpleUploadedFile("masuk.csv", b"abc"))
    files.path_of(job.input.name).write_bytes(b"abd")
    with pytest.raises(OSError, match="changed"):
        job.input.open()


def test_a_job_that_fails_leaves_no_result_behind(worked: Worked, store: Path) -> None:
    def run(job: Job, _progress: Progress) -> None:
        with job.write_result("daftar.csv", "text/csv") as made:
            made.write(b"x")
        raise ValidationError("Tidak jadi.")

    job = worked(run)
    assert not job.results.exists()
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_old_jobs_go_with_their_files(owner: User, store: Path, settings: Settings) -> None:
    work.kind("test", label="Uji")(nothing)
    old, young, running_on = (
        work.start("test", by=owner, upload=SimpleUploadedFile("a.csv", b"a")) for _number in range(3)
    )
    kept_from = database_now() - timedelta(days=settings.JOB_RESULTS_DAYS)
    for job, ended in ((old, kept_from - timedelta(hours=1)), (young, kept_from + timedelta(hours=1))):
        Job.objects.filter(pk=job.pk).update(state="failed", created_at=ended, finished_at=ended)
    names = {job: job.input.name for job in (old, young, running_on)}
    assert running.remove_old() == 1
    assert set(Job.objects.all()) == {young, running_on}
    assert [files.path_of(name).exists() for name in names.values()] == [False, True, True]
    assert JobFile.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"state": "done"}, {"finished_at": "2026-01-01T00:00Z"}, {"state": "running"}]
)
def test_the_database_refuses_a_job_that_cannot_be(owner: User, wrong: dict[str, Any]) -> None:
    work.kind("test", label="Uji")(nothing)
    job = work.start("test", by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


def test_a_stranger_does_not_see_the_job(owner: User) -> None:
    work.kind("test", label="Uji")(nothing)
    work.start("test", by=owner)
    assert not Job.objects.of(UserFactory()).exists()
