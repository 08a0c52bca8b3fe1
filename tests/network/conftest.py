from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from network.models import Device, Subnet, Workgroup
from tests.factories import Cast, make_cast
from tests.network.factories import make_device, make_subnet, make_workgroup
from tests.network.probe.responder import Machines, Reply, Start, machines


@pytest.fixture
def subnet(db: None) -> Subnet:
    return make_subnet(gateway="10.17.0.1", exclusions=(("10.17.0.200", "10.17.0.250"),))


@pytest.fixture
def workgroup(db: None) -> Workgroup:
    return make_workgroup()


@pytest.fixture
def device(db: None) -> Device:
    return make_device()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts machines on the loopback interface, and lets whoever asks find them at their port."""
    with ExitStack() as stack:

        def begin(addresses: Sequence[str], reply: Reply) -> Machines:
            seen = stack.enter_context(machines(addresses, reply))
            monkeypatch.setattr("network.probe.wire.PORT", seen.port)
            return seen

        yield begin
