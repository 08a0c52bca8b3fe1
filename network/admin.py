"""The registry in the Django admin: to be read. It is written on its own pages, through actions and their locks."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly
from network.models import Device, IPAssignment, NameAssignment, Subnet, SubnetExclusion, Workgroup


class ExclusionInline(ReadOnly, admin.TabularInline[SubnetExclusion, Subnet]):
    model = SubnetExclusion
    extra = 0


class AddressInline(ReadOnly, admin.TabularInline[IPAssignment, Device]):
    model = IPAssignment
    fields = ["address", "state", "reserved_at", "activated_at", "released_at"]
    ordering = ["-pk"]
    extra = 0


class NameInline(ReadOnly, admin.TabularInline[NameAssignment, Device]):
    model = NameAssignment
    fields = ["name", "state", "reserved_at", "activated_at", "released_at"]
    ordering = ["-pk"]
    extra = 0


@admin.register(Device)
class DeviceAdmin(ReadOnly, admin.ModelAdmin[Device]):
    list_display = ["__str__", "kind", "brand_model", "asset_number", "owner", "unit", "registered_at"]
    list_select_related = ["owner", "unit"]
    list_filter = ["kind", "unit", ("decommissioned_at", admin.EmptyFieldListFilter)]
    search_fields = ["^pc_name", "^asset_number", "^mac"]
    ordering = ["-pk"]
    inlines = [AddressInline, NameInline]


@admin.register(Subnet)
class SubnetAdmin(ReadOnly, admin.ModelAdmin[Subnet]):
    list_display = ["cidr", "name", "unit", "gateway", "vlan", "seen_directly"]
    list_select_related = ["unit"]
    search_fields = ["name"]
    inlines = [ExclusionInline]


@admin.register(Workgroup)
class WorkgroupAdmin(ReadOnly, admin.ModelAdmin[Workgroup]):
    list_display = ["name"]
    search_fields = ["^name"]


class HeldAdmin(ReadOnly, admin.ModelAdmin[Any]):
    list_filter = ["state"]
    list_select_related = ["device"]
    ordering = ["-pk"]

    @admin.display(description=_("perangkat"))
    def held_by(self, record: IPAssignment | NameAssignment) -> str:
        return str(record.device)


@admin.register(IPAssignment)
class IPAssignmentAdmin(HeldAdmin):
    list_display = ["address", "state", "held_by", "reserved_at", "activated_at", "released_at"]
    search_fields = ["^address"]


@admin.register(NameAssignment)
class NameAssignmentAdmin(HeldAdmin):
    list_display = ["name", "state", "held_by", "reserved_at", "activated_at", "released_at"]
    search_fields = ["^name"]
