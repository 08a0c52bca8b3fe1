"""Ticket numbers: yearly, gapless, never reused. (Concurrent ones: test_races.)"""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.tickets.factories import Office
from tests.tickets.snapshot import undone
from tickets.models import NumberSeries, Ticket


def test_numbers_count_up_from_1(office: Office) -> None:
    assert [office.submit().number for _ in range(3)] == ["HC-2026-000001", "HC-2026-000002", "HC-2026-000003"]


def test_each_year_begins_anew_at_midnight_in_the_offices_zone(office: Office) -> None:
    office.at("2026-12-31 23:59:59")
    last = office.submit()
    office.at("2027-01-01 00:00:00")
    assert (last.number, office.submit().number) == ("HC-2026-000001", "HC-2027-000001")
    office.at("2026-12-31 23:59:59")
    assert office.submit().number == "HC-2026-000002"


def test_a_refused_or_rolled_back_submission_takes_no_number(office: Office) -> None:
    office.submit()
    with pytest.raises(ValidationError):
        office.submit(title="")
    with undone():
        assert office.submit().number == "HC-2026-000002"
    assert office.submit().number == "HC-2026-000002"


def test_a_number_is_never_used_again_by_a_later_ticket(office: Office) -> None:
    office.do("cancel", office.submit())
    assert office.submit().number == "HC-2026-000002"


def test_a_number_belongs_to_one_ticket_by_constraint(office: Office) -> None:
    one, other = office.submit(), office.submit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=one.pk).update(number=other.number)


def test_after_a_million_tickets_the_number_grows_by_a_digit(office: Office) -> None:
    NumberSeries.objects.create(year=2026, last=999_999)
    assert office.submit().number == "HC-2026-1000000"
