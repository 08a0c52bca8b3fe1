"""Asks many addresses one after another: each twice at most, no faster than the pace allows, none waited for alone."""

from __future__ import annotations

import math
import secrets
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from network.probe import packets
from network.probe.packets import NotAStatus, Status
from network.probe.wire import Wire

#: How often an address is asked, and how long each time an answer is waited for: silence is known after two seconds.
TRIES: Final = 2
PATIENCE: Final = 1.0
#: Packets that are read at once where no time is left: more than can be waiting, but for a flood.
_MOST_AFTERWARDS: Final = 200
#: Seconds until the next packet may go.
Pace = Callable[[], float]


@dataclass
class _Question:
    address: str
    tries: int = 0
    until: float = math.inf  # while it waits for its turn
    numbers: set[int] = field(default_factory=set)


def ask(addresses: Iterable[str], wire: Wire, pace: Pace) -> Generator[tuple[str, Status | None]]:
    """Each address with what its machine said, or None for silence, as soon as it is known.

    Raises what `wire.send` raises; what was known until then has been given.
    """
    asked: dict[str, _Question] = {}
    fresh = iter(dict.fromkeys(addresses))
    again: deque[_Question] = deque()
    while True:
        question = _next(fresh, again, asked)
        if question is None and not asked:
            return
        wait = pace() if question else None
        ends = wire.now() + wait if wait is not None else min(other.until for other in asked.values())
        yield from _answers(asked, wire, ends, to_the_end=question is not None)
        for late in [other for other in asked.values() if other.until <= wire.now()]:
            if late.tries < TRIES:
                late.until = math.inf
                again.append(late)
            else:
                del asked[late.address]
                yield late.address, None
        if question and (not question.tries or question.address in asked):
            asked[question.address] = question
            _send(question, wire)


def _next(fresh: Iterator[str], again: deque[_Question], asked: dict[str, _Question]) -> _Question | None:
    """Those that are asked again come first, unless they have answered meanwhile."""
    while again:
        question = again.popleft()
        if question.address in asked:
            return question
    return next((_Question(address) for address in fresh), None)


def _send(question: _Question, wire: Wire) -> None:
    number = secrets.randbelow(0x10000)
    question.tries += 1
    question.numbers.add(number)
    wire.send(packets.request(number), question.address)
    question.until = wire.now() + PATIENCE


def _answers(asked: dict[str, _Question], wire: Wire, ends: float, *, to_the_end: bool) -> Iterator[tuple[str, Status]]:
    """What is answered until `ends`, or until nobody is left who could, by those who were asked; everything else that
    arrives is dropped. What has arrived is read also where `ends` is past: who was slow then was not the machine."""
    spare = _MOST_AFTERWARDS
    while (asked or to_the_end) and spare:
        left = max(0.0, ends - wire.now())
        spare -= not left
        received = wire.receive(left)
        if received is None:
            return
        data, sender = received
        question = asked.get(sender)
        status = _read(data, question) if question else None
        if status:
            del asked[sender]
            yield sender, status


def _read(data: bytes, question: _Question) -> Status | None:
    try:
        number = packets.number_of(data)
        return packets.read(data, number) if number in question.numbers else None
    except NotAStatus:
        return None
