"""The socket, against machines on 127.0.0.0/8; and what it refuses to send, whoever calls it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

import network
from network.models import Subnet
from network.probe import packets
from network.probe.asking import ask
from network.probe.wire import CannotSend, NotAllowed, UdpWire, open_wire
from tests.network.probe.recorded import windows
from tests.network.probe.responder import Start, loopback_subnet

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_packets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Sends nothing; what would have been sent."""
    sent: list[Any] = []

    class Deaf(socket.socket):
        def sendto(self, *arguments: Any) -> int:
            sent.append(arguments[-1])
            return 0

    monkeypatch.setattr("network.probe.wire.socket.socket", Deaf)
    return sent


def send(address: str) -> None:
    with open_wire() as opened:
        opened.send(packets.request(1), address)


def test_a_machine_is_asked_and_answers(start: Start) -> None:
    loopback_subnet()
    heard = start(["127.0.9.7"], lambda packet, _: windows(packets.number_of(packet), "PC-7"))
    with open_wire() as opened:
        [(address, status)] = ask(["127.0.9.7"], opened, lambda: 0.0)
    assert (address, status and status.name, heard.heard) == ("127.0.9.7", "PC-7", ["127.0.9.7"])


def test_an_answer_from_another_port_is_not_heard(start: Start) -> None:
    loopback_subnet()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger, open_wire() as opened:
        stranger.bind(("127.0.9.7", 0))
        opened._socket.bind(("127.0.0.1", 0))
        stranger.sendto(b"hello", opened._socket.getsockname())
        assert opened.receive(0.05) is None


def test_an_oversized_packet_is_told_by_its_length(start: Start) -> None:
    loopback_subnet()
    start(["127.0.9.7"], lambda packet, _: bytes(9000))
    with open_wire() as opened:
        opened.send(packets.request(1), "127.0.9.7")
        data, _sender = opened.receive(5) or (b"", "")
    assert len(data) == packets.LONGEST + 1


def test_only_subnets_marked_as_seen_directly_are_sent_to(no_packets: list[Any]) -> None:
    loopback_subnet("127.0.9.0/24")
    loopback_subnet("127.0.10.0/24", seen_directly=False)
    send("127.0.9.7")
    for address in ("127.0.10.7", "127.0.11.7", "198.51.100.7"):
        with pytest.raises(NotAllowed):
            send(address)
    assert no_packets == [("127.0.9.7", 137)]


def test_nobody_is_sent_to_once_the_mark_is_off(no_packets: list[Any]) -> None:
    subnet = loopback_subnet()
    with open_wire() as opened:
        opened.send(packets.request(1), "127.0.9.7")
        Subnet.objects.filter(pk=subnet.pk).update(seen_directly=False)
        with pytest.raises(NotAllowed):
            opened.send(packets.request(2), "127.0.9.7")
    assert len(no_packets) == 1


def test_never_to_all_of_a_subnet_at_once_nor_by_ipv6(no_packets: list[Any]) -> None:
    loopback_subnet()
    loopback_subnet("fd00::/64")
    for address in ("127.0.9.0", "127.0.9.255", "fd00::7", "::ffff:127.0.9.7"):
        with pytest.raises(NotAllowed):
            send(address)
    assert no_packets == []


def test_a_switch_turns_all_of_it_off(no_packets: list[Any], settings: Settings) -> None:
    loopback_subnet()
    settings.REALITY_CHECK = False
    with pytest.raises(NotAllowed):
        send("127.0.9.7")
    assert no_packets == []


def test_there_is_no_other_way_to_send() -> None:
    """Of the whole room, the file of this socket alone knows sockets."""
    room = Path(network.__file__).parent
    knowing = [path.relative_to(room).as_posix() for path in room.rglob("*.py") if "import socket" in path.read_text()]
    assert knowing == ["probe/wire.py"]


@pytest.mark.parametrize(("number", "raised"), [(113, False), (105, False), (101, True), (1, True), (13, True)])
def test_a_full_or_dead_way_is_silence_and_a_forbidden_one_an_error(
    monkeypatch: pytest.MonkeyPatch, number: int, raised: bool
) -> None:
    loopback_subnet()

    class Failing(socket.socket):
        def sendto(self, *_: Any) -> int:
            raise OSError(number, "as told")

    monkeypatch.setattr("network.probe.wire.socket.socket", Failing)
    if raised:
        with pytest.raises(CannotSend, match=r"127\.0\.9\.7"):
            send("127.0.9.7")
    else:
        send("127.0.9.7")


def test_the_port_is_that_of_the_name_service() -> None:
    assert packets.PORT == 137
    with open_wire() as opened:
        assert isinstance(opened, UdpWire) and opened._port == 137
        assert opened._socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST) == 0
