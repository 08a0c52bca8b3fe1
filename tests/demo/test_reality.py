"""The demo's drift list shows one of each kind, and nobody on the demo's network is ever asked."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from demo import load
from demo.office import furnish
from demo.reality import look_around
from network.drift import Drift, obstacle_in
from network.models import Observation, Subnet

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_there_is_one_of_each_kind_and_most_agree(settings: Settings) -> None:
    look_around(furnish(random.Random(load.SEED), datetime(2026, 8, 1, tzinfo=UTC)), NOW)
    drift = Observation.objects.drift(NOW)
    assert drift.tally() == {Drift.DIFFERS: 2, Drift.SILENT: 1, Drift.UNREGISTERED: 1}
    settings.REALITY_CHECK = False  # as with DEMO=1
    [seen] = Subnet.objects.seen_directly()
    assert "dimatikan" in obstacle_in(seen)
