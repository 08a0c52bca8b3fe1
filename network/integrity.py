"""What must hold of the registry, as queries that find whatever breaks it: one column, one row per fault.

Most of it the database refuses anyway; here it is asked of the data, as after a restore or with a trigger switched off.
"""

INVARIANTS = {
    "a live address belongs to one device": """
        SELECT host(address) FROM network_ipassignment WHERE state <> 'released' GROUP BY address HAVING count(*) > 1
    """,
    "a live PC name belongs to one device": """
        SELECT upper(name) FROM network_nameassignment WHERE state <> 'released' GROUP BY 1 HAVING count(*) > 1
    """,
    "a live address lies in its subnet and may be given": """
        SELECT host(a.address) FROM network_ipassignment a JOIN network_subnet s ON s.id = a.subnet_id
        WHERE a.state <> 'released' AND (
            NOT a.address <<= s.cidr OR host(a.address) = host(s.gateway)
            OR EXISTS (SELECT FROM network_subnetexclusion e
                       WHERE e.subnet_id = s.id AND a.address BETWEEN e.first AND e.last))
    """,
    "subnets do not overlap": """
        SELECT a.cidr || ' and ' || b.cidr FROM network_subnet a JOIN network_subnet b ON a.id < b.id
        WHERE a.cidr::inet && b.cidr::inet
    """,
    "a device shows the PC name that it holds": """
        SELECT 'device ' || d.id FROM network_device d
        LEFT JOIN network_nameassignment n ON n.device_id = d.id AND n.state = 'active'
        WHERE d.pc_name <> COALESCE(n.name, '')
    """,
    "a device out of service holds nothing": """
        SELECT 'device ' || d.id FROM network_device d WHERE d.decommissioned_at IS NOT NULL AND (
            EXISTS (SELECT FROM network_ipassignment a WHERE a.device_id = d.id AND a.state <> 'released')
            OR EXISTS (SELECT FROM network_nameassignment n WHERE n.device_id = d.id AND n.state <> 'released'))
    """,
    "the trail of a registry row ends with the row as it is": """
        SELECT 'device ' || d.id FROM network_device d JOIN LATERAL (
            SELECT * FROM network_deviceevent e WHERE e.pgh_obj_id = d.id ORDER BY e.pgh_id DESC LIMIT 1
        ) e ON TRUE
        WHERE (d.pc_name, d.room, d.mac, d.owner_id, d.decommissioned_at)
            IS DISTINCT FROM (e.pc_name, e.room, e.mac, e.owner_id, e.decommissioned_at)
    """,
    "nothing is known of what was seen outside a directly seen subnet": """
        SELECT host(o.address) FROM network_observation o JOIN network_subnet s ON s.id = o.subnet_id
        WHERE NOT (s.seen_directly AND o.address <<= s.cidr)
    """,
}
