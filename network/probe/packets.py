"""The packets of a node status, built and read without a network. Whatever arrives, reading it costs little.

Bytes from outside give a Status or a NotAStatus, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

PORT: Final = 137
#: The longest answer there can be: header, name, fixed part, 255 names, statistics with room to spare.
LONGEST: Final = 5_000

_HEADER: Final = 12
_NBSTAT: Final = b"\x00\x21"
_INTERNET: Final = b"\x00\x01"
#: "*" as NetBIOS writes names: sixteen bytes, each as two letters from A to P. Whoever hears it answers.
_ANYBODY: Final = b"\x20CK" + b"A" * 30 + b"\x00"
_ENTRY: Final = 18
_GROUP, _LEAVING, _ACTIVE = 0x8000, 0x1000, 0x0400
_WORKSTATION: Final = 0x00
_LONGEST_NAME: Final = 255


class NotAStatus(ValueError):
    """These bytes do not answer that question."""


@dataclass(frozen=True)
class Name:
    text: str
    suffix: int
    flags: int

    @property
    def is_group(self) -> bool:
        return bool(self.flags & _GROUP)

    @property
    def is_in_use(self) -> bool:
        return bool(self.flags & _ACTIVE) and not self.flags & _LEAVING


@dataclass(frozen=True)
class Status:
    """What a machine says of itself; empty where it does not say."""

    name: str
    workgroup: str
    mac: str


def request(number: int) -> bytes:
    """The question under this transaction number (0 to 65535), to one machine."""
    return number.to_bytes(2, "big") + bytes([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + _ANYBODY + _NBSTAT + _INTERNET


def number_of(data: bytes) -> int:
    """The transaction number of any packet. Raises NotAStatus where it has none."""
    if len(data) < _HEADER:
        raise NotAStatus("shorter than a header")
    return int.from_bytes(data[:2], "big")


def read(data: bytes, number: int) -> Status:
    """The answer to the question of this number. Raises NotAStatus."""
    if len(data) > LONGEST:
        raise NotAStatus("longer than any answer")
    if number_of(data) != number:
        raise NotAStatus("the answer to another question")
    _check_header(data)
    start = _behind_name(data, _HEADER)
    fixed = data[start : start + 10]
    if len(fixed) < 10 or fixed[:4] != _NBSTAT + _INTERNET:
        raise NotAStatus("no record of a node status")
    record = data[start + 10 :]
    length = int.from_bytes(fixed[8:10], "big")
    if not record or len(record) < length:
        raise NotAStatus("cut off")
    return _status(record[:length])


def _check_header(data: bytes) -> None:
    flags, questions, answers = (int.from_bytes(data[at : at + 2], "big") for at in (2, 4, 6))
    if not flags & 0x8000 or flags & 0x7800:
        raise NotAStatus("no answer to a query")
    if flags & 0x000F:
        raise NotAStatus("refused")
    if flags & 0x0200:
        raise NotAStatus("cut off by the machine itself")
    if (questions, answers) != (0, 1):
        raise NotAStatus("wrong counts")


def _behind_name(data: bytes, at: int) -> int:
    """Where the name that begins here ends. A pointer ends it: nothing is followed, so nothing can go in circles."""
    first = at
    while at < len(data) and at - first < _LONGEST_NAME:
        length = data[at]
        if length == 0:
            return at + 1
        if length >= 0xC0:
            return at + 2
        if length > 63:
            break
        at += 1 + length
    raise NotAStatus("a name without end")


def _status(record: bytes) -> Status:
    """`record` is a count, that many names, and the statistics, which begin with the MAC."""
    if not record:
        raise NotAStatus("an empty record")
    end = 1 + record[0] * _ENTRY
    if len(record) < end:
        raise NotAStatus("fewer names than it says")
    names = [name for name in _names(record[1:end]) if name.is_in_use]
    return Status(_own_name(names), _workgroup(names), _mac(record[end : end + 6]))


def _names(entries: bytes) -> Iterator[Name]:
    for at in range(0, len(entries), _ENTRY):
        entry = entries[at : at + _ENTRY]
        yield Name(_legible(entry[:15]), entry[15], int.from_bytes(entry[16:18], "big"))


def _legible(raw: bytes) -> str:
    """A name as text: what is no plain letter of a name shows as "?", and can neither break a page nor a table."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "?" for byte in raw.rstrip(b"\x00 ")).strip()


def _own_name(names: Sequence[Name]) -> str:
    """The first one of its own; IIS adds one that begins with IS~."""
    own = (name.text for name in names if name.suffix == _WORKSTATION and not name.is_group)
    return next((text for text in own if text and not text.startswith("IS~")), "")


def _workgroup(names: Sequence[Name]) -> str:
    return next((name.text for name in names if name.suffix == _WORKSTATION and name.is_group and name.text), "")


def _mac(raw: bytes) -> str:
    """`AA:BB:CC:DD:EE:FF`; empty where the machine gives none (Samba gives noughts)."""
    if len(raw) < 6 or not any(raw) or raw[0] & 1:
        return ""
    return ":".join(f"{byte:02X}" for byte in raw)
