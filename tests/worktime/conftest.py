from typing import Any

import pytest

from worktime.models import CalendarRevision


@pytest.fixture
def data(db: None) -> dict[str, Any]:
    """A fresh copy of the shipped calendar's document, to be changed at will."""
    shipped: dict[str, Any] = CalendarRevision.objects.get(number=1).data
    return shipped
