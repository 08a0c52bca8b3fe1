"""Equipment and material: what is used is booked once, a stock is the sum of its movements and never below nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office
from tests.tickets.snapshot import execute
from tests.tickets.web import office, page_of, rows, send, text_of
from tickets import actions
from tickets.actions import NeededItem, UsedItem
from tickets.admin import EquipmentAdmin
from tickets.integrity import violations
from tickets.models import Equipment, MaterialUse, Need, StockMovement, Ticket
from tickets.workflow import Action, Status

__all__ = ["office"]

pytestmark = pytest.mark.django_db


def item(name: str = "Konektor RJ45") -> Equipment:
    return Equipment.objects.get(name=name)


def stocked(office: Office, quantity: int, name: str = "Konektor RJ45") -> Equipment:
    return actions.receive_stock(item(name), quantity=quantity, by=office.admin, now=office.now)


def use(office: Office, *used: UsedItem, ticket: Ticket | None = None) -> Ticket:
    return office.do(Action.COMPLETE_WORK, ticket or office.ticket_in(Status.WORKING), materials=used)


def movements(equipment: Equipment) -> list[tuple[str, int, int]]:
    return list(equipment.movements.order_by("pk").values_list("kind", "quantity", "after"))


# Use


def test_a_need_that_the_catalogue_knows_is_linked_and_books_nothing(office: Office) -> None:
    stocked(office, 10)
    needs = [NeededItem("konektor rj45 ", 4), NeededItem("Sakelar dinding", 1, available=False)]
    office.do(Action.IDENTIFY, office.ticket_in(Status.IDENTIFYING), needs=needs)
    found = list(Need.objects.order_by("pk").values_list("item", "equipment__name"))
    assert found == [("konektor rj45", "Konektor RJ45"), ("Sakelar dinding", None)]
    assert item().stock == 10


def test_what_is_used_is_booked_with_its_ticket(office: Office) -> None:
    connectors = stocked(office, 10)
    ticket = use(office, UsedItem("Konektor RJ45", 4), UsedItem("KONEKTOR RJ45", 1), UsedItem("Lakban", 2))
    assert (item().stock, item().uncounted) == (5, 0)
    assert movements(connectors) == [("receipt", 10, 10), ("use", -4, 6), ("use", -1, 5)]
    latest = connectors.movements.first()
    assert latest is not None and latest.use is not None
    assert (latest.use.run.ticket, latest.by) == (ticket, office.technician)
    assert MaterialUse.objects.get(item="Lakban").equipment is None
    assert list(violations()) == []


def test_what_is_used_again_and_again_stays(office: Office) -> None:
    stocked(office, 2, "Tester kabel")
    use(office, UsedItem("Tester kabel", 1))
    assert (item("Tester kabel").stock, MaterialUse.objects.get().equipment) == (2, item("Tester kabel"))
    assert StockMovement.objects.filter(kind="use").count() == 0


def test_more_than_the_record_has_is_kept_as_a_shortage(office: Office) -> None:
    connectors = stocked(office, 3)
    use(office, UsedItem("Konektor RJ45", 5))
    use(office, UsedItem("Konektor RJ45", 2))
    assert (item().stock, item().uncounted) == (0, 4)
    assert list(MaterialUse.objects.order_by("pk").values_list("quantity", "shortage")) == [(5, 2), (2, 2)]
    assert movements(connectors) == [("receipt", 3, 3), ("use", -3, 0)]
    assert list(Equipment.objects.low()) == [item()]
    assert list(violations()) == []


def test_cancelling_and_opening_again_give_nothing_back(office: Office) -> None:
    stocked(office, 10)
    ticket = use(office, UsedItem("Konektor RJ45", 2))
    ticket = office.do(Action.FAIL_TEST, ticket)
    ticket = use(office, UsedItem("Konektor RJ45", 1), ticket=ticket)
    assert item().stock == 7
    office.do(Action.CANCEL, ticket)
    done = office.ticket_in(Status.DONE)
    office.do(Action.REOPEN, done)
    assert item().stock == 7


def test_a_refused_step_books_nothing(office: Office) -> None:
    stocked(office, 10)
    with pytest.raises(ValidationError):
        office.do(Action.COMPLETE_WORK, office.ticket_in(Status.WORKING), summary=" ",
                  materials=[UsedItem("Konektor RJ45", 2)])  # fmt: skip
    assert item().stock == 10


# Receipts and counts


def test_an_admin_receives_and_counts_with_a_reason(office: Office) -> None:
    connectors = stocked(office, 10)
    use(office, UsedItem("Konektor RJ45", 12))
    actions.correct_stock(connectors, counted=4, by=office.admin, reason="Satu kotak belum dicatat.", expected=0)
    assert (item().stock, item().uncounted) == (4, 0)
    actions.correct_stock(connectors, counted=4, by=office.admin, reason="Dihitung lagi.")
    assert [kind for kind, _quantity, _after in movements(connectors)] == ["receipt", "use", "correction", "correction"]
    assert list(violations()) == []


@pytest.mark.parametrize("who", ["technician", "supervisor", "requester"])
def test_nobody_else_does(office: Office, who: str) -> None:
    person = getattr(office, who)
    with pytest.raises(PermissionDenied):
        actions.receive_stock(item(), quantity=1, by=person)
    with pytest.raises(PermissionDenied):
        actions.correct_stock(item(), counted=1, by=person, reason="x")


@pytest.mark.parametrize(
    "given",
    [{"counted": -1, "reason": "x"}, {"counted": 2, "reason": " "}, {"counted": 2, "reason": "x", "expected": 3},
     {"counted": 10**7, "reason": "x"}, {"counted": 2, "reason": "a\x00"}],
)  # fmt: skip
def test_a_count_that_makes_no_sense_or_was_of_another_stock_is_refused(office: Office, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        actions.correct_stock(item(), by=office.admin, **given)
    for quantity in (0, -1, 10_001):
        with pytest.raises(ValidationError):
            actions.receive_stock(item(), quantity=quantity, by=office.admin)
    assert not StockMovement.objects.exists()


def test_the_admin_site_renames_an_item_and_leaves_its_stock_to_those_who_use_it_meanwhile(office: Office) -> None:
    read = stocked(office, 10)
    use(office, UsedItem("Konektor RJ45", 4))
    read.minimum = 3
    EquipmentAdmin(Equipment, admin.site).save_model(
        RequestFactory().post("/"), read, SimpleNamespace(changed_data=["minimum"]), change=True
    )
    assert (item().stock, item().minimum) == (6, 3)
    assert list(violations()) == []


def test_the_database_keeps_movements_and_no_stock_below_nothing(office: Office) -> None:
    stocked(office, 1)
    for change in (lambda: StockMovement.objects.update(quantity=2), lambda: StockMovement.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE tickets_equipment SET stock = -1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Equipment.objects.create(name="KONEKTOR rj45")


def test_verify_integrity_names_a_stock_that_is_no_sum(office: Office) -> None:
    stocked(office, 3)
    Equipment.objects.filter(name="Konektor RJ45").update(stock=5)
    assert list(violations()) == ["a stock is the sum of its movements: Konektor RJ45"]


# On the pages


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_step_3_proposes_the_catalogue_with_its_stock(office: Office) -> None:
    stocked(office, 7)
    page = text_of(page_of(office.technician, office.ticket_in(Status.IDENTIFYING)))
    assert '<option value="Konektor RJ45" data-stock="7">stok 7 buah</option>' in page
    assert 'list="equipment-names"' in page


def test_a_shortage_is_said_to_the_technician_and_shown_to_staff(office: Office) -> None:
    stocked(office, 3)
    ticket = office.ticket_in(Status.WORKING)
    sent = {"summary": "Kabel ditarik.", **rows("materials", {"item": "Konektor RJ45", "quantity": 5})}
    answer = send(office.technician, Action.COMPLETE_WORK, ticket, sent, htmx=True)
    assert "Melebihi stok tercatat: 2 × Konektor RJ45" in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert "2 melebihi stok tercatat" in text_of(page_of(office.technician, ticket))
    assert "melebihi stok tercatat" not in text_of(page_of(office.requester, ticket))
    home = text_of(client_of(office.admin).get(reverse("dashboard:home")))
    assert "Perlengkapan yang perlu diperhatikan" in home and "2 buah dipakai melebihi catatan" in home


def test_low_stock_is_on_the_admins_home_alone(office: Office) -> None:
    Equipment.objects.filter(name="Kabel jaringan").update(minimum=10)
    stocked(office, 9, "Kabel jaringan")
    homes = {who: text_of(client_of(getattr(office, who)).get(reverse("dashboard:home"))) for who in
             ("admin", "technician", "supervisor", "requester")}  # fmt: skip
    assert [who for who, page in homes.items() if "di bawah minimum" in page] == ["admin"]


def test_the_pages_tell_every_movement_and_keep_what_was_typed(office: Office) -> None:
    client, connectors = client_of(office.admin), item()
    receive, correct = (reverse(f"tickets:stock-{name}", args=[connectors.pk]) for name in ("receive", "correct"))
    assert client.post(receive, {"receipt-quantity": "12", "receipt-reason": "Nota 7"}).status_code == 302
    ticket = use(office, UsedItem("Konektor RJ45", 2))
    page = text_of(client.get(connectors.get_absolute_url()))
    assert ticket.number in page and "Nota 7" in page and "-2" in page
    stale = client.post(
        correct, {"correction-counted": "9", "correction-expected": "12", "correction-reason": "Hitung"}
    )
    assert stale.status_code == 422 and "Stoknya baru saja berubah menjadi 10" in text_of(stale)
    assert 'value="9"' in text_of(stale)
    assert client.post(receive, {"receipt-quantity": "abc"}).status_code == 422
    client.post(correct, {"correction-counted": "9", "correction-expected": "10", "correction-reason": "Hitung"})
    assert item().stock == 9


def test_the_list_is_searched_and_filtered_and_breaks_on_nothing(office: Office) -> None:
    client, address = client_of(office.technician), reverse("tickets:equipment-list")
    assert "Tang krimping" in text_of(client.get(address))
    assert "Tang krimping" not in text_of(client.get(f"{address}?q=konektor"))
    assert "Tidak ada barang yang cocok" in text_of(client.get(f"{address}?state=low"))
    for query in ("?q=%00", "?state=nope", "?sort=nope", "?after=x", "?sort=stok&state=retired"):
        assert client.get(address + query).status_code == 200
