"""What the clock finds: runs that have passed a threshold, holds whose time to look again has come.

Each look is one statement that claims, flags and records. It reads through partial indexes that hold only what can
still happen, so it costs in proportion to what has become due, and it claims conditionally: a row counts only if it
is still as the look first saw it. So any number of looks may run side by side, be repeated or be killed; each
threshold of each run is recorded once (domain, "The clock").
"""

# ruff: noqa: S608  # the statements are this file's own text, no input comes near them
from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from tickets.actions.core import database_now
from tickets.workflow import Notice

#: Rows of one transaction: enough to be quick, few enough that nobody waits for the tickets it locks.
BATCH: Final = 5_000

# The history's rows, lower thresholds first, and for the highest one of a run an outbox row, unless it was told
# before: a run that was reckoned anew may pass the same threshold a second time. A hold is told by its `reminded_at`.
_RECORD: Final = """written AS (
        INSERT INTO tickets_ticketevent
            (ticket_id, seq, kind, at, run_id, status_from, status_to, data, text_sha256, internal, previous_hash, hash)
        SELECT ticket_id, 0, kind, %(now)s, run_id, status, status, '{}', '', false, '', ''
        FROM crossed ORDER BY ticket_id, level
        RETURNING id, run_id, kind
    ), told AS (
        INSERT INTO tickets_outbox (event_id)
        SELECT id FROM (SELECT DISTINCT ON (run_id) id, run_id, kind FROM written ORDER BY run_id, id DESC) highest
        WHERE kind = 'look_again' OR NOT EXISTS (
            SELECT FROM tickets_ticketevent e WHERE e.run_id = highest.run_id AND e.kind = highest.kind)
    )
    SELECT count(*) FROM flagged"""

# Tickets are locked as every action locks them; one that is locked already is being changed, so it waits for the next
# look. `seen` is what the statement began with: a run that has changed since (held, ended, reckoned anew) is left
# alone by `flagged`, which reads the row as it is now.
_FLAG: Final = f"""
WITH due AS (
    (SELECT id FROM tickets_steprun
        WHERE ended_at IS NULL AND warned_at IS NULL AND warn_at IS NOT NULL AND warn_at < %(now)s
        ORDER BY warn_at LIMIT %(batch)s)
    UNION
    (SELECT id FROM tickets_steprun
        WHERE ended_at IS NULL AND overdue_at IS NULL AND due_at IS NOT NULL AND due_at < %(now)s
        ORDER BY due_at LIMIT %(batch)s)
    UNION
    (SELECT id FROM tickets_steprun
        WHERE ended_at IS NULL AND escalated_at IS NULL AND escalate_at IS NOT NULL AND escalate_at < %(now)s
        ORDER BY escalate_at LIMIT %(batch)s)
), seen AS MATERIALIZED (
    SELECT r.id, t.id AS ticket_id, t.status, r.due_at, r.warned_at, r.overdue_at, r.escalated_at,
        r.warned_at IS NULL AND r.warn_at < %(now)s AS warns,
        r.overdue_at IS NULL AND r.due_at < %(now)s AS is_overdue,
        r.escalated_at IS NULL AND r.escalate_at < %(now)s AS escalates
    FROM due JOIN tickets_steprun r USING (id) JOIN tickets_ticket t ON t.id = r.ticket_id
    FOR NO KEY UPDATE OF t SKIP LOCKED
), flagged AS (
    UPDATE tickets_steprun r SET
        warned_at = CASE WHEN seen.warns THEN %(now)s ELSE r.warned_at END,
        overdue_at = CASE WHEN seen.is_overdue THEN %(now)s ELSE r.overdue_at END,
        escalated_at = CASE WHEN seen.escalates THEN %(now)s ELSE r.escalated_at END
    FROM seen
    WHERE r.id = seen.id AND r.ended_at IS NULL
        AND r.due_at IS NOT DISTINCT FROM seen.due_at
        AND r.warned_at IS NOT DISTINCT FROM seen.warned_at
        AND r.overdue_at IS NOT DISTINCT FROM seen.overdue_at
        AND r.escalated_at IS NOT DISTINCT FROM seen.escalated_at
    RETURNING r.id AS run_id, seen.ticket_id, seen.status, seen.warns, seen.is_overdue, seen.escalates
), crossed AS (
    SELECT f.run_id, f.ticket_id, f.status, level, kind
    FROM flagged f CROSS JOIN LATERAL (VALUES
        (1, '{Notice.WARNED}', f.warns), (2, '{Notice.OVERDUE}', f.is_overdue), (3, '{Notice.ESCALATED}', f.escalates)
    ) AS passed(level, kind, yes) WHERE yes
), {_RECORD}
"""

_LOOK_AGAIN: Final = f"""
WITH seen AS MATERIALIZED (
    SELECT h.id, h.run_id, h.look_again_at, t.id AS ticket_id, t.status
    FROM tickets_hold h JOIN tickets_steprun r ON r.id = h.run_id JOIN tickets_ticket t ON t.id = r.ticket_id
    WHERE h.ended_at IS NULL AND h.reminded_at IS NULL AND h.look_again_at <= %(now)s
    ORDER BY h.look_again_at LIMIT %(batch)s
    FOR NO KEY UPDATE OF t SKIP LOCKED
), flagged AS (
    UPDATE tickets_hold h SET reminded_at = %(now)s FROM seen
    WHERE h.id = seen.id AND h.ended_at IS NULL AND h.reminded_at IS NULL
    RETURNING seen.run_id, seen.ticket_id, seen.status, h.id AS hold_id
), crossed AS (
    SELECT run_id, ticket_id, status, 1 AS level, '{Notice.LOOK_AGAIN}' AS kind FROM flagged
), {_RECORD}
"""


# Most looks find nothing, and to plan the statements above takes longer than to ask this.
_IS_ANY_DUE: Final = """
SELECT EXISTS (SELECT FROM tickets_steprun WHERE ended_at IS NULL AND warned_at IS NULL AND warn_at < %(now)s)
    OR EXISTS (SELECT FROM tickets_steprun WHERE ended_at IS NULL AND overdue_at IS NULL AND due_at < %(now)s)
    OR EXISTS (SELECT FROM tickets_steprun WHERE ended_at IS NULL AND escalated_at IS NULL AND escalate_at < %(now)s)"""
_IS_ANY_TO_LOOK_AT: Final = """
SELECT EXISTS (
    SELECT FROM tickets_hold WHERE ended_at IS NULL AND reminded_at IS NULL AND look_again_at <= %(now)s)"""


def flag_overdue(now: datetime | None = None) -> int:
    """Flags every open run that has passed 80, 100 or 200 % of its standard; returns how many runs were flagged."""
    return _sweep(_IS_ANY_DUE, _FLAG, now)


def remind_of_holds(now: datetime | None = None) -> int:
    """Records each open hold whose time to look again has come; returns how many."""
    return _sweep(_IS_ANY_TO_LOOK_AT, _LOOK_AGAIN, now)


def _sweep(question: str, statement: str, now: datetime | None) -> int:
    """Repeats the statement until it finds less than a full batch; each time is a transaction of its own."""
    at = (now or database_now()).replace(microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(question, {"now": at})
        if not cursor.fetchone()[0]:
            return 0
        total = 0
        while True:
            with transaction.atomic():
                cursor.execute(statement, {"now": at, "batch": BATCH})
                flagged = int(cursor.fetchone()[0])
            total += flagged
            if flagged < BATCH:
                return total
