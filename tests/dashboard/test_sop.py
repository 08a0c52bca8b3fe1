"""The SOP's page: every fact of the document, drawn from the rows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import UserFactory
from tests.tickets.factories import Office, make_office, revised_sop
from tickets.actions import database_now
from tickets.models import SopRevision

pytestmark = pytest.mark.django_db

# Restated from the source document, not from the migration.
IDENTITY = [
    "SOP-053/17000/2025",
    "Permintaan Setting Jaringan PC/Laptop BPS Provinsi Bengkulu",
    "Badan Pusat Statistik Provinsi Bengkulu",
    "Tim Teknologi Informasi dan Pengembangan Inovasi",
    "8 Januari 2021",
    "26 Mei 2025",
    "2 Juni 2025",
    "Kepala BPS Provinsi Bengkulu",
    "Ir. Win Rizal, M.E.",
    "NIP. 19660825 198802 1 001",
    "https://bengkulu.web.bps.go.id/halocik/",
]
LEGAL_BASIS = [
    "Undang-Undang Nomor 16 Tahun 1997 Tentang Statistik;",
    "Undang-Undang Nomor 43 Tahun 2009 tentang Kearsipan;",
    "Peraturan Pemerintah Nomor 51 Tahun 1999 tentang Penyelenggaraan Statistik;",
    "Peraturan Pemerintah Nomor 28 Tahun 2012 tentang Peraturan Pelaksanaan Undang-Undang Nomor 43 Tahun 2009 tentang "
    "Kearsipan;",
    "Peraturan Presiden Republik Indonesia Nomor 86 Tahun 2007 tentang Badan Pusat Statistik; Peraturan Menteri "
    "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 5 Tahun 2024 tentang Perubahan atas Peraturan Menteri "
    "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 90 Tahun 2021 tentang Pembangunan dan Evaluasi Zona "
    "Integritas Menuju Wilayah Bebas dari Korupsi dan Wilayah Birokrasi Bersih dan Melayani di Instansi Pemerintah;",
    "Peraturan Badan Pusat Statistik Nomor 1 Tahun 2023 tentang Pedoman Tata Naskah Dinas Badan Pusat Statistik;",
    "Peraturan Badan Pusat Statistik Nomor 1 Tahun 2024 tentang Penyelenggaraan Kearsipan;",
    "Peraturan Badan Pusat Statistik Nomor 5 Tahun 2023 tentang Organisasi dan Tata Kerja Badan Pusat Statistik "
    "Provinsi dan Badan Pusat Statistik Kabupaten/Kota ;",
    "Peraturan Kepala Badan Pusat Statistik Nomor 19 Tahun 2013 Tentang Pedoman Penyusunan Standar Operasional "
    "Prosedur Administrasi Pemerintah di Lingkungan Badan Pusat Statistik.",
]
TERMS = [
    "Pendidikan minimal D3 atau S1 yang sudah dilatih sistem Jaringan",
    "Teknisi Muda Jaringan Komputer",
    "Internal BPS Provinsi Bengkulu",
    "Peralatan Jaringan (Crimping Tool, Konektor, Tester dan Kabel Jaringan)",
    "Printer & Komputer",
    "IP Address",
    "Nama PC",
    "Nama Group Jaringan",
]
STEPS = [
    (
        "Pengajuan tiket permohonan melalui https://bengkulu.web.bps.go.id/halocik/",
        "Pegawai → Admin/PJK TIP",
        "Submit tiket, approval tiket oleh admin beserta penetapan prioritas dan alokasi teknisi",
        "10 menit",
        "Ditindaklanjuti",
    ),
    ("Menerima alokasi tugas", "Teknisi", "Approval tiket oleh teknisi", "5 menit", "Ditindaklanjuti"),
    (
        "Identifikasi kebutuhan dan ketersediaan",
        "Teknisi",
        "Informasi kebutuhan dan ketersediaan",
        "10 menit",
        "Informasi detail kebutuhan dan ketersediaan untuk ditindaklanjuti",
    ),
    (
        "Pelaksanaan Pengaturan/ konfigurasi/ perbaikan",
        "Teknisi",
        "Proses dimulainya pengaturan/ konfigurasi/ perbaikan jaringan",
        "10–60 menit",
        "Pengaturan/ konfigurasi/ perbaikan selesai dilakukan",
    ),
    (
        "Tes dan uji coba",
        "Teknisi: Berhasil → 6, Gagal → 4",
        "Pengujian dan test koneksi",
        "5–10 menit",
        "Hasil test koneksi jaringan (dokumen)",
    ),
    (
        "Selesai",
        "Teknisi → Pegawai",
        "Perangkat telah terkoneksi",
        "5–10 menit",
        "Perangkat siap digunakan dalam jaringan",
    ),
]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(UserFactory(language="id"))
    return client


def page(reader: Client) -> str:
    response = reader.get(reverse("dashboard:sop"))
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """What a person reads, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html.replace("<wbr>", ""))).split())


def table_rows(html: str) -> list[str]:
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    return re.findall(r"<tr>.*?</tr>", body, re.DOTALL)


@pytest.mark.parametrize("fact", IDENTITY + LEGAL_BASIS + TERMS)
def test_every_fact_of_the_documents_head_is_on_the_page(reader: Client, fact: str) -> None:
    assert fact in words(page(reader))


def test_the_legal_basis_has_nine_entries() -> None:
    assert [" ".join(entry.split()) for entry in SopRevision.objects.get().legal_basis] == LEGAL_BASIS


def test_the_document_warns_of_nothing(reader: Client) -> None:
    assert "Peringatan –" in words(page(reader))


@pytest.mark.parametrize("number", range(1, 7))
def test_every_fact_of_each_step_is_in_its_row(reader: Client, number: int) -> None:
    row = words(table_rows(page(reader))[number - 1])

    assert row.startswith(str(number))
    for fact in STEPS[number - 1]:
        assert fact in row


def test_there_are_six_steps_of_45_to_105_minutes(reader: Client) -> None:
    html = page(reader)

    assert len(table_rows(html)) == 6
    assert "45–105 menit kerja" in words(html)


def test_the_table_has_a_column_for_each_actor(reader: Client) -> None:
    head = page(reader).split("<thead>")[1].split("</thead>")[0]

    assert words(head) == "No. Kegiatan Pelaksana Mutu Baku Pegawai Admin/PJK TIP Teknisi Kelengkapan Waktu Output"


def test_each_row_is_drawn_with_its_symbols(reader: Client) -> None:
    drawn = [re.findall(r'class="sop-symbol sop-(\w+)"', row) for row in table_rows(page(reader))]

    assert drawn == [
        ["terminator", "process"],
        ["process"],
        ["process"],
        ["process"],
        ["decision", "document"],
        ["process", "terminator"],
    ]


def test_a_failed_test_leads_back_to_the_work(reader: Client) -> None:
    rows = table_rows(page(reader))

    assert ["sop-line-back" in row for row in rows] == [False, False, False, True, True, False]
    assert "sop-arrow-back" in rows[3]


def test_success_leads_on(reader: Client) -> None:
    row = table_rows(page(reader))[4]

    assert "Berhasil" in words(row)
    assert "Gagal" in words(row)


def test_the_legend_explains_the_five_symbols(reader: Client) -> None:
    legend = page(reader).split('class="sop-legend"')[1].split("</ul>")[0]

    assert re.findall(r'class="sop-symbol sop-(\w+)"', legend) == [
        "terminator",
        "process",
        "decision",
        "arrow",
        "document",
    ]


def test_a_changed_row_changes_the_page(reader: Client) -> None:
    revised_sop({2: {"activity": "Menerima penugasan", "maximum": 15, "actors": ["admin"]}})
    row = table_rows(page(reader))[1]

    assert "Menerima penugasan" in words(row)
    assert "5–15 menit" in words(row)
    assert "Admin/PJK TIP" in words(row)
    assert "45–115 menit kerja" in words(page(reader))


def test_a_changed_head_changes_the_page(reader: Client) -> None:
    revised_sop(approver_name="Nama Lain", warnings=["Awas tegangan listrik"])

    assert "Nama Lain" in words(page(reader))
    assert "Awas tegangan listrik" in words(page(reader))


def test_the_documents_text_is_shown_as_text(reader: Client) -> None:
    revised_sop(title="<script>alert(1)</script>")

    assert "<script>alert(1)</script>" not in page(reader)


def test_the_page_shows_the_revision_in_force(reader: Client) -> None:
    revision = revised_sop(effective_on=date(2099, 1, 1))

    html = page(reader)
    assert f'<dd class="sop-number">{revision.number}</dd>' not in html
    assert "akan berlaku" in words(html)


def test_without_a_revision_in_force_there_is_no_page(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.sop.database_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))

    assert reader.get(reverse("dashboard:sop")).status_code == 404


def test_the_documents_own_text_stays_indonesian_for_an_english_reader(reader: Client) -> None:
    User.objects.update(language="en")
    html = page(reader)

    assert '<html lang="en"' in html
    assert '<th class="sop-cell-activity" scope="row" data-number="2" lang="id">Menerima alokasi tugas</th>' in html


def test_a_stranger_is_sent_to_the_log_in(client: Client) -> None:
    response = client.get(reverse("dashboard:sop"))

    assert response.status_code == 302
    assert "/akun/masuk/" in response["Location"]


def test_the_page_is_only_read(reader: Client) -> None:
    assert reader.post(reverse("dashboard:sop")).status_code == 405


def test_the_page_costs_few_queries(reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(8):
        page(reader)


def test_no_number_is_written_with_a_decimal_comma(reader: Client) -> None:
    assert not re.search(r'(?:x|y|x1|x2|y1|y2)="[^"]*,', page(reader))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def busy() -> Office:
    """An office that finished a ticket a day ago."""
    office = make_office()
    office.now = database_now() - timedelta(days=1)
    office.ticket_in("done")
    return office


def test_who_sees_the_figures_reads_beside_each_standard_what_was(busy: Office) -> None:
    asked = {"period": "day", "on": f"{timezone.localdate(busy.now)}"}
    html = words(client_of(busy.supervisor).get(reverse("dashboard:sop"), asked).content.decode())
    assert html.count("tepat waktu, n 1 · sedikit data") == 6


def test_of_a_standard_that_nobody_worked_by_there_is_no_figure(busy: Office) -> None:
    revision = revised_sop({4: {"maximum": 90}})
    day = timezone.localdate(busy.now)
    address = reverse("dashboard:sop-revision", args=[revision.pk])
    html = words(client_of(busy.supervisor).get(address, {"period": "day", "on": f"{day}"}).content.decode())
    assert html.count("tepat waktu, n 1") == 5
    assert html.count("belum ada data") == 1


@pytest.mark.parametrize("role", ["requester", "technician"])
def test_nobody_else_sees_figures_on_the_sop(busy: Office, role: str) -> None:
    html = words(client_of(getattr(busy, role)).get(reverse("dashboard:sop")).content.decode())
    assert "P90" not in html
