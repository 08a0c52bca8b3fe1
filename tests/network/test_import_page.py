"""jaringan/impor/ and jaringan/ekspor/: from the upload to what is stored, as a browser sends and reads it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from jobs import running, tables
from jobs.models import Job
from network import actions
from network.imports import work
from network.models import Device, Subnet, Workgroup
from tests.factories import Cast
from tests.network.factories import make_device

pytestmark = pytest.mark.usefixtures("subnet", "workgroup")

HEAD = "nama pc;alamat ip;grup jaringan;jenis;unit;nup"
GOOD = "PC-1;10.17.0.20;BPS1700;PC;1700;1"
BAD = "PC_2;10.17.0.1;BPS1700;PC;1700;2"


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


def upload(client: Client, *rows: str) -> Job:
    """Uploads and lets a worker look at it."""
    content = "\n".join([HEAD, *rows]).encode()
    answer = client.post(reverse("network:import"), {"file": SimpleUploadedFile("perangkat.csv", content)})
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == reverse("network:import-preview", args=[job.pk])
    running.run_next()
    job.refresh_from_db()
    return job


def page_of(client: Client, job: Job) -> str:
    return client.get(reverse("network:import-preview", args=[job.pk])).content.decode()


def commit(client: Client, preview: Job, **data: str) -> Job:
    client.post(reverse("network:import-commit", args=[preview.pk]), data)
    job = Job.objects.filter(kind=work.IMPORT).latest("pk")
    running.run_next()
    job.refresh_from_db()
    return job


def test_a_good_file_is_looked_at_first_and_stored_on_the_second_click(admin: Client) -> None:
    preview = upload(admin, GOOD)
    page = page_of(admin, preview)
    assert "1 ditambahkan" in page and "Simpan semuanya" in page and not Device.objects.exists()
    job = commit(admin, preview)
    assert (job.state, job.message) == (Job.State.DONE, "1 ditambahkan, 0 diperbarui, 0 tetap.")
    assert Device.objects.get().current_address == "10.17.0.20"
    assert "sudah dikirim" in page_of(admin, preview)


def test_while_it_is_looked_at_the_page_shows_how_far(admin: Client) -> None:
    admin.post(reverse("network:import"), {"file": SimpleUploadedFile("perangkat.csv", b"x")})
    page = page_of(admin, Job.objects.latest("pk"))
    assert "perangkat.csv" in page and "job-bar" in page


def test_a_bad_row_is_shown_with_its_errors_and_can_be_left_out(admin: Client) -> None:
    preview = upload(admin, GOOD, BAD)
    page = page_of(admin, preview)
    assert "Nama PC terdiri atas" in page and "gateway" in page and "Simpan tanpa 1 baris bermasalah" in page
    admin.post(reverse("network:import-commit", args=[preview.pk]))
    assert not Job.objects.filter(kind=work.IMPORT).exists(), "all, with a bad row among them"
    job = commit(admin, preview, skip="1")
    assert "1 baris bermasalah." in job.message and Device.objects.get().pc_name == "PC-1"


def test_the_list_of_bad_rows_can_be_mended_and_uploaded(admin: Client) -> None:
    preview = upload(admin, GOOD, BAD)
    with preview.results.get().open() as file:
        table = tables.read_rows(file)
    assert table.header[-2:] == ["baris", "galat"] and table.rows[0].cells[-2] == "3"
    assert "alamat ip: " in table.rows[0].cells[-1]


def test_pressing_twice_stores_once(admin: Client) -> None:
    preview = upload(admin, GOOD)
    for _press in range(2):
        admin.post(reverse("network:import-commit", args=[preview.pk]))
    assert Job.objects.filter(kind=work.IMPORT).count() == 1


def test_what_changed_since_the_preview_is_found(admin: Client, device: Device, workgroup: Workgroup) -> None:
    preview = upload(admin, GOOD)
    actions.activate(device, address="10.17.0.20", pc_name="PC-T", workgroup=workgroup, by=None)
    job = commit(admin, preview)
    assert job.state == Job.State.FAILED and "1 baris kini bermasalah" in job.message
    assert Device.objects.count() == 1


def test_who_may_not_import_any_more_when_a_worker_begins_imports_nothing(admin: Client, cast: Cast) -> None:
    preview = upload(admin, GOOD)
    admin.post(reverse("network:import-commit", args=[preview.pk]))
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    job = running.run_next()
    assert job is not None and job.state == Job.State.FAILED and "tidak lagi berwenang" in job.message
    assert not Device.objects.exists()


def test_a_stored_file_that_was_changed_is_not_imported(admin: Client) -> None:
    from jobs.files import path_of

    preview = upload(admin, GOOD)
    path_of(preview.input.name).write_text("nama pc\nPC-9\n")
    job = commit(admin, preview)
    assert job.state == Job.State.FAILED and not Device.objects.exists()


@pytest.mark.parametrize("content", [b"", b"gaji;umur\n1;2\n", HEAD.encode(), b"PK\x03\x04x"])
def test_a_file_that_is_no_table_of_devices_is_told_so(admin: Client, content: bytes) -> None:
    answer = admin.post(reverse("network:import"), {"file": SimpleUploadedFile("x.csv", content)})
    if not content:
        assert answer.status_code == 422
        return
    running.run_next()
    job = Job.objects.latest("pk")
    assert job.state == Job.State.FAILED and job.message
    assert job.message in page_of(admin, job).replace("&#x27;", "'")


def test_too_large_a_file_is_refused_at_once(admin: Client) -> None:
    large = SimpleUploadedFile("x.csv", b"x" * (tables.MAX_BYTES + 1))
    answer = admin.post(reverse("network:import"), {"file": large})
    assert answer.status_code == 422 and "terlalu besar" in answer.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_example_can_be_uploaded_once_its_names_are_known(admin: Client, form: str) -> None:
    content = admin.get(reverse("network:import-example", args=[form])).content
    assert tables.read_rows(io.BytesIO(content)).rows[0].cells[1] == "PC-CONTOH"
    assert admin.get(reverse("network:import-example", args=["exe"])).status_code == 404


def test_the_export_holds_what_the_list_shows_and_comes_back_unchanged(
    admin: Client, subnet: Subnet, workgroup: Workgroup
) -> None:
    for number, kind in enumerate(["pc", "laptop", "pc"], start=20):
        device = make_device(kind=kind, brand_model="=1+1")
        actions.activate(device, address=f"10.17.0.{number}", pc_name=f"PC-{number}", workgroup=workgroup, by=None)
    actions.decommission(make_device(kind="pc"), reason="Rusak.", by=None)
    answer = admin.post(reverse("network:export"), {"form": "csv", "kind": "pc", "q": "", "unit": ""})
    running.run_next()
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == job.get_absolute_url() and job.message == "2 perangkat."
    with job.results.get().open() as file:
        content = file.read()
    assert b"PC-20" in content and b"PC-21" not in content and b";=1" not in content
    admin.post(reverse("network:import"), {"file": SimpleUploadedFile("perangkat.csv", content)})
    running.run_next()
    preview = Job.objects.latest("pk")
    assert preview.result["counts"] == {"added": 0, "updated": 0, "unchanged": 2, "error": 0}
    assert "sama dengan registri" in page_of(admin, preview)
    assert admin.post(reverse("network:import-commit", args=[preview.pk])).status_code == 302
    assert not Job.objects.filter(kind=work.IMPORT).exists()
