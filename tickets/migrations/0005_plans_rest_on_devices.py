from django.db import migrations

# Tickets that were planned before the registry knew of plans.
REST = """
UPDATE network_device d SET plans = resting.numbers
FROM (
    SELECT t.device_id, array_agg(t.number ORDER BY t.number) AS numbers
    FROM tickets_ticket t
    WHERE t.closed_at IS NULL
        AND EXISTS (SELECT FROM tickets_ticketaddress a WHERE a.ticket_id = t.id AND a.stage = 'planned')
    GROUP BY t.device_id
) resting
WHERE resting.device_id = d.id AND d.decommissioned_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_clock_notices"), ("network", "0003_plans_rest_on_devices")]

    operations = [migrations.RunSQL(REST, migrations.RunSQL.noop)]
