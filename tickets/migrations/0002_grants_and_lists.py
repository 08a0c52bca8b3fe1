"""What the four roles may do with tickets, and the lists that an admin edits later."""

from django.db import migrations

from accounts.roles import ADMIN, SUPERVISOR, TECHNICIAN, grant

HOLD_REASONS = (
    ("pegawai-tidak-di-tempat", "Pegawai tidak di tempat", "Employee not at the desk", False),
    ("menunggu-perangkat", "Menunggu perangkat/material", "Waiting for equipment or material", False),
    ("menunggu-pihak-lain", "Menunggu pihak lain", "Waiting for somebody else", False),
    ("lainnya", "Lainnya", "Other", True),
)

CHECKS = (
    ("lampu-link", "Lampu link menyala di perangkat dan switch", "Link lamp is on at device and switch", True),
    ("ip-sesuai", "Alamat IP perangkat sesuai rencana", "Device's IP address is the planned one", True),
    ("gateway", "Ping ke gateway berhasil", "Gateway answers ping", True),
    ("dns", "Nama situs dapat ditemukan (DNS)", "Site names are found (DNS)", True),
    ("portal", "Situs BPS dan internet dapat dibuka", "BPS sites and the internet open", True),
    ("nama-grup", "Nama PC dan grup jaringan sesuai", "PC name and workgroup are right", True),
    ("printer", "Printer atau folder bersama dapat dibuka", "Printer or shared folder opens", False),
)

MANAGE = ["view_all_tickets", "view_figures", "manage_tickets", "internal_notes"]
WORK = ["view_all_tickets", "work_ticket", "internal_notes"]
WATCH = ["view_all_tickets", "view_figures", "internal_notes"]
LISTS = [
    "view_ticket", "view_ticketevent", "view_steprun", "view_soprevision", "view_sopstep",
    "view_holdreason", "add_holdreason", "change_holdreason", "view_checkitem", "add_checkitem", "change_checkitem",
]  # fmt: skip


def fill(apps, schema_editor):
    grant(apps, "tickets", {ADMIN: MANAGE + LISTS, TECHNICIAN: WORK, SUPERVISOR: WATCH})
    reasons = apps.get_model("tickets", "HoldReason").objects
    for position, (code, name, name_en, needs_text) in enumerate(HOLD_REASONS):
        reasons.create(code=code, name=name, name_en=name_en, needs_text=needs_text, position=position)
    checks = apps.get_model("tickets", "CheckItem").objects
    for position, (code, name, name_en, required) in enumerate(CHECKS):
        checks.create(code=code, name=name, name_en=name_en, required=required, position=position)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
