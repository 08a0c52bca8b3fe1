from django.db import migrations

from accounts import roles


def grant(apps, schema_editor):
    roles.grant(
        apps,
        "network",
        {
            roles.ADMIN: [
                "view_all_devices",
                "edit_registry",
                "view_device",
                "view_ipassignment",
                "view_nameassignment",
                "view_subnet",
                "view_subnetexclusion",
                "view_workgroup",
            ],
            roles.TECHNICIAN: ["view_all_devices", "edit_registry"],
            roles.SUPERVISOR: ["view_all_devices"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial"), ("accounts", "0002_cache_and_permissions")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
