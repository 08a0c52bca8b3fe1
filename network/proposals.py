"""The next free address of a subnet: a proposal alone. Whether it may be had is decided when it is reserved."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection

from network.models import Subnet

#: What was released after this moment still cools down. SQL, with the parameters `now` (None: the present) and `days`.
COOLING_SINCE: Final = "COALESCE(%(now)s, clock_timestamp()) - make_interval(days => %(days)s)"

# What may not be proposed, as ranges in order; the first address behind one that lies before the next begins is free.
# So the cost follows the addresses that are taken, never the size of the subnet: IPv6 costs what IPv4 does.
_NEXT_FREE: Final = f"""
    WITH blocked (first, last) AS (
        SELECT edge::inet, edge::inet FROM unnest(%(edges)s) AS edge
        UNION ALL
        SELECT e.first, e.last FROM network_subnetexclusion e WHERE e.subnet_id = %(subnet)s
        UNION ALL
        SELECT a.address, a.address FROM network_ipassignment a
        WHERE a.address <<= %(cidr)s::inet AND (a.state <> 'released' OR a.released_at > {COOLING_SINCE})
    ), stretches AS (
        SELECT greatest(max(last) OVER before, %(after)s::inet) AS reached, lead(first) OVER before AS following
        FROM blocked WINDOW before AS (ORDER BY first, last)
    )
    SELECT host(reached + 1) FROM stretches WHERE reached + 1 < following ORDER BY reached LIMIT 1
"""  # noqa: S608  (constants of this file alone)


def next_free(subnet: Subnet, *, after: str = "", now: datetime | None = None) -> str:
    """The first address that may be proposed, or the first behind `after`, from the beginning again where none is
    left; empty where the subnet is full. What is no address of this subnet counts as no `after`.
    """
    inside = after if lies_in(after, subnet) else None
    return _first_free(subnet, inside, now) or (_first_free(subnet, None, now) if inside else "")


def propose(subnets: Iterable[Subnet], *, now: datetime | None = None) -> tuple[Subnet | None, str]:
    """The first of these subnets that has a free address, and that address; (None, "") where all are full."""
    for subnet in subnets:
        if address := next_free(subnet, now=now):
            return subnet, address
    return None, ""


def lies_in(text: str, subnet: Subnet) -> bool:
    """Whether this is an address of the subnet; any text may be asked."""
    try:
        return ipaddress.ip_address(text) in subnet.cidr
    except ValueError:
        return False


def _first_free(subnet: Subnet, after: str | None, now: datetime | None) -> str:
    values: dict[str, Any] = {
        "subnet": subnet.pk,
        "cidr": str(subnet.cidr),
        "edges": [*_bounds(subnet), *filter(None, [subnet.gateway])],
        "now": now,
        "days": settings.ADDRESS_COOLING_DAYS,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_FREE, values)
        row = cursor.fetchone()
    return row[0] if row else ""


def _bounds(subnet: Subnet) -> tuple[str, str]:
    """The last address before those that devices may have, and the first behind them."""
    net, edges = subnet.cidr, subnet.edges()
    below = net.network_address if net.network_address in edges else net.network_address - 1
    above = net.broadcast_address if net.broadcast_address in edges else net.broadcast_address + 1
    return str(below), str(above)
