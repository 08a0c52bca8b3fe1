"""All tickets and all steps as tables: the same tickets as the list, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dashboard import exports
from dashboard.exports import STEP_COLUMNS, TICKET_COLUMNS
from jobs.models import Job
from jobs.running import run_next
from tests.tickets.factories import Office, make_office
from tickets.models import StepRun, Ticket

pytestmark = pytest.mark.django_db

HOSTILE = "=HYPERLINK(1)"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office() -> Office:
    office = make_office()
    office.ticket_in("done")
    office.ticket_in("working", on_hold=True, title=HOSTILE)
    office.submit(by=office.colleague)
    return office


def exported(user: User, **form: str) -> bytes:
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("dashboard:export"), {"what": "tickets", "format": "csv", "query": "state=all"} | form)
    assert answer.status_code == 302, answer.content
    job = run_next()
    assert job is not None
    assert job.state == Job.State.DONE, job.message
    answer = client.get(job.files.get().get_absolute_url())
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_every_ticket_of_the_list_is_a_row_in_the_offices_words(office: Office) -> None:
    rows = read_csv(exported(office.supervisor))
    assert [row["nomor tiket"] for row in rows] == list(Ticket.objects.order_by("pk").values_list("number", flat=True))
    assert [row["status"] for row in rows] == ["Selesai", "Dikerjakan", "Menunggu persetujuan"]
    assert rows[0]["ketepatan waktu"] == "tepat waktu"
    assert rows[0]["waktu kerja bersih (detik)"] == "360"
    assert rows[0]["diajukan"] == "2026-10-12 08:00:00"
    assert rows[2]["teknisi"] == ""


def test_every_step_is_a_row_with_its_standard_its_times_and_its_pauses(office: Office) -> None:
    rows = read_csv(exported(office.supervisor, what="steps"))
    assert len(rows) == StepRun.objects.count()
    first, held = rows[0], next(row for row in rows if row["alasan penundaan"])
    assert (first["nama langkah"], first["waktu kotor (detik)"], first["standar paling lama (menit kerja)"]) == (
        "Pengajuan", "60", "10",
    )  # fmt: skip
    assert (held["langkah"], held["alasan penundaan"], held["jatuh tempo"]) == ("4", "Menunggu perangkat/material", "")


def test_the_lists_filters_choose_the_rows(office: Office) -> None:
    rows = read_csv(exported(office.supervisor, query="state=done&sort=oldest&after=x"))
    assert [row["status"] for row in rows] == ["Selesai"]


def test_a_spreadsheet_has_numbers_as_numbers_and_hostile_text_as_text(office: Office) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported(office.supervisor, format="xlsx"))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    titles = [column.title for column in TICKET_COLUMNS]
    hostile, seconds = rows[1][titles.index("permintaan")], rows[0][titles.index("waktu kerja bersih (detik)")]
    assert (hostile.data_type, hostile.value) == ("s", HOSTILE)
    assert (seconds.data_type, seconds.value) == ("n", 360)


def test_in_csv_hostile_text_is_no_formula(office: Office) -> None:
    assert read_csv(exported(office.supervisor))[1]["permintaan"] == f"'{HOSTILE}"


def test_words_stay_indonesian_for_an_english_reader(office: Office) -> None:
    User.objects.filter(pk=office.supervisor.pk).update(language="en")
    assert read_csv(exported(office.supervisor))[0]["status"] == "Selesai"


def test_who_loses_the_right_meanwhile_gets_nothing(office: Office) -> None:
    client = Client()
    client.force_login(office.supervisor)
    client.post(reverse("dashboard:export"), {"what": "tickets", "format": "csv", "query": ""})
    office.supervisor.groups.clear()
    job = run_next()
    assert job is not None
    assert (job.state, job.files.count()) == (Job.State.FAILED, 0)


@pytest.mark.parametrize("form", [{"what": "x"}, {"format": "pdf"}, {"query": "x" * 2001}, {"query": "\x00"}])
def test_bad_input_is_told_and_starts_nothing(office: Office, form: dict[str, str]) -> None:
    client = Client()
    client.force_login(office.supervisor)
    answer = client.post(reverse("dashboard:export"), {"what": "tickets", "format": "csv", "query": ""} | form)
    assert answer.status_code == 422
    assert run_next() is None


def test_an_address_that_no_page_would_read_starts_nothing(office: Office) -> None:
    client = Client()
    client.force_login(office.supervisor)
    asked = {"what": "tickets", "format": "csv", "query": "a" + "&a" * 999 + "&"}
    assert client.post(reverse("dashboard:export"), asked).status_code == 400
    assert not Job.objects.exists()


def test_no_two_columns_have_one_title() -> None:
    for columns in (TICKET_COLUMNS, STEP_COLUMNS):
        assert len({column.title for column in columns}) == len(columns)


def test_the_page_counts_what_would_be_exported(office: Office) -> None:
    client = Client()
    client.force_login(office.supervisor)
    told = {
        query: client.get(f"{reverse('dashboard:reports')}?{query}").context["chosen"] for query in ("", "state=all")
    }
    assert told == {"": "2", "state=all": "3"}
    assert exports.count(exports.What.TICKETS, exports.chosen_tickets("state=all", office.supervisor, office.now)) == 3
