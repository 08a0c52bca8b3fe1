"""The cast and their helpdesk. `office` has everything; the rest are its people by name."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from tests.tickets.factories import Office, make_office
from tests.tickets.racing import Track


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def requester(office: Office) -> User:
    return office.requester


@pytest.fixture
def colleague(office: Office) -> User:
    return office.colleague


@pytest.fixture
def stranger(office: Office) -> User:
    return office.stranger


@pytest.fixture
def admin(office: Office) -> User:
    return office.admin


@pytest.fixture
def technician(office: Office) -> User:
    return office.technician


@pytest.fixture
def other_technician(office: Office) -> User:
    return office.other_technician


@pytest.fixture
def supervisor(office: Office) -> User:
    return office.supervisor


@pytest.fixture
def track() -> Iterator[Track]:
    track = Track()
    yield track
    track.close()
