"""Eight technicians at once and the last connectors: each is booked once, and what was not there is said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import cycle

import pytest
from django.db import transaction

from tests.tickets.factories import Office, make_office
from tests.tickets.racing import ROUNDS, THREADS, Track, a_control_that_fails, won
from tickets import actions
from tickets.actions import UsedItem, stock
from tickets.integrity import violations
from tickets.models import Equipment, MaterialUse, StockMovement, Ticket
from tickets.workflow import Status

pytestmark = pytest.mark.race

LEFT = 3


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    yield make_office()
    assert list(violations()) == []


@pytest.fixture
def working(office: Office) -> list[Ticket]:
    return [office.ticket_in(Status.WORKING) for _ in range(THREADS)]


def test_the_last_connectors_are_booked_once(office: Office, working: list[Ticket], track: Track) -> None:
    connectors, cable = (Equipment.objects.get(name=name) for name in ("Konektor RJ45", "Kabel jaringan"))

    def refill() -> None:
        for item in (connectors, cable):
            actions.correct_stock(item, counted=LEFT, by=office.admin, reason="Ronde baru", now=office.now)

    def emptied() -> bool:
        found = Equipment.objects.filter(stock=0, uncounted=THREADS - LEFT)
        return set(found) == {connectors, cable}

    for _ in range(ROUNDS - 1):
        refill()
        assert won(track.run(*(partial(take, ticket, office, way) for ticket, way in pairs(working)))) == THREADS
        assert emptied()
    refill()
    assert won(track.run(*(partial(complete, ticket, office, way) for ticket, way in pairs(working)))) == THREADS
    assert emptied()
    assert StockMovement.objects.filter(kind="use", equipment=connectors).count() == LEFT * ROUNDS
    short = MaterialUse.objects.filter(equipment=connectors, shortage=1)
    assert short.count() == (THREADS - LEFT) * ROUNDS


def pairs(working: list[Ticket]) -> Iterator[tuple[Ticket, int]]:
    """Half of them name the two things the other way round: who locked in their own order would wait for ever."""
    return zip(working, cycle((1, -1)), strict=False)


def take(ticket: Ticket, office: Office, way: int) -> None:
    """What step 4 does to the stock, without the rest of it."""
    with transaction.atomic():
        items = list(Equipment.objects.in_use().filter(consumable=True))[::way]
        uses = [MaterialUse(run=ticket.runs.latest("pk"), item=item.name, equipment=item) for item in items]
        stock.book(MaterialUse.objects.bulk_create(uses), by=office.technician, at=office.now)


def complete(ticket: Ticket, office: Office, way: int) -> Ticket:
    used = [UsedItem("Konektor RJ45"), UsedItem("Kabel jaringan")][::way]
    return actions.complete_work(ticket, by=office.technician, summary="Selesai.", materials=used)


def test_the_naive_way_books_the_last_one_several_times(office: Office, track: Track) -> None:
    connectors = Equipment.objects.filter(name="Konektor RJ45")

    def naive() -> bool:
        stock = connectors.values_list("stock", flat=True).get()
        if not stock:
            return False
        with transaction.atomic():
            connectors.update(stock=stock - 1)
        return True

    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            connectors.update(stock=LEFT)
            taken = track.run(naive)
            connectors.update(stock=0)
            if note(sum(outcome is True for outcome in taken) > LEFT):
                break
