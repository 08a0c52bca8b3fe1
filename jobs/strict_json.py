"""JSON from outside: what the standard library would let through and a database or a page would not is refused here."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

DEEPEST: Final = 20
LARGEST: Final = 256 * 1024
# NUL, and halves of a surrogate pair.
_UNKEEPABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


def loads(raw: bytes, *, most: int = LARGEST) -> Any:
    """Raises ValueError for more than `most` bytes, what is no JSON in UTF-8, NaN and infinities, numbers beyond a
    double's, keys that come twice, NUL, half characters, and more than DEEPEST levels."""
    if len(raw) > most:
        raise ValueError("too long")
    try:
        found = json.loads(
            raw.decode(), parse_constant=_refused, parse_float=_number, parse_int=_whole, object_pairs_hook=_once
        )
    except RecursionError:
        raise ValueError("too deep") from None
    _look_through(found, DEEPEST)
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all measure")
    return number


def _whole(text: str) -> int:
    if len(text) > 18:
        raise ValueError("a number beyond all measure")
    return int(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _look_through(value: Any, levels: int) -> None:
    if levels < 0:
        raise ValueError("too deep")
    if isinstance(value, str) and _UNKEEPABLE.search(value):
        raise ValueError("a character that cannot be kept")
    if isinstance(value, dict):
        for name, part in value.items():
            _look_through(name, levels)
            _look_through(part, levels - 1)
    if isinstance(value, list):
        for part in value:
            _look_through(part, levels - 1)
