"""The four roles: Django groups that hold Django permissions. They add up; everyone is an employee."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

EMPLOYEE = "Pegawai"
ADMIN = "Admin/PJK TIP"
TECHNICIAN = "Teknisi"
SUPERVISOR = "Pimpinan"
ROLES = (EMPLOYEE, ADMIN, TECHNICIAN, SUPERVISOR)


def grant(apps: Any, app_label: str, roles: Mapping[str, Iterable[str]]) -> None:
    """Give each role (a group name) the permissions of one app by codename; for data migrations.

    `apps` is the migration's registry. Permissions are normally made after the last migration, so they are made here
    first; the real app config is needed for that, a migration's own has no models module.
    Raises Permission.DoesNotExist for a codename that the app's models do not declare at this point.
    """
    create_permissions(installed.get_app_config(app_label), verbosity=0, interactive=False, apps=apps)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for role, codenames in roles.items():
        group, _created = group_model.objects.get_or_create(name=role)
        for codename in codenames:
            group.permissions.add(
                permission_model.objects.get(content_type__app_label=app_label, codename=codename),
            )
