"""Machines on the loopback interface that answer as they are told: real sockets, on addresses of 127.0.0.0/8 alone."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from network.models import Subnet
from tests.factories import UnitFactory

Reply = Callable[[bytes, str], bytes | None]


def loopback_subnet(cidr: str = "127.0.9.0/24", *, seen_directly: bool = True) -> Subnet:
    """Past the validators, which know that no PC has such an address."""
    unit = UnitFactory(code="1700", name="BPS Provinsi Bengkulu")
    return Subnet.objects.create(cidr=cidr, name="Kantor percobaan", unit=unit, seen_directly=seen_directly)


@dataclass
class Machines:
    """`port` is where all of them listen; `heard` is who was asked, in order."""

    port: int
    heard: list[str] = field(default_factory=list)


Start = Callable[[Sequence[str], Reply], Machines]


@contextmanager
def machines(addresses: Sequence[str], reply: Reply) -> Iterator[Machines]:
    """`reply(packet, address)` is what the machine at that address answers; None for silence."""
    sockets = [_listen(addresses[0], 0)]
    port = sockets[0].getsockname()[1]
    sockets += [_listen(address, port) for address in addresses[1:]]
    told, waker = socket.socketpair()
    seen = Machines(port)

    def serve() -> None:
        while True:
            ready = select.select([*sockets, told], [], [])[0]
            if told in ready:
                return
            for ear in ready:
                packet, sender = ear.recvfrom(9000)
                address = ear.getsockname()[0]
                seen.heard.append(address)
                if (answer := reply(packet, address)) is not None:
                    ear.sendto(answer, sender)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield seen
    finally:
        waker.send(b".")
        thread.join(10)
        for ear in (*sockets, told, waker):
            ear.close()


def _listen(address: str, port: int) -> socket.socket:
    assert address.startswith("127.")
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind((address, port))
    return ear
