"""Which lines of the checklist a browser can answer, the sites that it tries, and who edits those."""

from django.db import migrations

from accounts.roles import ADMIN, grant

MEASURED = {"ip-sesuai": "address", "dns": "names", "portal": "targets"}

TARGETS = (
    ("Situs BPS", "BPS website", "https://www.bps.go.id/"),
    ("Situs BPS Provinsi Bengkulu", "Website of BPS Bengkulu", "https://bengkulu.bps.go.id/"),
)


def fill(apps, schema_editor):
    grant(apps, "tickets", {ADMIN: ["view_reachtarget", "add_reachtarget", "change_reachtarget"]})
    checks = apps.get_model("tickets", "CheckItem").objects
    for code, measured in MEASURED.items():
        checks.filter(code=code).update(measured=measured)
    targets = apps.get_model("tickets", "ReachTarget").objects
    for position, (name, name_en, url) in enumerate(TARGETS):
        targets.create(name=name, name_en=name_en, url=url, position=position)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_measurements")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
