"""The nine elements of the survey of satisfaction (PermenPAN-RB 14/2017), each with its question and four answers."""

from django.db import migrations

from accounts.roles import ADMIN, grant

ELEMENTS = (
    (
        "Persyaratan", "Requirements",
        "Bagaimana pendapat Anda tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?",
        "How well do the requirements fit the kind of service?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ("Do not fit", "Fit poorly", "Fit", "Fit very well"),
    ),
    (
        "Sistem, mekanisme, dan prosedur", "System, mechanism and procedure",
        "Bagaimana pemahaman Anda tentang kemudahan prosedur pelayanan di unit ini?",
        "How easy is the procedure of this service?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
        ("Not easy", "Not quite easy", "Easy", "Very easy"),
    ),
    (
        "Waktu penyelesaian", "Time to completion",
        "Bagaimana pendapat Anda tentang kecepatan waktu dalam memberikan pelayanan?",
        "How fast was the service?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
        ("Not fast", "Not quite fast", "Fast", "Very fast"),
    ),
    (
        "Biaya/tarif", "Cost or fee",
        "Bagaimana pendapat Anda tentang kewajaran biaya/tarif dalam pelayanan?",
        "How reasonable is the cost of the service?",
        ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
        ("Very expensive", "Rather expensive", "Cheap", "Free of charge"),
    ),
    (
        "Produk spesifikasi jenis pelayanan", "Product of the service",
        "Bagaimana pendapat Anda tentang kesesuaian produk pelayanan antara yang tercantum dalam standar pelayanan"
        " dengan hasil yang diberikan?",
        "How well does the result match what the standard of service promises?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ("Does not match", "Matches poorly", "Matches", "Matches very well"),
    ),
    (
        "Kompetensi pelaksana", "Competence of the staff",
        "Bagaimana pendapat Anda tentang kompetensi/kemampuan petugas dalam pelayanan?",
        "How competent were the staff?",
        ("Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"),
        ("Not competent", "Not quite competent", "Competent", "Very competent"),
    ),
    (
        "Perilaku pelaksana", "Conduct of the staff",
        "Bagaimana pendapat Anda tentang perilaku petugas dalam pelayanan terkait kesopanan dan keramahan?",
        "How polite and friendly were the staff?",
        ("Tidak sopan dan ramah", "Kurang sopan dan ramah", "Sopan dan ramah", "Sangat sopan dan ramah"),
        ("Not polite and friendly", "Not quite polite and friendly", "Polite and friendly", "Very polite and friendly"),
    ),
    (
        "Penanganan pengaduan, saran, dan masukan", "Handling of complaints and suggestions",
        "Bagaimana pendapat Anda tentang penanganan pengaduan pengguna layanan?",
        "How are the complaints of users handled?",
        ("Tidak ada", "Ada tetapi tidak berfungsi", "Berfungsi kurang maksimal", "Dikelola dengan baik"),
        ("There is no way to complain", "There is one, but it does not work", "It works, but not well",
         "They are managed well"),
    ),
    (
        "Sarana dan prasarana", "Facilities",
        "Bagaimana pendapat Anda tentang kualitas sarana dan prasarana?",
        "How good are the facilities?",
        ("Buruk", "Cukup", "Baik", "Sangat baik"),
        ("Bad", "Fair", "Good", "Very good"),
    ),
)  # fmt: skip


def fill(apps, schema_editor):
    elements = apps.get_model("tickets", "SurveyElement").objects
    for number, (name, name_en, question, question_en, scale, scale_en) in enumerate(ELEMENTS, start=1):
        elements.create(
            number=number, name=name, name_en=name_en, question=question, question_en=question_en,
            scale=list(scale), scale_en=list(scale_en),
        )  # fmt: skip
    grant(apps, "tickets", {ADMIN: ["view_surveyelement", "change_surveyelement"]})


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_satisfaction")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
