"""Several workers at once make each document once, and none of them stumbles over another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.tickets.factories import Office, make_office
from tests.tickets.racing import Track
from tickets import documents
from tickets.integrity import violations
from tickets.models import Document
from tickets.workflow import Status

pytestmark = pytest.mark.race

ROUNDS = 5  # each makes nine documents, one page after the other
TICKETS = 3


@pytest.fixture
def office(committed_db: None, settings: Settings, tmp_path: Path) -> Iterator[Office]:
    settings.MEDIA_ROOT = tmp_path
    yield make_office()
    assert list(violations()) == []


def test_eight_workers_at_once_make_each_document_once(
    office: Office, track: Track, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(1, ROUNDS + 1):
        for _ticket in range(TICKETS):
            office.do("fail_test", office.ticket_in(Status.TESTING))
            office.ticket_in(Status.DONE)
        track.run(documents.file_pending)
        documents.file_pending()  # what was locked when all looked
        assert Document.objects.count() == 3 * TICKETS * number
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == Document.objects.count()
    assert "cannot be made" not in caplog.text
