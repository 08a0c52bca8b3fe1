"""The time that everything is dated by."""

from datetime import UTC, datetime, timedelta

import pytest

from jobs.instants import database_now


@pytest.mark.django_db
def test_the_databases_clock_is_read_in_whole_seconds_and_goes_on_within_a_transaction() -> None:
    now = database_now()
    assert now.microsecond == 0
    assert now.utcoffset() is not None
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=60)
