"""SOP-053/17000/2025 as rows, word for word as the document has it."""

from datetime import date

from django.db import migrations

REVISION = {
    "number": "SOP-053/17000/2025",
    "title": "Permintaan Setting Jaringan PC/Laptop BPS Provinsi Bengkulu",
    "institution": "Badan Pusat Statistik Provinsi Bengkulu",
    "owner": "Tim Teknologi Informasi dan Pengembangan Inovasi",
    "created_on": date(2021, 1, 8),
    "revised_on": date(2025, 5, 26),
    "effective_on": date(2025, 6, 2),
    "approver_position": "Kepala BPS Provinsi Bengkulu",
    "approver_name": "Ir. Win Rizal, M.E.",
    "approver_nip": "19660825 198802 1 001",
    "portal": "https://bengkulu.web.bps.go.id/halocik/",
    "legal_basis": [
        "Undang-Undang Nomor 16 Tahun 1997 Tentang Statistik;",
        "Undang-Undang Nomor 43 Tahun 2009 tentang Kearsipan;",
        "Peraturan Pemerintah Nomor 51 Tahun 1999 tentang Penyelenggaraan Statistik;",
        "Peraturan Pemerintah Nomor 28 Tahun 2012 tentang Peraturan Pelaksanaan Undang-Undang Nomor 43 Tahun 2009 tentang Kearsipan;",
        "Peraturan Presiden Republik Indonesia Nomor 86 Tahun 2007 tentang Badan Pusat Statistik;\n"
        "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 5 Tahun 2024 tentang Perubahan atas Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 90 Tahun 2021 tentang Pembangunan dan Evaluasi Zona Integritas Menuju Wilayah Bebas dari Korupsi dan Wilayah Birokrasi Bersih dan Melayani di Instansi Pemerintah;",
        "Peraturan Badan Pusat Statistik Nomor 1 Tahun 2023 tentang Pedoman Tata Naskah Dinas Badan Pusat Statistik;",
        "Peraturan Badan Pusat Statistik Nomor 1 Tahun 2024 tentang Penyelenggaraan Kearsipan;",
        "Peraturan Badan Pusat Statistik Nomor 5 Tahun 2023 tentang Organisasi dan Tata Kerja Badan Pusat Statistik Provinsi dan Badan Pusat Statistik Kabupaten/Kota ;",
        "Peraturan Kepala Badan Pusat Statistik Nomor 19 Tahun 2013 Tentang Pedoman Penyusunan Standar Operasional Prosedur Administrasi Pemerintah di Lingkungan Badan Pusat Statistik.",
    ],
    "qualifications": [
        "Pendidikan minimal D3 atau S1 yang sudah dilatih sistem Jaringan",
        "Teknisi Muda Jaringan Komputer",
    ],
    "related": ["Internal BPS Provinsi Bengkulu"],
    "equipment": [
        "Peralatan Jaringan (Crimping Tool, Konektor, Tester dan Kabel Jaringan)",
        "Printer & Komputer",
    ],
    "warnings": [],
    "records": ["IP Address", "Nama PC", "Nama Group Jaringan"],
}

EMPLOYEE, ADMIN, TECHNICIAN = "employee", "admin", "technician"

# activity, actors in the order in which they act, kelengkapan, minutes at least and at most, output
STEPS = (
    (
        "Pengajuan tiket permohonan melalui https://bengkulu.web.bps.go.id/halocik/",
        [EMPLOYEE, ADMIN],
        "Submit tiket, approval tiket oleh admin beserta penetapan prioritas dan alokasi teknisi",
        (10, 10),
        "Ditindaklanjuti",
    ),
    ("Menerima alokasi tugas", [TECHNICIAN], "Approval tiket oleh teknisi", (5, 5), "Ditindaklanjuti"),
    (
        "Identifikasi kebutuhan dan ketersediaan",
        [TECHNICIAN],
        "Informasi kebutuhan dan ketersediaan",
        (10, 10),
        "Informasi detail kebutuhan dan ketersediaan untuk ditindaklanjuti",
    ),
    (
        "Pelaksanaan Pengaturan/ konfigurasi/ perbaikan",
        [TECHNICIAN],
        "Proses dimulainya pengaturan/ konfigurasi/ perbaikan jaringan",
        (10, 60),
        "Pengaturan/ konfigurasi/ perbaikan selesai dilakukan",
    ),
    (
        "Tes dan uji coba",
        [TECHNICIAN],
        "Pengujian dan test koneksi",
        (5, 10),
        "Hasil test koneksi jaringan (dokumen)",
    ),
    (
        "Selesai",
        [TECHNICIAN, EMPLOYEE],
        "Perangkat telah terkoneksi",
        (5, 10),
        "Perangkat siap digunakan dalam jaringan",
    ),
)
DECISION, WAY_BACK = 5, 4


def write(apps, schema_editor):
    revision = apps.get_model("tickets", "SopRevision").objects.create(**REVISION)
    steps = apps.get_model("tickets", "SopStep").objects
    for number, (activity, actors, requirements, (minimum, maximum), output) in enumerate(STEPS, start=1):
        steps.create(
            revision=revision,
            number=number,
            activity=activity,
            actors=actors,
            requirements=requirements,
            minimum=minimum,
            maximum=maximum,
            output=output,
            output_is_document=number == DECISION,
            fails_to=WAY_BACK if number == DECISION else None,
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_grants_and_lists")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
