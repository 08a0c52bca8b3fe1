"""Subnets with their excluded ranges, and workgroups."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from network import validators
from network.actions.guards import cleaned, field_errors
from network.models import Subnet, SubnetExclusion, Workgroup


def save_subnet(
    subnet: Subnet, *, exclusions: Sequence[tuple[str, str]], by: User | None, now: datetime | None = None
) -> Subnet:
    """Write a new or changed subnet, and make these its excluded ranges (first, last; both included)."""
    wanted = {
        (cleaned("exclusions", validators.clean_address, first), cleaned("exclusions", validators.clean_address, last))
        for first, last in exclusions
    }
    subnet.gateway = cleaned("gateway", validators.clean_address, subnet.gateway) if subnet.gateway else None
    subnet.clean_fields()
    subnet.cidr = cleaned("cidr", validators.clean_network, subnet.cidr)
    _beside_others(subnet)
    with field_errors():
        if subnet._state.adding:
            subnet.save(force_insert=True)
        else:
            Subnet.objects.select_for_update(no_key=True).get(pk=subnet.pk)
        present = {(row.first, row.last): row for row in subnet.exclusions.all()}
        for gone in present.keys() - wanted:
            present[gone].delete()
        # After the ranges that a smaller subnet no longer holds, before those that only a larger one does.
        subnet.save(update_fields=["cidr", "name", "unit", "gateway", "vlan", "seen_directly"])
        for first, last in sorted(wanted - present.keys()):
            SubnetExclusion.objects.create(subnet=subnet, first=first, last=last)
    return subnet


def _beside_others(subnet: Subnet) -> None:
    """Names the subnet that is in the way; of those who add one at the same moment, the constraint keeps one."""
    if other := Subnet.objects.overlapping(subnet.cidr).exclude(pk=subnet.pk).order_by("cidr").first():
        raise ValidationError({"cidr": [_("Tumpang tindih dengan %(other)s.") % {"other": other}]})


def save_workgroup(workgroup: Workgroup, *, by: User | None, now: datetime | None = None) -> Workgroup:
    workgroup.name = cleaned("name", validators.clean_workgroup_name, workgroup.name)
    with transaction.atomic(), field_errors():
        if workgroup._state.adding:
            workgroup.save(force_insert=True)
        else:
            workgroup.save(update_fields=["name"])
    return workgroup
