"""Rows are written as Model.save writes them, and where there is none, it is said."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Unit
from accounts.writing import insert, update
from network.models import Device, Workgroup
from tests.tickets.factories import Office, make_office
from tickets.models import Hold, HoldReason, Outbox, TicketEvent, TicketText
from tickets.workflow import Status


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def facts(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_inserted_with_its_key_and_read_back_as_it_was_given(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    assert ticket.current_run is not None
    hold = insert(
        Hold(
            run=ticket.current_run,
            reason=HoldReason.objects.first(),
            note="100% “menunggu” 'kabel' \\ %s",
            look_again_at=timezone.now(),
            started_at=office.now,
            started_by=office.technician,
        )
    )
    assert hold.pk is not None and not hold._state.adding
    assert facts(Hold.objects.get(pk=hold.pk)) == facts(hold)


def test_json_addresses_and_keys_are_kept_as_django_keeps_them(office: Office) -> None:
    ticket = office.submit()
    event = TicketEvent(
        ticket=ticket, kind="comment", at=office.now, by=office.admin, origin="10.17.0.9",
        status_from=ticket.status, status_to=ticket.status, data={"kata": ["'", None, 1.5]}, key=uuid.uuid4(),
    )  # fmt: skip
    insert(event)
    found = TicketEvent.objects.get(pk=event.pk)
    assert (found.data, found.origin, found.key) == (event.data, event.origin, event.key)


def test_what_has_a_default_in_the_database_is_left_to_it(office: Office) -> None:
    event = office.submit().events.get()
    Outbox.objects.filter(pk=event.pk).delete()
    assert insert(Outbox(event=event)).attempts == 0


def test_a_value_of_ones_own_is_kept_where_the_database_has_a_default_too(office: Office) -> None:
    def planned(**plans: list[str]) -> list[str]:
        kept = insert(Device(kind=Device.Kind.PC, unit=office.unit, registered_at=office.now, **plans))
        return Device.objects.get(pk=kept.pk).plans

    assert planned(plans=["a", "b"]) == ["a", "b"]
    assert planned() == []


def test_a_row_that_says_itself_what_is_left_to_the_database_is_refused(office: Office) -> None:
    event = office.submit().events.get()
    Outbox.objects.filter(pk=event.pk).delete()
    with pytest.raises(ValueError, match=r"Outbox\.attempts"):
        insert(Outbox(event=event, attempts=3))
    assert not Outbox.objects.filter(pk=event.pk).exists()


def test_only_the_named_fields_of_one_row_are_updated(office: Office) -> None:
    other = Unit.objects.create(code="1799", name="Lain")
    unit = office.unit
    unit.name, unit.code = "Baru", "tidak ditulis"
    update(unit, "name")
    assert Unit.objects.get(pk=unit.pk).name == "Baru"
    assert Unit.objects.get(pk=unit.pk).code != "tidak ditulis"
    assert Unit.objects.get(pk=other.pk).name == "Lain"


def test_a_row_that_is_gone_is_not_updated_in_silence(office: Office) -> None:
    unit = Unit.objects.create(code="1799", name="Lain")
    Unit.objects.filter(pk=unit.pk).delete()
    with pytest.raises(DatabaseError):
        update(unit, "name")


def test_constraints_hold(office: Office) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Workgroup(name=office.workgroup.name))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(TicketText(ticket_id=-1, body="milik siapa?"))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_tracked_row_keeps_its_trail(office: Office) -> None:
    device, trail = office.device(), apps.get_model("network", "DeviceEvent")._default_manager
    before = trail.filter(pgh_obj=device).count()
    device.brand_model = "ThinkPad"
    update(device, "brand_model")
    assert trail.filter(pgh_obj=device).count() == before + 1


def test_the_statement_is_made_once(office: Office) -> None:
    ticket = office.submit()
    asked = []
    for word in ("satu", "dua"):
        with CaptureQueriesContext(connection) as queries:
            insert(TicketText(ticket=ticket, body=word))
        asked.append([query["sql"].partition("(")[0] for query in queries])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1
