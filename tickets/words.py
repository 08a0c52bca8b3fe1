"""Which tickets words fit, among very many.

What is typed is the beginning of words, and PostgreSQL's index gathers all tickets with any such word before it leaves
any out. So the words are looked up in the vocabulary: for whole words the index goes only where all of them are. And as
it knows no order, it is asked for the newest blocks of tickets first: of common words these hold enough.
"""

# ruff: noqa: S608  # what is put together here are this house's own words; what people typed is a parameter
from __future__ import annotations

import re
from typing import Final, NamedTuple

from django.db import connection

from accounts.prepared import Statement

WORD = re.compile(r"\w+")

#: Tickets that came one after the other are a block, by this many bits of their id; see the index of words.
BLOCK_BITS: Final = 13
LARGE_BLOCK_BITS: Final = 18
#: The blocks of a ticket in one array, the large one below 0. An array, for a GIN index takes no number by itself.
BLOCKS: Final = f"ARRAY[{{id}} >> {BLOCK_BITS}, -1 - ({{id}} >> {LARGE_BLOCK_BITS})]"

#: Of so many words that begin alike, no list is made.
_ALIKE: Final = 64
_VOCABULARY: Final = Statement(
    "vocabulary",
    f"""
    SELECT lexeme, ARRAY(SELECT word FROM tickets_word
                         WHERE word ~>=~ lexeme AND word ~<~ (lexeme || chr(1114111))
                             AND ($2 OR word = lexeme) LIMIT {_ALIKE + 1})
    FROM unnest(tsvector_to_array(to_tsvector('indonesian', $1))) lexeme""",
    ["text", "boolean"],
)

# The words of the vocabulary are for the index; IS TRUE keeps it from looking for what was typed as well.
_FITS: Final = "search @@ $2 AND (search @@ (SELECT to_tsquery('indonesian', $1))) IS TRUE"


def _few(name: str, blocks: str) -> Statement:
    """How many tickets of the newest `blocks` fit; which ones, if they are fewer than $3; and the newest block."""
    return Statement(
        name,
        f"""
        SELECT count(*), CASE WHEN count(*) < $3 THEN array_agg(id) END,
               (SELECT max(id) >> {BLOCK_BITS} FROM tickets_ticket)
        FROM (SELECT id FROM tickets_ticket WHERE {_FITS}
                  AND {BLOCKS.format(id="id")} && (SELECT ARRAY[{blocks}] FROM tickets_ticket) LIMIT $3) fitting""",
        ["text", "tsquery", "bigint"],
    )


_NEAR_BLOCKS: Final = 4
_NEAR: Final = _few("words_near", ", ".join(f"(max(id) >> {BLOCK_BITS}) - {back}" for back in range(_NEAR_BLOCKS)))
_FAR: Final = _few("words_far", ", ".join(f"{back} - 1 - (max(id) >> {LARGE_BLOCK_BITS})" for back in range(2)))
_ALL: Final = Statement(
    "words_all",
    f"SELECT id FROM tickets_ticket WHERE {_FITS} ORDER BY id + 0 DESC LIMIT $3",
    ["text", "tsquery", "bigint"],
)
# CASE, that the newest tickets are looked at one by one whatever the planner thinks how many fit.
_NEWEST: Final = """
    SELECT id FROM tickets_ticket WHERE CASE WHEN search @@ to_tsquery('indonesian', %s) THEN true ELSE false END
    ORDER BY submitted_at DESC, id DESC LIMIT %s"""


class Fitting(NamedTuple):
    """How many tickets fit, and the ids of all of them; of the newest alone where `number` is the `most` asked for."""

    ids: list[int]
    number: int


def typed(text: str) -> str:
    """The words of `text` as a tsquery: all of them, each the beginning of a word; a single sign is a whole one."""
    begins = ":*" if _begins(text) else ""
    return " & ".join(f"'{word}'{begins}" for word in WORD.findall(text))


def _begins(text: str) -> bool:
    return len(text) > 1


def fitting(text: str, size: int, most: int) -> Fitting:
    """Ids of at least the `size` newest tickets that the words of `text` fit, if there are so many; `number` is `most`
    if that many fit, or more. `size` 0 asks for nothing but whether so many fit."""
    asked = typed(text)
    known = in_vocabulary(text) if asked else None
    if not known:
        return Fitting([], 0)
    near, ids, newest_block = _NEAR.rows(asked, known, most)[0]
    if near == most:
        if not size:
            return Fitting([], most)
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, [asked, size])
            return Fitting([pk for (pk,) in cursor.fetchall()], most)
    if newest_block is None or newest_block < _NEAR_BLOCKS:
        return Fitting(ids or [], near)
    if near >= max(size, 1) and _FAR.rows(asked, known, most)[0][0] == most:
        return Fitting(ids, most)
    ids = [pk for (pk,) in _ALL.rows(asked, known, most)]
    return Fitting(ids, len(ids))


def in_vocabulary(text: str) -> str | None:
    """What the words of `text` may be the beginning of, as a tsquery: it fits whatever they fit, and seldom more. None
    if no ticket has such words."""
    found = _VOCABULARY.rows(" ".join(WORD.findall(text)), _begins(text))
    if not found or not all(words for _lexeme, words in found):
        return None
    return " & ".join(
        f"{_quoted(lexeme)}:*" if len(words) > _ALIKE else f"({' | '.join(map(_quoted, words))})"
        for lexeme, words in found
    )


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
