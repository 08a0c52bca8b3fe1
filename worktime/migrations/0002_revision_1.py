from django.db import migrations

from accounts import roles

# Frozen when this was written, with `holidays` 0.109, so that every installation starts from the same revision 1
# whatever library it has. Corrections are later revisions.
PUBLIC = {
    "2024-01-01": "Tahun Baru Masehi",
    "2024-02-08": "Isra Mikraj Nabi Muhammad",
    "2024-02-10": "Tahun Baru Imlek",
    "2024-02-14": "Hari Pemilihan Umum",
    "2024-03-11": "Hari Suci Nyepi",
    "2024-03-29": "Wafat Yesus Kristus",
    "2024-03-31": "Kebangkitan Yesus Kristus",
    "2024-04-10": "Hari Raya Idul Fitri",
    "2024-04-11": "Hari kedua dari Hari Raya Idul Fitri",
    "2024-05-01": "Hari Buruh Internasional",
    "2024-05-09": "Kenaikan Yesus Kristus",
    "2024-05-23": "Hari Raya Waisak",
    "2024-06-01": "Hari Lahir Pancasila",
    "2024-06-17": "Hari Raya Idul Adha",
    "2024-07-07": "Tahun Baru Islam",
    "2024-08-17": "Hari Kemerdekaan Republik Indonesia",
    "2024-09-16": "Maulid Nabi Muhammad",
    "2024-11-27": "Hari Pemilihan Kepala Daerah",
    "2024-12-25": "Hari Raya Natal",
    "2025-01-01": "Tahun Baru Masehi",
    "2025-01-27": "Isra Mikraj Nabi Muhammad",
    "2025-01-29": "Tahun Baru Imlek",
    "2025-03-29": "Hari Suci Nyepi",
    "2025-03-31": "Hari Raya Idul Fitri",
    "2025-04-01": "Hari kedua dari Hari Raya Idul Fitri",
    "2025-04-18": "Wafat Yesus Kristus",
    "2025-04-20": "Kebangkitan Yesus Kristus",
    "2025-05-01": "Hari Buruh Internasional",
    "2025-05-12": "Hari Raya Waisak",
    "2025-05-29": "Kenaikan Yesus Kristus",
    "2025-06-01": "Hari Lahir Pancasila",
    "2025-06-06": "Hari Raya Idul Adha",
    "2025-06-27": "Tahun Baru Islam",
    "2025-08-17": "Hari Kemerdekaan Republik Indonesia",
    "2025-09-05": "Maulid Nabi Muhammad",
    "2025-12-25": "Hari Raya Natal",
    "2026-01-01": "Tahun Baru Masehi",
    "2026-01-16": "Isra Mikraj Nabi Muhammad",
    "2026-02-17": "Tahun Baru Imlek",
    "2026-03-19": "Hari Suci Nyepi",
    "2026-03-21": "Hari Raya Idul Fitri",
    "2026-03-22": "Hari kedua dari Hari Raya Idul Fitri",
    "2026-04-03": "Wafat Yesus Kristus",
    "2026-04-05": "Kebangkitan Yesus Kristus",
    "2026-05-01": "Hari Buruh Internasional",
    "2026-05-14": "Kenaikan Yesus Kristus",
    "2026-05-27": "Hari Raya Idul Adha",
    "2026-05-31": "Hari Raya Waisak",
    "2026-06-01": "Hari Lahir Pancasila",
    "2026-06-16": "Tahun Baru Islam",
    "2026-08-17": "Hari Kemerdekaan Republik Indonesia",
    "2026-08-25": "Maulid Nabi Muhammad",
    "2026-12-25": "Hari Raya Natal",
    "2027-01-01": "Tahun Baru Masehi",
    "2027-01-05": "Isra Mikraj Nabi Muhammad",
    "2027-02-06": "Tahun Baru Imlek",
    "2027-03-08": "Hari Suci Nyepi",
    "2027-03-10": "Hari Raya Idul Fitri",
    "2027-03-11": "Hari kedua dari Hari Raya Idul Fitri",
    "2027-03-26": "Wafat Yesus Kristus",
    "2027-03-28": "Kebangkitan Yesus Kristus",
    "2027-05-01": "Hari Buruh Internasional",
    "2027-05-06": "Kenaikan Yesus Kristus",
    "2027-05-17": "Hari Raya Idul Adha",
    "2027-05-20": "Hari Raya Waisak",
    "2027-06-01": "Hari Lahir Pancasila",
    "2027-06-06": "Tahun Baru Islam",
    "2027-08-15": "Maulid Nabi Muhammad",
    "2027-08-17": "Hari Kemerdekaan Republik Indonesia",
    "2027-12-25": "Hari Raya Natal",
    "2027-12-26": "Isra Mikraj Nabi Muhammad",
}

# Cuti bersama.
LEAVE = {
    "2024-02-09": "Cuti Bersama Tahun Baru Imlek",
    "2024-03-12": "Cuti Bersama Hari Suci Nyepi",
    "2024-04-08": "Cuti Bersama Hari Raya Idul Fitri",
    "2024-04-09": "Cuti Bersama Hari Raya Idul Fitri",
    "2024-04-12": "Cuti Bersama Hari Raya Idul Fitri",
    "2024-04-15": "Cuti Bersama Hari Raya Idul Fitri",
    "2024-05-10": "Cuti Bersama Kenaikan Yesus Kristus",
    "2024-05-24": "Cuti Bersama Hari Raya Waisak",
    "2024-06-18": "Cuti Bersama Hari Raya Idul Adha",
    "2024-12-26": "Cuti Bersama Hari Raya Natal",
    "2025-01-28": "Cuti Bersama Tahun Baru Imlek",
    "2025-03-28": "Cuti Bersama Hari Suci Nyepi",
    "2025-04-02": "Cuti Bersama Hari Raya Idul Fitri",
    "2025-04-03": "Cuti Bersama Hari Raya Idul Fitri",
    "2025-04-04": "Cuti Bersama Hari Raya Idul Fitri",
    "2025-04-07": "Cuti Bersama Hari Raya Idul Fitri",
    "2025-05-13": "Cuti Bersama Hari Raya Waisak",
    "2025-05-30": "Cuti Bersama Kenaikan Yesus Kristus",
    "2025-06-09": "Cuti Bersama Hari Raya Idul Adha",
    "2025-08-18": "Cuti Bersama Hari Kemerdekaan Republik Indonesia",
    "2025-12-26": "Cuti Bersama Hari Raya Natal",
    "2026-02-16": "Cuti Bersama Tahun Baru Imlek",
    "2026-03-18": "Cuti Bersama Hari Suci Nyepi",
    "2026-03-20": "Cuti Bersama Hari Raya Idul Fitri",
    "2026-03-23": "Cuti Bersama Hari Raya Idul Fitri",
    "2026-03-24": "Cuti Bersama Hari Raya Idul Fitri",
    "2026-05-15": "Cuti Bersama Kenaikan Yesus Kristus",
    "2026-05-28": "Cuti Bersama Hari Raya Idul Adha",
    "2026-12-24": "Cuti Bersama Hari Raya Natal",
    "2027-02-05": "Cuti Bersama Tahun Baru Imlek",
    "2027-03-09": "Cuti Bersama Hari Raya Idul Fitri",
    "2027-03-12": "Cuti Bersama Hari Raya Idul Fitri",
    "2027-03-15": "Cuti Bersama Hari Raya Idul Fitri",
    "2027-03-25": "Cuti Bersama Wafat Yesus Kristus",
    "2027-05-18": "Cuti Bersama Hari Raya Idul Adha",
    "2027-05-19": "Cuti Bersama Hari Raya Waisak",
    "2027-12-24": "Cuti Bersama Hari Raya Natal",
}

# Perkiraan: not confirmed yet.
ESTIMATED = {"2027-03-10", "2027-03-11", "2027-05-17"}


def week(monday_to_thursday, friday):
    return [monday_to_thursday] * 4 + [friday, [], []]


DATA = {
    # 37.5 hours (Perpres 21/2023).
    "normal": {
        "name": "Normal",
        "days": week([["07:30", "12:00"], ["13:00", "16:00"]], [["07:30", "11:30"], ["13:00", "16:30"]]),
    },
    # 32.5 hours; in force once an admin publishes a revision with the year's dates.
    "dated": [
        {
            "name": "Ramadan",
            "first": None,
            "last": None,
            "days": week([["08:00", "12:00"], ["12:30", "15:00"]], [["08:00", "11:30"], ["12:30", "15:30"]]),
        }
    ],
    "holidays": {
        day: {"name": name, "kind": kind, "confirmed": day not in ESTIMATED}
        for names, kind in ((PUBLIC, "public"), (LEAVE, "leave"))
        for day, name in names.items()
    },
}


def publish(apps, schema_editor):
    apps.get_model("worktime", "CalendarRevision").objects.create(
        number=1, name="Jam kerja dan hari libur 2024–2027", zone="Asia/Jakarta", data=DATA
    )


def grant(apps, schema_editor):
    # Revisions are published, never changed or deleted.
    roles.grant(apps, "worktime", {roles.ADMIN: ["view_calendarrevision", "add_calendarrevision"]})


class Migration(migrations.Migration):
    dependencies = [("worktime", "0001_initial"), ("accounts", "0002_cache_and_permissions")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
