"""The look of Celery beat: what it costs with a million runs in the table, and beside the bare UPDATE and INSERT."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import Unit, User
from bench.line import Line
from tickets import actions
from tickets.actions import sweep
from tickets.models import SopRevision
from worktime.models import CalendarRevision

TICKETS: Final = 50_000
RUNS_EACH: Final = 20  # a million in all
DUE: Final = 10_000
NOW: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ROUNDS: Final = 3


def bench() -> Iterator[Line]:
    _fill()
    looks = [_look() for _ in range(50)]
    nothing = statistics.median(looks)
    floor = statistics.median(_floor() for _ in range(50))
    yield Line("look with nothing due, 1,000,000 runs", nothing, "ms", floor, "under 5 ms", nothing < 5)
    flags, bare = _compare(ROUNDS)
    yield Line(
        f"flagging {DUE:,} due runs", flags, "ms", bare, "at most 3 × the bare UPDATE with its rows", flags <= 3 * bare
    )


def _fill() -> None:
    """Cancelled tickets with ended runs of step 4; of the newest, the last run is open and due a year from now."""
    unit = Unit.objects.create(code="99999", name="Unit")
    person = User.objects.create(username="bench", full_name="Bench", unit=unit)
    values: dict[str, Any] = {
        "sop": SopRevision.objects.latest("pk").pk, "calendar": CalendarRevision.objects.current().pk,
        "person": person.pk, "unit": unit.pk, "tickets": TICKETS, "open_from": TICKETS - 2 * DUE,
        "runs": RUNS_EACH, "now": NOW,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TABLE bench_history (LIKE tickets_ticketevent INCLUDING ALL)")
        for column, table in (("ticket_id", "tickets_ticket"), ("run_id", "tickets_steprun")):
            cursor.execute(
                f"ALTER TABLE bench_history ADD FOREIGN KEY ({column}) REFERENCES {table} DEFERRABLE INITIALLY DEFERRED"
            )
        cursor.execute(_TICKETS, values)
        cursor.execute(_RUNS, values)
        cursor.execute(
            "UPDATE tickets_ticket t SET current_run_id = r.id, status = 'working', closed_at = NULL"
            " FROM tickets_steprun r WHERE r.ticket_id = t.id AND r.ended_at IS NULL"
        )
        cursor.execute("ALTER TABLE tickets_ticketevent DISABLE TRIGGER USER")  # a history to stand behind, unchained
        cursor.execute(_EVENTS, values)
        cursor.execute("ALTER TABLE tickets_ticketevent ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE tickets_ticket, tickets_steprun, tickets_ticketevent")


_TICKETS: Final = """
    INSERT INTO tickets_ticket (number, status, category, priority, title, description, requester_id, technician_id,
        device_text, unit_id, room, contact, sop_id, submitted_at, closed_at, verdict, event_seq, last_hash)
    SELECT 'HC-2025-' || lpad(n::text, 6, '0'), 'cancelled', 'fault', 3, 'Internet mati', '', %(person)s, %(person)s,
        'PC', %(unit)s, 'R-1', '0812', %(sop)s, %(now)s - interval '1 hour', %(now)s, '', 1, ''
    FROM generate_series(1, %(tickets)s) n"""
_RUNS: Final = """
    INSERT INTO tickets_steprun (ticket_id, step, attempt, technician_id, calendar_id, minimum, maximum, started_at,
        warn_at, due_at, escalate_at, ended_at, ended_by_id, outcome, net_seconds, held_seconds, verdict, too_fast)
    SELECT t.id, 4, attempt, %(person)s, %(calendar)s, 10, 60, %(now)s - interval '1 hour',
        %(now)s + interval '1 year', %(now)s + interval '1 year', %(now)s + interval '1 year',
        CASE WHEN over THEN %(now)s END, CASE WHEN over THEN %(person)s END,
        CASE WHEN over THEN 'fail_test' ELSE '' END,
        CASE WHEN over THEN 60 END, CASE WHEN over THEN 0 END, CASE WHEN over THEN 'on_time' ELSE '' END, false
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tickets_ticket) t
    CROSS JOIN generate_series(1, %(runs)s) attempt
    CROSS JOIN LATERAL (SELECT attempt < %(runs)s OR t.n <= %(open_from)s AS over) o"""

_EVENTS: Final = """
    INSERT INTO tickets_ticketevent (ticket_id, seq, kind, at, by_id, status_from, status_to, data, text_sha256,
        internal, previous_hash, hash)
    SELECT id, 1, 'submit', submitted_at, requester_id, '', 'submitted', '{}', '', false, '', '' FROM tickets_ticket"""


def _look() -> float:
    """Milliseconds that the database takes for one look of both kinds, the transaction included."""
    started = time.perf_counter()
    sweep.flag_overdue(NOW)
    sweep.remind_of_holds(NOW)
    return (time.perf_counter() - started) * 1000


def _floor() -> float:
    """Milliseconds of two transactions that ask for nothing."""
    started = time.perf_counter()
    for _ in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM (VALUES (1)) one")
            cursor.fetchone()
    return (time.perf_counter() - started) * 1000


def _compare(rounds: int) -> tuple[float, float]:
    """Milliseconds (median) of flagging DUE runs past one threshold, and of the bare statements on the same rows."""
    flags, bare = [], []
    for _ in range(rounds):
        flags.append(_timed(lambda: actions.flag_overdue(NOW)))
        bare.append(_timed(_bare))
    return statistics.median(flags), statistics.median(bare)


def _timed(flag: Callable[[], object]) -> float:
    """Makes DUE runs overdue, flags them, and takes everything back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tickets_steprun SET due_at = %s, warned_at = %s WHERE id IN"
                " (SELECT id FROM tickets_steprun WHERE ended_at IS NULL ORDER BY id LIMIT %s)",
                [NOW.replace(hour=8), NOW.replace(hour=8), DUE],
            )
        started = time.perf_counter()
        flag()
        connection.check_constraints()  # what the commit would do
        taken = (time.perf_counter() - started) * 1000
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tickets_steprun WHERE overdue_at = %s", [NOW])
            assert cursor.fetchone() == (DUE,)
        transaction.set_rollback(True)
    return taken


def _bare() -> None:
    """The same rows changed and written down in a table like the history, without claim, chain or outbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_steprun SET overdue_at = %(now)s WHERE ended_at IS NULL AND due_at < %(now)s", {"now": NOW}
        )
        cursor.execute(
            "INSERT INTO bench_history (ticket_id, seq, kind, at, run_id, status_from, status_to, data,"
            " text_sha256, internal, previous_hash, hash) SELECT ticket_id, 0, 'overdue', %(now)s, id, 'working',"
            " 'working', '{}', '', false, '', '' FROM tickets_steprun WHERE overdue_at = %(now)s",
            {"now": NOW},
        )
