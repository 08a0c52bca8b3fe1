"""What the database itself holds across tables: addresses, subnets and excluded ranges that agree.

An address is written under FOR SHARE of its subnet, a subnet's shape under NO KEY UPDATE: each waits for the
other, so neither is judged by an outdated look. Violations carry a constraint name, like a CHECK.
"""

import pgtrigger

ADDRESS_NOT_IN_SUBNET = "ipassignment_in_subnet"
ADDRESS_NOT_USABLE = "ipassignment_usable"
SUBNET_IN_USE = "subnet_in_use"
EXCLUSION_IN_SUBNET = "subnetexclusion_in_subnet"
EXCLUSION_OVERLAP = "subnetexclusion_overlap"
EXCLUSION_IN_USE = "subnetexclusion_in_use"
NOT_SEEN_DIRECTLY = "observation_seen_directly"


def _refuse(constraint: str) -> str:
    return (
        f"RAISE EXCEPTION '{constraint}' USING ERRCODE = 'check_violation', "
        f"CONSTRAINT = '{constraint}', TABLE = TG_TABLE_NAME;"
    )


#: Network and broadcast address of `net`, for IPv4 wider than /31; the first address alone for IPv6.
_EDGE = """(
    (family(net.cidr) = 4 AND masklen(net.cidr) <= 30
     AND host({address}) IN (host(net.cidr), host(broadcast(net.cidr))))
    OR (family(net.cidr) = 6 AND masklen(net.cidr) <= 126 AND host({address}) = host(net.cidr))
)"""

address_fits_subnet = pgtrigger.Trigger(
    name="address_fits_subnet",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("subnet_id", "address", "state"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Condition("NEW.state <> 'released'"),
    declare=[("net", "network_subnet%ROWTYPE")],
    func=f"""
        SELECT * INTO net FROM network_subnet WHERE id = NEW.subnet_id FOR SHARE;
        IF NOT NEW.address <<= net.cidr THEN {_refuse(ADDRESS_NOT_IN_SUBNET)} END IF;
        IF {_EDGE.format(address="NEW.address")} OR host(NEW.address) = host(net.gateway) OR EXISTS (
            SELECT FROM network_subnetexclusion e
            WHERE e.subnet_id = NEW.subnet_id AND NEW.address BETWEEN e.first AND e.last
        ) THEN {_refuse(ADDRESS_NOT_USABLE)} END IF;
        RETURN NEW;
    """,  # noqa: S608  (constants of this file alone)
)

subnet_keeps_addresses = pgtrigger.Trigger(
    name="subnet_keeps_addresses",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("cidr", "gateway"),  # type: ignore[no-untyped-call]
    declare=[("net", "network_subnet%ROWTYPE")],
    func=f"""
        net := NEW;
        IF EXISTS (
            SELECT FROM network_ipassignment a WHERE a.subnet_id = NEW.id AND a.state <> 'released'
            AND (NOT a.address <<= net.cidr OR {_EDGE.format(address="a.address")}
                 OR COALESCE(host(a.address) = host(net.gateway), FALSE))
        ) THEN {_refuse(SUBNET_IN_USE)} END IF;
        IF EXISTS (
            SELECT FROM network_subnetexclusion e WHERE e.subnet_id = NEW.id
            AND NOT (e.first <<= net.cidr AND e.last <<= net.cidr)
        ) THEN {_refuse(EXCLUSION_IN_SUBNET)} END IF;
        RETURN NEW;
    """,  # noqa: S608  (constants of this file alone)
)

exclusion_fits_subnet = pgtrigger.Trigger(
    name="exclusion_fits_subnet",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("net", "network_subnet%ROWTYPE")],
    func=f"""
        SELECT * INTO net FROM network_subnet WHERE id = NEW.subnet_id FOR NO KEY UPDATE;
        IF NOT (NEW.first <<= net.cidr AND NEW.last <<= net.cidr) THEN {_refuse(EXCLUSION_IN_SUBNET)} END IF;
        IF EXISTS (
            SELECT FROM network_subnetexclusion e
            WHERE e.subnet_id = NEW.subnet_id AND e.id <> NEW.id AND e.first <= NEW.last AND NEW.first <= e.last
        ) THEN {_refuse(EXCLUSION_OVERLAP)} END IF;
        IF EXISTS (
            SELECT FROM network_ipassignment a WHERE a.subnet_id = NEW.subnet_id AND a.state <> 'released'
            AND a.address BETWEEN NEW.first AND NEW.last
        ) THEN {_refuse(EXCLUSION_IN_USE)} END IF;
        RETURN NEW;
    """,  # noqa: S608  (constants of this file alone)
)

observed_where_allowed = pgtrigger.Trigger(
    name="observed_where_allowed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("subnet_id", "address"),  # type: ignore[no-untyped-call]
    declare=[("net", "network_subnet%ROWTYPE")],
    func=f"""
        SELECT * INTO net FROM network_subnet WHERE id = NEW.subnet_id FOR SHARE;
        IF NOT net.seen_directly OR NOT NEW.address <<= net.cidr THEN {_refuse(NOT_SEEN_DIRECTLY)} END IF;
        RETURN NEW;
    """,  # noqa: S608  (constants of this file alone)
)

#: Where nobody may look, nothing is kept that was seen.
unseen_is_forgotten = pgtrigger.Trigger(
    name="unseen_is_forgotten",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("cidr", "seen_directly"),  # type: ignore[no-untyped-call]
    func="""
        DELETE FROM network_observation o
        WHERE o.subnet_id = NEW.id AND NOT (NEW.seen_directly AND o.address <<= NEW.cidr);
        RETURN NULL;
    """,
)


def kept_for_ever() -> pgtrigger.Trigger:
    return pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete)


def released_is_final() -> pgtrigger.Trigger:
    return pgtrigger.Protect(
        name="released_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="released")
    )
