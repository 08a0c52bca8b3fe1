"""Step 3 proposes the next free address, and whoever comes second is shown the one behind it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Unit
from network import actions as network
from network.models import Subnet
from tests.tickets.factories import Office, make_unit
from tests.tickets.test_forms import drawn, two_devices
from tests.tickets.web import office, page_of, rows, send, text_of
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import Action

__all__ = ["office"]


def subnet_of(unit: Unit, cidr: str) -> Subnet:
    return network.save_subnet(Subnet(cidr=cidr, name="LAN", unit=unit), exclusions=[], by=None)


def proposal(form: Any) -> tuple[Any, Any, Any]:
    return form["address"].value(), form["proposed"].value(), form["subnet"].value()


def sent(office: Office, address: str, **more: Any) -> dict[str, Any]:
    """The form as somebody sends it who was shown `address` and leaves it."""
    given = {"device": "new", "drawn_for": "new", "kind": "pc", "brand_model": "Rakitan", "pc_name": "PC-BARU"}
    needs = rows("needs", {"item": "Kabel UTP", "quantity": 2, "available": "on"})
    return {**given, **needs, "workgroup": office.workgroup.pk, "address": address, "proposed": address, **more}


@pytest.fixture
def ticket(office: Office) -> Ticket:
    return office.ticket_in("identifying")


def test_the_next_free_address_of_the_tickets_unit_is_proposed(office: Office, ticket: Ticket) -> None:
    subnet_of(make_unit(), "10.5.0.0/24")
    form = drawn(office, Action.IDENTIFY, ticket)
    assert proposal(form) == ("10.17.0.2", "10.17.0.2", str(office.subnet.pk))
    assert form.proposes
    page = text_of(page_of(office.technician, ticket))
    assert 'value="10.17.0.2"' in page
    assert "Usulkan yang lain" in page
    assert "Usulkan dari subnet" not in page


def test_a_unit_without_a_subnet_chooses_among_all(office: Office) -> None:
    other = subnet_of(make_unit(), "10.5.0.0/24")
    elsewhere = office.ticket_in("identifying", unit=make_unit())
    form = drawn(office, Action.IDENTIFY, elsewhere)
    assert [int(value) for value, _ in form.fields["subnet"].choices] == [other.pk, office.subnet.pk]
    assert proposal(form)[0] == "10.5.0.1"
    assert "Usulkan dari subnet" in text_of(page_of(office.technician, elsewhere))


def test_a_full_subnet_gives_way_to_the_next_of_the_unit(office: Office, ticket: Ticket) -> None:
    Subnet.objects.filter(pk=office.subnet.pk).update(cidr="10.17.0.0/31", gateway=None)
    second = subnet_of(office.unit, "10.18.0.0/24")
    for number, device in enumerate((office.device(), office.device())):
        network.activate(
            device, address=f"10.17.0.{number}", pc_name=f"PC-{number}", workgroup=office.workgroup, by=None
        )
    assert proposal(drawn(office, Action.IDENTIFY, ticket)) == ("10.18.0.1", "10.18.0.1", str(second.pk))


def test_where_nothing_is_free_nothing_is_proposed(office: Office, ticket: Ticket) -> None:
    network.save_subnet(office.subnet, exclusions=[("10.17.0.0", "10.17.255.255")], by=None)
    form = drawn(office, Action.IDENTIFY, ticket)
    assert form["address"].value() == ""
    assert not form.proposes
    assert page_of(office.technician, ticket, "record", another="1").status_code == 200


def test_a_device_keeps_its_own_address(office: Office) -> None:
    one, _other = two_devices(office)
    form = drawn(office, Action.IDENTIFY, office.ticket_in("identifying", device=one))
    assert form["address"].value() == "10.17.0.7"
    assert not form.proposes


def test_another_one_is_proposed_on_request(office: Office, ticket: Ticket) -> None:
    answer = page_of(office.technician, ticket, "record", device="new", drawn_for="new", address="10.17.0.2",
                     proposed="10.17.0.2", pc_name="PC-9", another="1")  # fmt: skip
    assert 'name="address" value="10.17.0.3"' in text_of(answer)
    assert 'name="proposed" value="10.17.0.3"' in text_of(answer)
    assert 'value="PC-9"' in text_of(answer)


def test_another_subnet_brings_its_own_address(office: Office, ticket: Ticket) -> None:
    second = subnet_of(office.unit, "10.18.0.0/24")
    answer = page_of(office.technician, ticket, "record", device="new", drawn_for="new", address="10.17.0.2",
                     proposed="10.17.0.2", subnet=str(second.pk), another="1")  # fmt: skip
    assert 'name="address" value="10.18.0.1"' in text_of(answer)


def test_what_was_only_proposed_gives_way_to_another_devices_record(office: Office, ticket: Ticket) -> None:
    one, _other = two_devices(office)
    given = {"drawn_for": "new", "address": "10.17.0.2", "proposed": "10.17.0.2", "pc_name": "", "workgroup": ""}
    form = drawn(office, Action.IDENTIFY, ticket)
    form.turn_to(given | {"device": str(one.pk)})
    assert form["address"].value() == "10.17.0.7"
    form = drawn(office, Action.IDENTIFY, ticket)
    form.turn_to(given | {"device": str(one.pk), "address": "10.17.9.9"})
    assert form["address"].value() == "10.17.9.9"


@pytest.mark.parametrize("subnet", ["x", "0", "999999", "\0"])
def test_no_subnet_that_is_not_offered_breaks_the_fields(office: Office, ticket: Ticket, subnet: str) -> None:
    answer = page_of(office.technician, ticket, "record", subnet=subnet, address="\0", proposed="x" * 99, another="1")
    assert answer.status_code == 200
    assert 'value="10.17.0.2"' in text_of(answer)


def test_a_proposal_that_was_taken_meanwhile_comes_back_with_the_next_one(office: Office, ticket: Ticket) -> None:
    other = office.device()
    network.reserve(other, address="10.17.0.2", pc_name="PC-LAIN", workgroup=office.workgroup, by=None)
    answer = send(office.technician, Action.IDENTIFY, ticket, sent(office, "10.17.0.2"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Sebagai gantinya diusulkan 10.17.0.3" in page
    assert 'name="address" value="10.17.0.3"' in page
    assert 'value="PC-BARU"' in page
    assert 'value="Rakitan"' in page
    assert 'value="Kabel UTP"' in page
    assert send(office.technician, Action.IDENTIFY, ticket, sent(office, "10.17.0.3")).status_code == 302


def test_a_typed_address_that_is_taken_stays_in_its_field(office: Office, ticket: Ticket) -> None:
    other = office.device()
    network.reserve(other, address="10.17.0.9", pc_name="PC-LAIN", workgroup=office.workgroup, by=None)
    answer = send(office.technician, Action.IDENTIFY, ticket, sent(office, "10.17.0.9", proposed="10.17.0.2"))
    assert answer.status_code == 422
    assert 'name="address" value="10.17.0.9"' in text_of(answer)
    assert "sudah milik perangkat PC" in text_of(answer)


def test_an_address_that_was_left_out_is_proposed_to_be_looked_at(office: Office, ticket: Ticket) -> None:
    answer = send(office.technician, Action.IDENTIFY, ticket, sent(office, ""))
    assert answer.status_code == 422
    assert "Alamat IP belum diisi, jadi diusulkan yang ini." in text_of(answer)
    assert 'name="address" value="10.17.0.2"' in text_of(answer)
    ticket.refresh_from_db()
    assert ticket.status == "identifying"


def test_the_proposal_is_reserved_when_it_is_sent(office: Office, ticket: Ticket) -> None:
    assert send(office.technician, Action.IDENTIFY, ticket, sent(office, "10.17.0.2")).status_code == 302
    plan = actions.planned(ticket)
    assert plan is not None
    assert plan.address.address == "10.17.0.2"
