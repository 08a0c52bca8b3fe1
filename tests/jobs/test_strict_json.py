"""JSON from outside: what would harm later is refused at the door."""

from __future__ import annotations

import json

import pytest

from jobs import strict_json


def test_sound_json_is_read() -> None:
    assert strict_json.loads(b'{"a": [1, 2.5, null, true, "\\u00e9"]}') == {"a": [1, 2.5, None, True, "é"]}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"\xff", b"NaN", b"[Infinity]", b"[-Infinity]", b"1e999", b"9" * 400, b'{"a": 1, "a": 2}',
        b'"\\u0000"', b'"\\ud800"', b'{"\\u0000": 1}', b"[" * 22 + b"]" * 22, b"[" * 200_000,
    ],
    ids=lambda raw: raw[:16].decode("latin-1"),
)  # fmt: skip
def test_what_would_harm_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        strict_json.loads(raw)


def test_what_is_too_long_is_not_looked_at() -> None:
    raw = json.dumps("x" * 100).encode()
    assert strict_json.loads(raw, most=102) == "x" * 100
    with pytest.raises(ValueError, match="too long"):
        strict_json.loads(raw, most=101)
