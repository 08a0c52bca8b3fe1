from django.db import migrations

from accounts import roles

# What `manage.py createcachetable` makes; here, so that `migrate` alone prepares a database.
CACHE_TABLE = """
CREATE TABLE cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
"""


def grant(apps, schema_editor):
    # Users are deactivated, never deleted: no delete permission for anyone.
    roles.grant(
        apps,
        "accounts",
        {
            roles.ADMIN: [
                "add_user",
                "change_user",
                "view_user",
                "import_users",
                "add_unit",
                "change_unit",
                "delete_unit",
                "view_unit",
            ]
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.RunSQL(CACHE_TABLE, "DROP TABLE cache"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
