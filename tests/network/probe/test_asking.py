"""Many addresses, each twice at most, paced, in a time that the test makes itself."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from network.probe import packets
from network.probe.asking import PATIENCE, ask
from network.probe.packets import Status
from network.probe.wire import NotAllowed
from tests.network.probe.recorded import windows

Reply = Callable[[bytes, str], list[tuple[float, bytes, str]]]


class FakeWire:
    """A network whose time passes only while somebody waits. `reply` gives what comes back: (seconds, data, sender)."""

    def __init__(self, reply: Reply) -> None:
        self.time = 100.0
        self.sent: list[tuple[float, str]] = []
        self._reply = reply
        self._coming: list[tuple[float, bytes, str]] = []

    def now(self) -> float:
        return self.time

    def send(self, packet: bytes, address: str) -> None:
        self.sent.append((self.time, address))
        self._coming += [(self.time + after, data, sender) for after, data, sender in self._reply(packet, address)]
        self._coming.sort()

    def receive(self, seconds: float) -> tuple[bytes, str] | None:
        ends = self.time + seconds
        if self._coming and self._coming[0][0] <= ends:
            at, data, sender = self._coming.pop(0)
            self.time = max(self.time, at)
            return data, sender
        self.time = ends
        return None


def every(seconds: float, wire: FakeWire) -> Callable[[], float]:
    """A pace of one packet in so many seconds, on the wire's own time."""
    free = wire.time

    def turn() -> float:
        nonlocal free
        begins, free = max(free, wire.time), max(free, wire.time) + seconds
        return begins - wire.time

    return turn


def prompt(packet: bytes, address: str) -> list[tuple[float, bytes, str]]:
    return [(0.01, windows(packets.number_of(packet), f"PC-{address.rpartition('.')[2]}"), address)]


def silent(packet: bytes, address: str) -> list[tuple[float, bytes, str]]:
    return []


def addresses(count: int) -> list[str]:
    return [f"127.0.{number // 250}.{1 + number % 250}" for number in range(count)]


def test_one_that_answers_is_asked_once_and_known_at_once() -> None:
    wire = FakeWire(prompt)
    assert dict(ask(["127.0.0.7"], wire, lambda: 0.0)) == {"127.0.0.7": Status("PC-7", "BPS1700", "3C:52:82:1A:0B:4F")}
    assert len(wire.sent) == 1
    assert wire.time == pytest.approx(100.01)


def test_silence_is_known_after_two_tries_and_two_seconds() -> None:
    wire = FakeWire(silent)
    assert dict(ask(["127.0.0.7"], wire, lambda: 0.0)) == {"127.0.0.7": None}
    assert wire.sent == [(100.0, "127.0.0.7"), (101.0, "127.0.0.7")]
    assert wire.time == 102.0


def test_an_answer_to_the_first_try_counts_after_the_second_too() -> None:
    def late(packet: bytes, address: str) -> list[tuple[float, bytes, str]]:
        return [(PATIENCE + 0.3, windows(packets.number_of(packet)), address)] if len(wire.sent) == 1 else []

    wire = FakeWire(late)
    assert [status is not None for _, status in ask(["127.0.0.7"], wire, lambda: 0.0)] == [True]
    assert wire.time == pytest.approx(101.3)


def test_a_subnet_is_asked_no_faster_than_the_pace_and_each_address_twice_at_most() -> None:
    def some(packet: bytes, address: str) -> list[tuple[float, bytes, str]]:
        return prompt(packet, address) if int(address.rpartition(".")[2]) % 5 == 0 else []

    wire = FakeWire(some)
    found = dict(ask(addresses(500), wire, every(0.02, wire)))
    assert sorted(found) == sorted(addresses(500))
    assert sum(status is not None for status in found.values()) == 100
    times = [at for at, _ in wire.sent]
    assert all(after - before > 0.0199 for before, after in pairwise(times))
    assert len(times) == 100 + 2 * 400
    assert wire.time < 100 + 900 * 0.02 + 2.5  # nobody was waited for alone


@pytest.mark.parametrize(
    "bad",
    [
        lambda packet, address: [(0.01, windows(packets.number_of(packet)), "127.0.0.99")],
        lambda packet, address: [(0.01, windows(packets.number_of(packet) ^ 1), address)],
        lambda packet, address: [(0.01, windows(packets.number_of(packet))[:-1], address)],
        lambda packet, address: [(0.01, b"", address), (0.02, packet, address)],
        lambda packet, address: [(0.01, bytes(6000), address)],
    ],
    ids=["from another address", "to another question", "cut off", "nothing, and the question itself", "oversize"],
)
def test_what_answers_nobody_s_question_is_silence(bad: Reply) -> None:
    wire = FakeWire(bad)
    assert dict(ask(["127.0.0.7"], wire, lambda: 0.0)) == {"127.0.0.7": None}


def test_a_wrong_answer_does_not_keep_the_right_one_out() -> None:
    wire = FakeWire(lambda packet, address: [(0.01, b"\xff" * 60, address), *prompt(packet, address)])
    assert [status.name for _, status in ask(["127.0.0.7"], wire, lambda: 0.0) if status] == ["PC-7"]


def test_a_flood_of_junk_holds_nobody_up() -> None:
    """A thousand packets a second that answer nothing: the look ends when it would have ended."""
    wire = FakeWire(lambda packet, address: [(n / 1000, bytes([n % 256]) * 40, address) for n in range(3000)])
    assert dict(ask(["127.0.0.7"], wire, lambda: 0.0)) == {"127.0.0.7": None}
    assert wire.time == pytest.approx(102.0)


def test_a_flood_that_never_ends_holds_nobody_up_either() -> None:
    class Flooded(FakeWire):
        def receive(self, seconds: float) -> tuple[bytes, str] | None:
            self.time += 0.001 if seconds else 0.0
            return b"junk", "127.0.0.1"

    wire = Flooded(silent)
    assert dict(ask(addresses(2), wire, lambda: 0.0)) == {"127.0.0.1": None, "127.0.0.2": None}
    assert wire.time < 103


def test_what_arrived_while_the_asker_itself_was_slow_counts() -> None:
    """A database that keeps the pace's turn for ten seconds makes no machine silent."""
    wire = FakeWire(prompt)

    def slow() -> float:
        wire.time += 10
        return 0.0

    found = dict(ask(addresses(3), wire, slow))
    assert all(found.values())
    assert len(wire.sent) == 3


def test_an_address_named_twice_is_asked_once() -> None:
    wire = FakeWire(prompt)
    assert len(list(ask(["127.0.0.7", "127.0.0.7"], wire, lambda: 0.0))) == 1


def test_no_addresses_no_packets() -> None:
    wire = FakeWire(prompt)
    assert list(ask([], wire, lambda: 0.0)) == []
    assert wire.sent == []


def test_what_the_wire_refuses_ends_the_asking_and_keeps_what_was_known() -> None:
    def until_third(packet: bytes, address: str) -> list[tuple[float, bytes, str]]:
        if address.endswith(".3"):
            raise NotAllowed(address)
        return prompt(packet, address)

    wire, known = FakeWire(until_third), []
    with pytest.raises(NotAllowed):
        for address, _status in ask(addresses(9), wire, every(0.5, wire)):
            known.append(address)
    assert known == ["127.0.0.1", "127.0.0.2"]
