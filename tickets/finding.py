"""What is found among all tickets, in SQL of its own: the same tickets as `TicketQuerySet.search` finds.

To put the many ways of fitting together by the ORM, and to plan them together, takes longer than to find. What a text
may be the beginning of is a range of an index, so that it needs no plan of its own.
"""

# ruff: noqa: S608  # what is put together here are this house's own words; what people typed is a parameter
from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from accounts.prepared import Statement
from network.queries import LIVE
from tickets import words
from tickets.queries import ADDRESS, DIGITS, SHORT_NUMBER
from tickets.workflow import OPEN, Status


class Row(NamedTuple):
    """With the key of the order "newest"."""

    submitted_at: datetime
    pk: int


class _Wanted(NamedTuple):
    """The parameters $1 to $7; None where the text cannot be of this kind, which nothing fits."""

    number: str
    whole_number: str | None
    last_digits: str | None
    names: str | None
    pc_name: str | None
    address: str | None
    words: str | None


def _wanted(text: str) -> _Wanted:
    short, is_digits, is_more = SHORT_NUMBER.fullmatch(text), bool(DIGITS.fullmatch(text)), len(text) > 1
    return _Wanted(
        number=text.upper(),
        whole_number=f"HC-{short[1]}-{int(short[2]):06d}" if short else None,
        last_digits=text[::-1] if is_digits else None,
        names=" & ".join(f"'{word}':*" for word in words.WORD.findall(text)) or None if is_more else None,
        pc_name=text if is_more else None,
        address=text.lower() if is_more and (is_digits or ADDRESS.fullmatch(text)) else None,
        words=words.typed(text) or None,
    )


def _begins(column: str, prefix: str) -> str:
    """As a range of the column's index: between the prefix and the prefix with the last of all signs behind it."""
    return f"({column} ~>=~ {prefix} AND {column} ~<~ ({prefix} || chr(1114111)))"


def _either(words: Any) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


_LAST_DIGITS: Final = _begins("reverse(ticket.number::text)", "$3")
_REQUESTER: Final = """ticket.requester_id IN (
    SELECT person.id FROM accounts_user person
    WHERE to_tsvector('simple'::regconfig, COALESCE(person.full_name, '')) @@ to_tsquery('simple', $4))"""
_PC_NAME: Final = _begins("upper(device.pc_name::text)", "upper($5)")
_DEVICE: Final = "ticket.device_id IN (SELECT named.id FROM named)"
# By themselves, that they are found by their indexes whatever they are joined with.
_FOUND_FIRST: Final = f"""
    WITH named AS MATERIALIZED (SELECT device.id FROM network_device device WHERE {_PC_NAME}),
    held AS MATERIALIZED (
        SELECT id, device_id, state FROM network_ipassignment WHERE {_begins("host(address)", "$6")})"""
_LIVE_HELD: Final = f"ticket.device_id IN (SELECT held.device_id FROM held WHERE held.state IN {_either(LIVE)})"

# Each way gives its newest $7, by its own index and not by that of the ids.
_WAYS: Final = (
    _begins("ticket.number", "$1"),
    "ticket.number = $2",
    _LAST_DIGITS,
    _REQUESTER,
    _DEVICE,
    _LIVE_HELD,
    "ticket.id IN (SELECT link.ticket_id FROM held JOIN tickets_ticketaddress link ON link.address_id = held.id)",
)
_OTHERWISE: Final = Statement(
    "found_otherwise",
    f"{_FOUND_FIRST} "
    + " UNION ".join(
        f"(SELECT ticket.id FROM tickets_ticket ticket WHERE {way} ORDER BY ticket.id + 0 DESC LIMIT $7)"
        for way in _WAYS
    ),
    ["text"] * 6 + ["bigint"],
)

_NEWEST: Final = Statement(
    "found_newest",
    "SELECT submitted_at, id FROM tickets_ticket WHERE id = ANY ($1) ORDER BY submitted_at DESC, id DESC LIMIT $2",
    ["bigint[]", "bigint"],
)

# Of the open tickets, each is looked at; what is the same for all of them stands in a SELECT of its own.
_OPEN_TALLY: Final = Statement(
    "found_tally",
    f"""
    {_FOUND_FIRST}
    SELECT count(*),
           count(*) FILTER (WHERE ticket.status = '{Status.SUBMITTED}'),
           count(*) FILTER (WHERE ticket.status = '{Status.ASSIGNED}'),
           count(*) FILTER (WHERE ticket.status IN {_either(OPEN[2:])}),
           count(*) FILTER (WHERE run.overdue_at IS NOT NULL OR run.due_at < $8),
           count(*) FILTER (WHERE run.due_at IS NULL),
           min(run.due_at) FILTER (WHERE run.due_at >= $8)
    FROM tickets_ticket ticket
    LEFT JOIN tickets_steprun run ON run.id = ticket.current_run_id
    WHERE ticket.status IN {_either(OPEN)} AND (
        starts_with(ticket.number, $1) OR ticket.number = $2
        OR $3 IS NOT NULL AND starts_with(reverse(ticket.number), $3)
        OR {_DEVICE} OR ticket.search @@ (SELECT to_tsquery('indonesian', $7)) OR {_REQUESTER}
        OR $6 IS NOT NULL AND (
            {_LIVE_HELD}
            OR EXISTS (SELECT FROM tickets_ticketaddress link
                       WHERE link.ticket_id = ticket.id
                       AND link.address_id = ANY ((SELECT array_agg(held.id) FROM held)::bigint[]))))
    """,
    ["text"] * 7 + ["timestamptz"],
)
_TALLIED: Final = ("open", "approval", "acceptance", "working", "overdue", "held", "next_due")


def newest(text: str, size: int, most: int) -> tuple[list[Row], int]:
    """The `size` newest of what fits the text, and how many fit: `most` if there are more."""
    wanted = _wanted(text.strip())
    found = {pk for (pk,) in _OTHERWISE.rows(*wanted[:-1], most)}
    by_words = words.fitting(text.strip(), size, most)
    found.update(by_words.ids)
    rows = [Row(*row) for row in _NEWEST.rows([*found], size)]
    return rows, min(max(len(found), by_words.number), most)


def open_tally(text: str, now: datetime) -> dict[str, Any]:
    """`TicketQuerySet.tally` of the open tickets that fit the text."""
    (counted,) = _OPEN_TALLY.rows(*_wanted(text.strip()), now)
    return dict(zip(_TALLIED, counted, strict=True))
