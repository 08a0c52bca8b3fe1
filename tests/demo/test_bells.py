"""The demo office's bells hold the last days' news, and no mail waits to be sent."""

from datetime import timedelta

import pytest

from demo.bells import RECENT, fill_bells
from tests.tickets.factories import MONDAY, make_office
from tests.tickets.test_notify_sending import give_addresses
from tickets.bell import bell_of
from tickets.models import Delivery, Outbox
from tickets.workflow import Status


@pytest.mark.django_db
def test_old_events_are_told_to_nobody_and_recent_ones_in_the_bell_alone() -> None:
    office = make_office(now=MONDAY - RECENT)
    give_addresses()
    office.ticket_in(Status.DONE)
    office.now = MONDAY - timedelta(days=1)
    read = office.submit()
    office.now = MONDAY
    fresh = office.ticket_in(Status.ASSIGNED)
    fill_bells(office.now + timedelta(hours=1))
    assert not Outbox.objects.exists()
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"bell"}
    assert set(Delivery.objects.values_list("event__ticket", flat=True)) == {read.pk, fresh.pk}
    assert all(row.due_at == row.event.at for row in Delivery.objects.select_related("event"))
    assert bell_of(office.requester).unread == 2
