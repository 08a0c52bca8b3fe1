"""Reads of the registry: they have names and chain. Objects reach a page through `visible_to(user)` only."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from network.constraints import Contained, Overlaps

#: States in which an address or a name belongs to its device alone.
LIVE = ("reserved", "active")

if TYPE_CHECKING:
    from accounts.models import Unit, User
    from network.fields import Network
    from network.models import Device, IPAssignment, NameAssignment, Observation, Subnet, Workgroup  # noqa: F401  (named in quotes below)


class DeviceQuerySet(QuerySet["Device"]):
    def visible_to(self, user: User) -> DeviceQuerySet:
        if user.has_perm("network.view_all_devices"):
            return self
        return self.filter(owner=user)

    def in_service(self) -> DeviceQuerySet:
        return self.filter(decommissioned_at=None)

    def in_use_by(self, owner: User | int) -> DeviceQuerySet:
        """Those of one person, in service; by name."""
        return self.in_service().filter(owner=owner).order_by("pc_name", "pk")

    def decommissioned(self) -> DeviceQuerySet:
        return self.exclude(decommissioned_at=None)

    def of_kind(self, kind: str) -> DeviceQuerySet:
        return self.filter(kind=kind) if kind else self

    def of_unit(self, unit: Unit | None) -> DeviceQuerySet:
        return self.filter(unit=unit) if unit else self

    def in_state_of_service(self, choice: str) -> DeviceQuerySet:
        """`choice` as in DeviceListForm.service: empty for devices in service, "keluar", "semua"."""
        return {"": self.in_service, "keluar": self.decommissioned}.get(choice, self.all)()

    def with_facts(self) -> DeviceQuerySet:
        return self.select_related("owner", "unit", "workgroup")

    def for_list(self) -> DeviceQuerySet:
        """What the list shows and sorts by: `live_addresses`; names without case, devices without one last."""
        from network.models import IPAssignment  # models.py itself imports this file

        live_addresses = IPAssignment.objects.live()
        return (
            self.with_facts()
            .prefetch_related(Prefetch("addresses", live_addresses.order_by("state"), to_attr="live_addresses"))
            .annotate(
                sort_name=Lower("pc_name"),
                nameless=ExpressionWrapper(Q(pc_name=""), BooleanField()),
                sort_owner=Lower(Coalesce("owner__full_name", Value(""))),
                ownerless=ExpressionWrapper(Q(owner=None), BooleanField()),
            )
        )

    def search(self, text: str) -> DeviceQuerySet:
        """Devices whose PC name, live address, MAC or asset number begins with `text`; all of them for no text."""
        if not text:
            return self
        by_address = self.model.objects.filter(addresses__state__in=LIVE, addresses__address__startswith=text)
        return self.filter(
            Q(pc_name__istartswith=text)
            | Q(mac__istartswith=_mac_prefix(text))
            | Q(asset_number__istartswith=text)
            | Q(pk__in=by_address.values("pk"))
        )


def _mac_prefix(text: str) -> str:
    """The beginning of a MAC address as it is stored, whatever stands between its digits: 3c-52.8 → 3C:52:8."""
    digits = re.sub(r"[:.-]", "", text)
    if not re.fullmatch(r"[0-9A-Fa-f]{2,12}", digits):
        return text
    return ":".join(digits[start : start + 2] for start in range(0, len(digits), 2)).upper()


HeldT = TypeVar("HeldT", "IPAssignment", "NameAssignment")


class HeldQuerySet(QuerySet[HeldT]):
    """Rows that go from reserved to active to released."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def reserved(self) -> Self:
        return self.filter(state="reserved")

    def active(self) -> Self:
        return self.filter(state="active")

    def within(self, network: Network) -> Self:
        """Addresses that lie in this network, whatever subnet they were given from."""
        return self.filter(Contained(F("address"), Value(str(network))))

    def with_people(self) -> Self:
        return self.select_related("reserved_by", "activated_by", "released_by")

    def active_at(self, at: datetime) -> Self:
        """In use at that moment: "who had 10.17.0.23 on 3 March?" is `.filter(address=…).active_at(…)`."""
        return self.filter(Q(released_at__gt=at) | Q(released_at=None), activated_at__lte=at)


class SubnetQuerySet(QuerySet["Subnet"]):
    def holding(self, address: str) -> SubnetQuerySet:
        """The registered subnet of an address: at most one, since subnets never overlap."""
        return self.filter(cidr__contains_address=address)

    def of_unit(self, unit: Unit | None) -> SubnetQuerySet:
        return self.filter(unit=unit) if unit else self

    def search(self, text: str) -> SubnetQuerySet:
        """Subnets by their name, their unit, the beginning of their address, or an address that lies in them."""
        if not text:
            return self
        try:
            inside = Q(cidr__contains_address=ipaddress.ip_address(text))
        except ValueError:
            inside = Q()
        begins = Func(F("cidr"), function="host", output_field=CharField())
        return self.alias(begins=begins).filter(
            inside | Q(name__icontains=text) | Q(unit__name__icontains=text) | Q(unit__code=text)
            | Q(begins__startswith=text.partition("/")[0] or text)
        )  # fmt: skip

    def seen_directly(self) -> SubnetQuerySet:
        """Those that this server may ask, since nothing stands between that hides or changes addresses."""
        return self.filter(seen_directly=True)

    def overlapping(self, network: Network) -> SubnetQuerySet:
        return self.filter(Overlaps(F("cidr"), Value(str(network))))

    def with_use(self) -> SubnetQuerySet:
        """Adds `active_count`, `reserved_count`, their sum `live_count`, `sort_name`; fetches the excluded ranges."""
        return self.prefetch_related("exclusions").annotate(
            active_count=Count("addresses", filter=Q(addresses__state="active")),
            reserved_count=Count("addresses", filter=Q(addresses__state="reserved")),
            live_count=Count("addresses", filter=Q(addresses__state__in=LIVE)),
            sort_name=Lower("name"),
        )


class WorkgroupQuerySet(QuerySet["Workgroup"]):
    def with_use(self) -> WorkgroupQuerySet:
        """Adds `device_count`, and `sort_name` without case."""
        return self.annotate(device_count=Count("devices"), sort_name=Lower("name"))


#: A device that was heard of within these days is simply switched off, or away with its owner.
DAYS_OF_SILENCE: Final = 14


class ObservationQuerySet(QuerySet["Observation"]):
    def current(self) -> ObservationQuerySet:
        """The newest of each address."""
        return self.filter(is_current=True)

    def of_drift(self, kind: str) -> ObservationQuerySet:
        """Of what `drift` gives; all of it for no kind."""
        return self.filter(Q(kind=kind)) if kind else self

    def of_unit(self, unit: Unit | None) -> ObservationQuerySet:
        return self.filter(subnet__unit=unit) if unit else self

    def of_subnet(self, subnet: Subnet | None) -> ObservationQuerySet:
        return self.filter(subnet=subnet) if subnet else self

    def search(self, text: str) -> ObservationQuerySet:
        """By the beginning of the address, of the name in the registry or as told, or of the MAC."""
        if not text:
            return self
        return self.filter(
            Q(address__startswith=text) | Q(name__istartswith=text) | Q(device__pc_name__istartswith=text)
            | Q(mac__istartswith=_mac_prefix(text))
        )  # fmt: skip

    def tally(self) -> dict[str, int]:
        """How many of each kind of drift."""
        return dict(self.order_by().values_list("kind").annotate(Count("pk")))  # type: ignore[misc]

    def drift(self, now: datetime) -> ObservationQuerySet:
        """What is not as the registry has it, with its `kind`, one of Drift; a PC that is merely off is none.

        A fact differs only if it was told after the registry took on the one it has: a finding from before a change
        says nothing about it.
        """
        from network.models import IPAssignment, NameAssignment  # models.py itself imports this file

        live = IPAssignment.objects.live().filter(address=OuterRef("address"))
        active = live.filter(state="active", device=OuterRef("device"))
        named = NameAssignment.objects.active().filter(device=OuterRef("device"))
        return (
            self.current()
            .exclude(answered_at=None)
            .annotate(
                is_taken=Exists(live),
                held_since=Subquery(active.values("activated_at")[:1]),
                named_since=Subquery(named.values("activated_at")[:1]),
                name_differs=_differs("name", "device__pc_name") & Q(answered_at__gte=F("named_since")),
                workgroup_differs=_differs("workgroup", "device__workgroup__name"),
                mac_differs=_differs("mac", "device__mac"),
            )
            .annotate(kind=_kind_of_drift(lately=Q(answered_at__gte=now - timedelta(days=DAYS_OF_SILENCE))))
            .exclude(kind="")
            .select_related("subnet__unit", "device__owner", "device__workgroup", "device__unit")
        )


def _kind_of_drift(lately: Q) -> Case:
    """Of what `drift` annotates; empty for what is as recorded."""
    fact_differs = Q(name_differs=True) | Q(workgroup_differs=True) | Q(mac_differs=True)
    since_recorded = Q(answered_at__gte=F("held_since"))
    return Case(
        When(lately & Q(device=None, is_taken=False), then=Value("unregistered")),
        When(~lately & Q(answered=False, held_since__isnull=False), then=Value("silent")),
        When((lately | Q(answered=True)) & since_recorded & fact_differs, then=Value("differs")),
        default=Value(""),
    )


def _differs(told: str, recorded: str) -> Q:
    """Both are known, and not the same but for case."""
    known = ~Q(**{told: ""}) & ~Q(**{recorded: ""}) & Q(**{f"{recorded}__isnull": False})
    return known & ~Q(**{f"{told}__iexact": F(recorded)})
