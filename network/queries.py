"""Reads of the registry: they have names and chain. Objects reach a page through `visible_to(user)` only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import Count, Q, QuerySet

#: States in which an address or a name belongs to its device alone.
LIVE = ("reserved", "active")

if TYPE_CHECKING:
    from accounts.models import User
    from network.models import Device, IPAssignment, NameAssignment, Subnet  # noqa: F401  (named in quotes below)


class DeviceQuerySet(QuerySet["Device"]):
    def visible_to(self, user: User) -> DeviceQuerySet:
        if user.has_perm("network.view_all_devices"):
            return self
        return self.filter(owner=user)

    def in_service(self) -> DeviceQuerySet:
        return self.filter(decommissioned_at=None)

    def decommissioned(self) -> DeviceQuerySet:
        return self.exclude(decommissioned_at=None)

    def search(self, text: str) -> DeviceQuerySet:
        """Devices whose PC name, live address, MAC or asset number begins with `text`."""
        by_address = self.model.objects.filter(addresses__state__in=LIVE, addresses__address__startswith=text)
        return self.filter(
            Q(pc_name__istartswith=text)
            | Q(mac__istartswith=text.replace("-", ":"))
            | Q(asset_number__istartswith=text)
            | Q(pk__in=by_address.values("pk"))
        )


HeldT = TypeVar("HeldT", "IPAssignment", "NameAssignment")


class HeldQuerySet(QuerySet[HeldT]):
    """Rows that go from reserved to active to released."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def reserved(self) -> Self:
        return self.filter(state="reserved")

    def active(self) -> Self:
        return self.filter(state="active")

    def active_at(self, at: datetime) -> Self:
        """In use at that moment: "who had 10.17.0.23 on 3 March?" is `.filter(address=…).active_at(…)`."""
        return self.filter(Q(released_at__gt=at) | Q(released_at=None), activated_at__lte=at)


class SubnetQuerySet(QuerySet["Subnet"]):
    def holding(self, address: str) -> SubnetQuerySet:
        """The registered subnet of an address: at most one, since subnets never overlap."""
        return self.filter(cidr__contains_address=address)

    def with_use(self) -> SubnetQuerySet:
        """Adds `active_count` and `reserved_count`."""
        return self.annotate(
            active_count=Count("addresses", filter=Q(addresses__state="active")),
            reserved_count=Count("addresses", filter=Q(addresses__state="reserved")),
        )
