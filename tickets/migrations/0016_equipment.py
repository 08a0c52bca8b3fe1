"""The SOP's equipment as the first rows of the catalogue, not yet counted; who sees it, and who keeps it."""

from django.db import migrations

from accounts.roles import ADMIN, SUPERVISOR, TECHNICIAN, grant

# Name, unit, consumable.
EQUIPMENT = (
    ("Konektor RJ45", "buah", True),
    ("Kabel jaringan", "meter", True),
    ("Tang krimping", "buah", False),
    ("Tester kabel", "buah", False),
    ("Printer", "unit", False),
    ("Komputer", "unit", False),
)


def fill(apps, schema_editor):
    catalogue = apps.get_model("tickets", "Equipment").objects
    for position, (name, unit, consumable) in enumerate(EQUIPMENT):
        catalogue.create(name=name, unit=unit, consumable=consumable, position=position)
    keep = ["view_equipment", "add_equipment", "change_equipment", "view_stockmovement"]
    grant(apps, "tickets", {ADMIN: keep, TECHNICIAN: ["view_equipment"], SUPERVISOR: ["view_equipment"]})


class Migration(migrations.Migration):
    dependencies = [("tickets", "0015_stock")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
