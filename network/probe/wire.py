"""The one place that sends: before each packet it asks the registry, and refuses what is not allowed."""

from __future__ import annotations

import errno
import ipaddress
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from django.conf import settings

from network.models import Subnet
from network.probe.packets import LONGEST, PORT

#: Nobody is there, or the way is full for a moment: as good as silence.
_SILENCE: Final = {errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENOBUFS, errno.EAGAIN}


class NotAllowed(Exception):
    """The address lies in no subnet that this server sees directly, or belongs to no single machine."""


class CannotSend(Exception):
    """This server itself cannot send: no route, or its own firewall refuses."""


class Wire(Protocol):
    """What `asking` needs of the network, and of time."""

    def now(self) -> float: ...

    def send(self, packet: bytes, address: str) -> None:
        """Raises NotAllowed and CannotSend."""

    def receive(self, seconds: float) -> tuple[bytes, str] | None:
        """The next packet from the port asked at, with its sender; None when these seconds (or none) are over."""


def check_allowed(address: str) -> None:
    """Raises NotAllowed unless `address` is one machine's in a subnet that is marked as seen directly, right now."""
    if not settings.REALITY_CHECK:
        raise NotAllowed("REALITY_CHECK is off")
    subnet = Subnet.objects.seen_directly().holding(address).first()
    host = ipaddress.ip_address(address)
    if subnet is None or not isinstance(host, ipaddress.IPv4Address) or host in subnet.edges():
        raise NotAllowed(address)


class UdpWire:
    """A socket of its own, from a port that the system chooses. The system refuses broadcasts on it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def close(self) -> None:
        self._socket.close()

    def now(self) -> float:
        return time.monotonic()

    def send(self, packet: bytes, address: str) -> None:
        check_allowed(address)
        try:
            self._socket.sendto(packet, (address, self._port))
        except OSError as error:
            if error.errno not in _SILENCE:
                raise CannotSend(f"{address}: {error}") from error

    def receive(self, seconds: float) -> tuple[bytes, str] | None:
        ends = self.now() + seconds
        while select.select([self._socket], [], [], max(0.0, ends - self.now()))[0]:
            try:
                data, (sender, port) = self._socket.recvfrom(LONGEST + 1)
            except OSError:  # what the system tells of an earlier packet
                continue
            if port == self._port:
                return data, sender
            if self.now() >= ends:
                return None
        return None


@contextmanager
def open_wire() -> Iterator[UdpWire]:
    wire = UdpWire(PORT)
    try:
        yield wire
    finally:
        wire.close()
