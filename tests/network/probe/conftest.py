"""An office whose network is the loopback interface: packets of these tests leave no machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from network.models import Subnet
from network.probe import wire
from tests.factories import UnitFactory
from tests.network.probe.responder import Machines, Reply, machines

Start = Callable[[Sequence[str], Reply], Machines]


def loopback_subnet(cidr: str = "127.0.9.0/24", *, seen_directly: bool = True) -> Subnet:
    """Past the validators, which know that no PC has such an address."""
    unit = UnitFactory(code="1700", name="BPS Provinsi Bengkulu")
    return Subnet.objects.create(cidr=cidr, name="Kantor percobaan", unit=unit, seen_directly=seen_directly)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts machines, and lets whoever asks find them at their port."""
    with ExitStack() as stack:

        def begin(addresses: Sequence[str], reply: Reply) -> Machines:
            seen = stack.enter_context(machines(addresses, reply))
            monkeypatch.setattr(wire, "PORT", seen.port)
            return seen

        yield begin
