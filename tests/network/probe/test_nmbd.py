"""Against Samba's real name server, in a network namespace that this test makes and takes away again.

Packets go through a pair of virtual interfaces and nowhere else. It needs root, `ip` and `nmbd`; where they are
missing, and in CI, it is skipped with a warning.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from network import actions, pace
from network.actions import reality
from network.drift import Drift, lines_of
from network.models import Observation, Subnet
from network.probe.packets import Status
from network.queries import DAYS_OF_SILENCE
from tests.network.factories import make_device, make_subnet, make_workgroup
from tests.processes import until

#: Of the block for benchmarks of network devices (RFC 2544): nobody's on the internet.
HERE, THERE, NOBODY = "198.18.77.1", "198.18.77.2", "198.18.77.3"
SAID: Final = Status("PC-UJI-01", "BPS1700", "")  # Samba tells no MAC

CONFIGURATION: Final = """
[global]
    netbios name = PC-UJI-01
    workgroup = BPS1700
    interfaces = {there}/24
    bind interfaces only = yes
    lock directory = {folder}/lock
    state directory = {folder}/state
    cache directory = {folder}/cache
    pid directory = {folder}/pid
    private dir = {folder}/private
    ncalrpc dir = {folder}/ncalrpc
    log file = {folder}/log
"""


def skip(reason: str) -> None:
    warnings.warn(f"the reality check was not tried against a real nmbd: {reason}", stacklevel=2)
    pytest.skip(reason)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=10)


@pytest.fixture
def namespace() -> Iterator[str]:
    """A network of its own, with one way in."""
    if os.environ.get("CI"):
        skip("CI is set")
    if missing := [name for name in ("ip", "nmbd") if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]:
        skip(f"{' and '.join(missing)} not found (packages iproute2, samba)")
    name = f"hc-{secrets.token_hex(3)}"
    outside, inside = f"{name}a", f"{name}b"
    with ExitStack() as undo:
        try:
            ip("netns", "add", name)
            undo.callback(ip, "netns", "del", name)
            ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", name)
            ip("addr", "add", f"{HERE}/24", "dev", outside)
        except subprocess.CalledProcessError as error:
            skip(f"no network namespaces here: {error.stderr.decode().strip()}")
        ip("link", "set", outside, "up")
        for change in (f"addr add {THERE}/24 brd + dev {inside}", f"link set {inside} up", "link set lo up"):
            ip("-n", name, *change.split())
        yield name


@pytest.fixture
def nmbd(namespace: str, tmp_path: Path) -> Iterator[None]:
    for folder in ("lock", "state", "cache", "pid", "private", "ncalrpc"):
        (tmp_path / folder).mkdir()
    configuration = tmp_path / "smb.conf"
    configuration.write_text(CONFIGURATION.format(there=THERE, folder=tmp_path))
    command = ["nmbd", "--foreground", "--no-process-group", "--debug-stdout", f"--configfile={configuration}"]
    process = subprocess.Popen(
        ["ip", "netns", "exec", namespace, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def subnet(db: None, monkeypatch: pytest.MonkeyPatch) -> Subnet:
    monkeypatch.setattr(pace, "LOOKUPS", pace.Kind("lookups", timedelta(0), timedelta(hours=1)))
    return make_subnet("198.18.77.0/29", gateway=HERE, seen_directly=True)


@pytest.mark.usefixtures("nmbd")
def test_a_real_name_server_is_understood_and_makes_the_drift_list(subnet: Subnet) -> None:
    until(lambda: reality.look_at(THERE) is not None, seconds=30)
    assert reality.look_at(THERE) == SAID
    assert reality.look_at(NOBODY) is None

    told: list[tuple[int, int]] = []
    assert reality.scan(subnet, tell=lambda done, total: told.append((done, total))) == reality.Scan(5, 1)
    assert told[-1] == (5, 5)
    found = Observation.objects.get()
    assert (found.address, found.answered, found.name, found.workgroup) == (THERE, True, "PC-UJI-01", "BPS1700")
    assert drift(found) == Drift.UNREGISTERED

    device, workgroup = make_device(), make_workgroup()
    before = found.at - timedelta(days=DAYS_OF_SILENCE)
    record = actions.activate(device, address=THERE, pc_name="PC-LAMA", workgroup=workgroup, by=None, now=before)
    reality.look_at(THERE)
    assert drift(Observation.objects.current().get()) == Drift.DIFFERS
    actions.activate(device, address=THERE, pc_name=SAID.name, workgroup=record.workgroup, by=None)
    reality.look_at(THERE)
    assert not Observation.objects.drift(found.at).exists()


def drift(found: Observation) -> Drift:
    [line] = lines_of(Observation.objects.drift(found.at))
    return line.kind
