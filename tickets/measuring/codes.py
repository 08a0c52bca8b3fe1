"""The code in the address of a browser test: the number of its link, signed. Nothing that is kept would betray it.

Short enough to be typed at the PC that is tested, and checked without a look into the database.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another one
_SIGNATURE: Final = 12  # letters: 59 bits, and a limit on how often one address may try
_WRITTEN: Final = re.compile(rf"[{_LETTERS}]{{1,12}}-[{_LETTERS}]{{4}}-[{_LETTERS}]{{4}}-[{_LETTERS}]{{4}}")


def code_of(link: int) -> str:
    """As people read it out and type it: `4-kmfp-7xqw-r2ht`."""
    mark = _signature(link)
    return "-".join([_spelled(link), mark[:4], mark[4:8], mark[8:]])


def key_in(code: str) -> int | None:
    """The link whose code this is; None where it is nobody's."""
    if not _WRITTEN.fullmatch(code):
        return None
    head, _, _mark = code.partition("-")
    link = 0
    for letter in head:
        link = link * len(_LETTERS) + _LETTERS.index(letter)
    return link if constant_time_compare(code_of(link), code) else None


def written(text: str) -> str:
    """A code in its one spelling, from whatever way somebody typed it."""
    letters = "".join(letter for letter in text.lower() if letter in _LETTERS)
    head, mark = letters[:-_SIGNATURE][:12], letters[-_SIGNATURE:]
    return "-".join([head, mark[:4], mark[4:8], mark[8:]]) if head else ""


def _signature(link: int) -> str:
    number = int.from_bytes(salted_hmac("tickets.measuring", str(link), algorithm="sha256").digest()[:16])
    return _spelled(number)[-_SIGNATURE:].rjust(_SIGNATURE, _LETTERS[0])


def _spelled(number: int) -> str:
    letters = ""
    while number or not letters:
        number, rest = divmod(number, len(_LETTERS))
        letters = _LETTERS[rest] + letters
    return letters
