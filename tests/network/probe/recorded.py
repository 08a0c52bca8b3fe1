"""Answers to a node status as machines give them, recorded on the wire; and ways to make others."""

from __future__ import annotations

from typing import Final

from network.probe import packets

#: Samba's nmbd 4.17, netbios name PC-UJI-01, workgroup BPS1700, asked under the number 0x2026.
SAMBA: Final = bytes.fromhex(
    "20268400000000010000000020434b4141414141414141414141414141414141414141414141414141414141410000210001"
    "0000000000890550432d554a492d303120202020202000040050432d554a492d303120202020202003040050432d554a492d"
    "30312020202020202004004250533137303020202020202020200084004250533137303020202020202020201e8400000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
)

GROUP: Final = 0x8400
UNIQUE: Final = 0x0400
MAC: Final = bytes.fromhex("3c52821a0b4f")


def entry(name: str, suffix: int, flags: int = UNIQUE) -> bytes:
    return name.encode("latin-1").ljust(15)[:15] + bytes([suffix]) + flags.to_bytes(2, "big")


def answer(
    number: int,
    *entries: bytes,
    mac: bytes = MAC,
    flags: int = 0x8400,
    counts: tuple[int, int] = (0, 1),
    name: bytes = packets.request(0)[12:46],
    claimed: int | None = None,
    statistics: int = 46,
) -> bytes:
    """An answer as Windows gives it, but for what is asked to be different."""
    record = bytes([len(entries) if claimed is None else claimed]) + b"".join(entries) + mac.ljust(statistics, b"\x00")
    header = number.to_bytes(2, "big") + flags.to_bytes(2, "big")
    header += b"".join(count.to_bytes(2, "big") for count in (*counts, 0, 0))
    return header + name + b"\x00\x21\x00\x01\x00\x00\x00\x00" + len(record).to_bytes(2, "big") + record


def windows(number: int, name: str = "PC-UJI-02", workgroup: str = "BPS1700", mac: bytes = MAC) -> bytes:
    """A Windows PC that shares a printer and runs a web server."""
    return answer(
        number,
        entry(name, 0x00),
        entry(workgroup, 0x00, GROUP),
        entry(name, 0x20),
        entry(workgroup, 0x1E, GROUP),
        entry("INet~Services", 0x1C, GROUP),
        entry("IS~" + name, 0x00),
        mac=mac,
    )
