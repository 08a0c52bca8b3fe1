"""The pages of long work, as a browser reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from jobs import running, work
from jobs.models import Job
from jobs.work import Progress


def writes(job: Job, _progress: Progress) -> None:
    with job.write_result("daftar perangkat.csv", "text/csv") as made:
        made.write(b"a;b")
    job.message = "1 baris."


@pytest.fixture
def job(owner: User, store: Path) -> Job:
    work.kind("test", label="Ekspor uji", link=lambda _job: "/hasil/")(writes)
    return work.start("test", by=owner, upload=SimpleUploadedFile("a.csv", b"a"))


@pytest.fixture
def visitor(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_a_job_that_runs_shows_how_far_it_is_and_asks_again(visitor: Client, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(done=1500, total=3000)
    page = visitor.get(job.get_absolute_url()).content.decode()
    assert 'max="3000" value="1500"' in page and "1.500 dari 3.000" in page
    progress = reverse("jobs:progress", args=[job.pk])
    assert f'hx-get="{progress}"' in page
    assert "HX-Refresh" not in visitor.get(progress).headers


def test_a_job_that_is_over_asks_no_more_and_leads_to_what_it_made(visitor: Client, job: Job) -> None:
    running.run_next()
    page = visitor.get(job.get_absolute_url()).content.decode()
    assert "hx-get" not in page.split('id="job-')[1].split("</section>")[0]
    assert "1 baris." in page and "daftar perangkat.csv" in page and 'href="/hasil/"' in page
    assert visitor.get(reverse("jobs:progress", args=[job.pk])).headers["HX-Refresh"] == "true"


def test_a_result_is_a_download_and_nothing_else(visitor: Client, job: Job) -> None:
    running.run_next()
    answer = visitor.get(job.results.get().get_absolute_url())
    assert b"".join(answer.streaming_content) == b"a;b"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="daftar perangkat.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nginx_sends_it_where_it_may(visitor: Client, job: Job, settings: Settings) -> None:
    running.run_next()
    settings.X_ACCEL_ATTACHMENTS = "/halocik-attachments"
    name = job.results.get().name.hex
    answer = visitor.get(job.results.get().get_absolute_url())
    assert answer.headers["X-Accel-Redirect"] == f"/halocik-attachments/{name[:2]}/{name}"


def test_the_owner_cancels_it(visitor: Client, job: Job) -> None:
    page = visitor.post(reverse("jobs:cancel", args=[job.pk]), follow=True).content.decode()
    assert "Pekerjaan dibatalkan." in page
    again = visitor.post(reverse("jobs:cancel", args=[job.pk]), follow=True).content.decode()
    assert "sudah berakhir" in again


def test_the_list_shows_ones_own(visitor: Client, job: Job, admin_user: User) -> None:
    assert "Ekspor uji" in visitor.get(reverse("jobs:list")).content.decode()
    other = Client()
    other.force_login(admin_user)
    assert "Belum ada pekerjaan" in other.get(reverse("jobs:list")).content.decode()
