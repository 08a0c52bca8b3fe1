"""The invariants that hold on live data at any moment, each one a query for what breaks it.

`manage.py verify_integrity` runs them; after every fault they are the oracle. Each row that a query returns is one
violation, its first column the place in words.
"""

# ruff: noqa: S608  # the queries are this file's own text, no input comes near them
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from jobs import files
from jobs.integrity import INVARIANTS as LONG_WORK
from jobs.models import JobFile
from network.integrity import INVARIANTS as REGISTRY
from tickets.models import Attachment, Document
from tickets.models.history import HASH
from tickets.workflow import STEP_OF

_STEP_OF_STATUS: Final = "CASE t.status " + " ".join(f"WHEN '{s}' THEN {int(n)}" for s, n in STEP_OF.items()) + " END"
_CHAIN: Final = """(SELECT e.*, lag(seq) OVER w AS seq_before, lag(hash) OVER w AS hash_before
    FROM tickets_ticketevent e WINDOW w AS (PARTITION BY ticket_id ORDER BY seq)) e"""

INVARIANTS: Final[dict[str, str]] = {
    **LONG_WORK,
    **REGISTRY,
    "every event's hash is that of its content": f"""
        SELECT e.ticket_id || '/' || e.seq FROM tickets_ticketevent e WHERE e.hash <> {HASH.format(row="e")}""",
    "events are chained without a gap": f"""
        SELECT e.ticket_id || '/' || e.seq FROM {_CHAIN}
        WHERE e.seq <> coalesce(seq_before, 0) + 1 OR e.previous_hash <> coalesce(hash_before, '')""",
    "every ticket carries the end of its chain": """
        SELECT t.number FROM tickets_ticket t
        LEFT JOIN tickets_ticketevent e ON e.ticket_id = t.id AND e.seq = t.event_seq
        LEFT JOIN tickets_ticketevent later ON later.ticket_id = t.id AND later.seq > t.event_seq
        WHERE e.id IS NULL OR e.hash <> t.last_hash OR later.id IS NOT NULL""",
    "a ticket's status is what its last event says": """
        SELECT t.number FROM tickets_ticket t
        JOIN tickets_ticketevent e ON e.ticket_id = t.id AND e.seq = t.event_seq WHERE e.status_to <> t.status""",
    "texts of the history are unchanged": """
        SELECT e.ticket_id || '/' || e.seq FROM tickets_ticketevent e LEFT JOIN tickets_tickettext x ON x.id = e.text_id
        WHERE e.text_sha256 <> coalesce(encode(sha256(convert_to(x.body, 'UTF8')), 'hex'), '')""",
    "the requester's words are unchanged": """
        SELECT t.number FROM tickets_ticket t JOIN tickets_ticketevent e ON e.ticket_id = t.id AND e.seq = 1
        WHERE e.data->>'request_sha256'
            IS DISTINCT FROM encode(sha256(convert_to(t.title || E'\\n' || t.description, 'UTF8')), 'hex')""",
    "the search knows every word of the tickets": """
        SELECT word FROM (SELECT DISTINCT unnest(tsvector_to_array(search)) AS word FROM tickets_ticket) written
        WHERE NOT EXISTS (SELECT FROM tickets_word known WHERE known.word = written.word)""",
    "an open ticket has one open run, of its own step": f"""
        SELECT t.number FROM tickets_ticket t
        LEFT JOIN tickets_steprun r ON r.ticket_id = t.id AND r.ended_at IS NULL
        WHERE t.current_run_id IS DISTINCT FROM r.id OR r.step IS DISTINCT FROM {_STEP_OF_STATUS}""",
    "attempts count from 1 without a gap": """
        SELECT ticket_id || ', langkah ' || step FROM tickets_steprun
        GROUP BY ticket_id, step HAVING max(attempt) <> count(*) OR min(attempt) <> 1""",
    "a run's clock stands only while it is on hold": """
        SELECT r.ticket_id || ', langkah ' || r.step FROM tickets_steprun r
        LEFT JOIN tickets_hold h ON h.run_id = r.id AND h.ended_at IS NULL
        WHERE r.ended_at IS NULL AND (r.due_at IS NULL) <> (h.id IS NOT NULL)
           OR r.ended_at IS NOT NULL AND h.id IS NOT NULL""",
    "a run that ended late is flagged": """
        SELECT r.ticket_id || ', langkah ' || r.step FROM tickets_steprun r
        WHERE r.net_seconds > r.maximum * 60 AND r.overdue_at IS NULL
           OR r.verdict = 'late' AND r.net_seconds <= r.maximum * 60
           OR r.verdict = 'on_time' AND r.net_seconds > r.maximum * 60""",
    "ticket numbers have no gap": """
        SELECT s.year::text FROM tickets_numberseries s
        LEFT JOIN tickets_ticket t ON t.number LIKE 'HC-' || s.year || '-%'
        GROUP BY s.year, s.last HAVING count(t.id) <> s.last""",
    "a finished ticket has a network record and a passed test": """
        SELECT t.number FROM tickets_ticket t WHERE t.status = 'done' AND (
            NOT EXISTS (SELECT FROM tickets_ticketaddress a WHERE a.ticket_id = t.id AND a.stage = 'recorded')
            OR NOT EXISTS (SELECT FROM tickets_connectiontest c JOIN tickets_steprun r ON r.id = c.run_id
                           WHERE r.ticket_id = t.id AND c.passed))""",
    "a passed test has nothing required that did not succeed, and rests on its run's newest measurement": """
        SELECT t.number FROM tickets_connectiontest c JOIN tickets_steprun r ON r.id = c.run_id
        JOIN tickets_ticket t ON t.id = r.ticket_id
        WHERE c.measurement_id IS DISTINCT FROM (SELECT max(m.id) FROM tickets_measurement m WHERE m.run_id = r.id)
            OR c.passed AND EXISTS (SELECT FROM jsonb_array_elements(c.results) line
                                    WHERE (line->>'required')::boolean AND line->>'outcome' <> 'ok')""",
    "a measurement was taken by a link of its run, while that was open, and is told once": """
        SELECT r.ticket_id || ', pengukuran ' || m.id FROM tickets_measurement m
        JOIN tickets_steprun r ON r.id = m.run_id JOIN tickets_measuringlink l ON l.id = m.link_id
        WHERE l.run_id <> r.id OR r.step <> 5 OR m.at NOT BETWEEN r.started_at AND coalesce(r.ended_at, 'infinity')
            OR m.at NOT BETWEEN l.made_at AND least(l.expires_at, coalesce(l.revoked_at, 'infinity'))
            OR 1 <> (SELECT count(*) FROM tickets_ticketevent e WHERE e.ticket_id = r.ticket_id
                     AND e.kind = 'measured' AND (e.data->>'measurement')::bigint = m.id)""",
    "a finished ticket's time is the sum of its runs": """
        SELECT t.number FROM tickets_ticket t WHERE t.status = 'done' AND t.net_seconds IS DISTINCT FROM
            (SELECT sum(net_seconds) FROM tickets_steprun r WHERE r.ticket_id = t.id)""",
    "the plan of an open ticket, and of no other, rests on its device": """
        SELECT t.number FROM tickets_ticket t JOIN network_device d ON d.id = t.device_id
        WHERE d.decommissioned_at IS NULL AND (t.number = ANY(d.plans)) <> (t.closed_at IS NULL AND EXISTS (
            SELECT FROM tickets_ticketaddress a WHERE a.ticket_id = t.id AND a.stage = 'planned'))""",
    "what has been told waits in the outbox no more": """
        SELECT o.event_id::text FROM tickets_outbox o WHERE EXISTS (
            SELECT FROM tickets_delivery d WHERE d.event_id = o.event_id)""",
    "nobody is told of what they did themselves, but by a receipt": """
        SELECT d.id::text FROM tickets_delivery d JOIN tickets_ticketevent e ON e.id = d.event_id
        WHERE d.recipient_id = e.by_id AND NOT (e.kind = 'submit' AND d.role = 'requester')""",
    "internal notes are told to nobody": """
        SELECT d.id::text FROM tickets_delivery d JOIN tickets_ticketevent e ON e.id = d.event_id WHERE e.internal""",
    "a message by chat goes to its recipient's own address": """
        SELECT d.id::text FROM tickets_delivery d JOIN tickets_chataddress a ON a.id = d.address_id
        WHERE a.user_id <> d.recipient_id""",
    "a document tells of an event of its ticket and kind": """
        SELECT d.number FROM tickets_document d JOIN tickets_ticketevent e ON e.id = d.event_id
        WHERE d.ticket_id <> e.ticket_id OR (d.kind = 'service') <> (e.kind = 'finish')
            OR e.kind NOT IN ('pass_test', 'fail_test', 'finish')""",
    "a rating is its ticket's requester's, given while the ticket was done": """
        SELECT t.number FROM tickets_rating r JOIN tickets_ticket t ON t.id = r.ticket_id
        JOIN tickets_ticketevent e ON e.id = r.event_id
        WHERE r.rater_id <> t.requester_id OR e.ticket_id <> r.ticket_id OR e.status_to <> 'done'""",
    "an answer is to the question of its element": """
        SELECT a.id::text FROM tickets_ratinganswer a JOIN tickets_surveyelement s ON s.id = a.element_id
        WHERE a.number <> s.number""",
    "the survey asks nine questions": """
        SELECT count(*)::text FROM tickets_surveyelement WHERE active HAVING count(*) <> 9""",
    "a stock is the sum of its movements": """
        SELECT e.name FROM tickets_equipment e LEFT JOIN tickets_stockmovement m ON m.equipment_id = e.id
        GROUP BY e.id HAVING e.stock <> coalesce(sum(m.quantity), 0)""",
    "each movement leaves the stock that it says": """
        SELECT m.id::text FROM (SELECT id, after, sum(quantity) OVER (PARTITION BY equipment_id ORDER BY id) AS total
                                FROM tickets_stockmovement) m WHERE m.after <> m.total""",
    "what was used of a consumable is booked or short": """
        SELECT u.id::text FROM tickets_materialuse u LEFT JOIN tickets_stockmovement m ON m.use_id = u.id
        WHERE m.id IS NOT NULL AND (m.equipment_id <> u.equipment_id OR -m.quantity <> u.quantity - u.shortage)
           OR m.id IS NULL AND u.shortage NOT IN (0, u.quantity)""",
    "a closed ticket keeps no reservation": """
        SELECT t.number FROM tickets_ticket t JOIN tickets_ticketaddress a ON a.ticket_id = t.id
        JOIN network_ipassignment i ON i.id = a.address_id
        JOIN network_nameassignment n ON n.id = a.name_id
        WHERE t.status IN ('done', 'rejected', 'cancelled') AND a.stage = 'planned'
            AND 'reserved' IN (i.state, n.state)
            AND NOT EXISTS (SELECT FROM tickets_ticketaddress o JOIN tickets_ticket u ON u.id = o.ticket_id
                            WHERE o.address_id = i.id AND u.id <> t.id AND u.closed_at IS NULL)""",
}

FILES_ARE_WHOLE: Final = "attachments, documents and files of long work are as they were kept"
#: Tables of files: each row has a name on disk and its SHA-256. A room above this one adds its own when it starts.
KEPT: Final[list[type[Any]]] = [Attachment, Document, JobFile]


def violations() -> Iterator[str]:
    """Every violation of every invariant, as "invariant: place"."""
    with connection.cursor() as cursor:
        for name, query in INVARIANTS.items():
            cursor.execute(query)
            yield from (f"{name}: {place}" for (place,) in cursor.fetchall())
    yield from (f"{FILES_ARE_WHOLE}: {fault}" for model in KEPT for fault in _broken_files(model))


def _broken_files(model: type[Any]) -> Iterator[str]:
    for name, sha256 in model._default_manager.values_list("name", "sha256").iterator():
        if not files.path_of(name).is_file():
            yield f"{name} is missing"
        elif files.measured(name)[1] != sha256:
            yield f"{name} has changed"
