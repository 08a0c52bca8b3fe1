"""What a ticket does to the network registry: reserved at step 3, active at step 6, given back where it ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.prepared import spelt_out
from network import actions as network
from network.models import Device, IPAssignment, NameAssignment
from tests.tickets.factories import Office
from tests.tickets.test_actions_decisions import last_event, refused
from tickets import actions
from tickets.models import StepRun, Ticket, TicketAddress
from tickets.workflow import WorkflowError


def live(device: Device) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The device's live addresses and names, each as (value, state)."""
    addresses, names = device.addresses.live().order_by("pk"), device.names.live().order_by("pk")
    return [(row.address, row.state) for row in addresses], [(row.name, row.state) for row in names]


def device_of(ticket: Ticket) -> Device:
    device = Ticket.objects.get(pk=ticket.pk).device
    assert device is not None
    return device


def test_identifying_makes_the_devices_row_for_the_requester(office: Office) -> None:
    ticket = office.ticket_in("identifying")
    facts = actions.NewDevice("laptop", " ThinkPad ", "NUP-7", "3c-52-82-1a-0b-4f")
    device = device_of(office.do("identify", ticket, device=facts))
    assert (device.kind, device.asset_number, device.mac) == ("laptop", "NUP-7", "3C:52:82:1A:0B:4F")
    assert (device.owner, device.unit, device.room) == (office.requester, office.unit, "R-12")
    assert device.registered_at == office.now


def test_identifying_keeps_what_is_needed_and_what_is_at_hand(office: Office) -> None:
    ticket = office.ticket_in("identifying")
    run = StepRun.objects.get(ticket=ticket, ended_at=None)
    office.do("identify", ticket)
    assert list(run.needs.values_list("item", "quantity", "available")) == [
        ("Kabel UTP", 2, True),
        ("Konektor", 4, False),
    ]
    assert last_event(ticket).data["missing"] == 1


def test_identifying_needs_at_least_one_need(office: Office) -> None:
    assert refused(office, "identify", office.ticket_in("identifying"), needs=[]) == {"needs"}


def test_the_planned_record_is_reserved_and_the_link_kept(office: Office) -> None:
    record = office.record(5)
    ticket = office.do("identify", office.ticket_in("identifying"), record=record)
    device = device_of(ticket)
    assert live(device) == ([(record.address, "reserved")], [(record.pc_name, "reserved")])
    plan = actions.planned(ticket)
    assert plan is not None
    assert (plan.stage, plan.workgroup, plan.run.step) == ("planned", office.workgroup, 3)
    assert actions.recorded(ticket) is None
    assert device.pc_name == ""
    event = last_event(ticket)
    assert (event.data["address"], event.data["name"], event.data["device"]) == (
        plan.address_id, plan.name_id, device.pk,
    )  # fmt: skip


def test_an_address_or_name_reserved_for_another_device_is_refused_at_its_field(office: Office) -> None:
    taken = office.record(5)
    office.do("identify", office.ticket_in("identifying"), record=taken)
    ticket = office.ticket_in("identifying")
    free = office.record()
    same_address = actions.NetworkRecord(f"::ffff:{taken.address}", free.pc_name, office.workgroup)
    same_name = actions.NetworkRecord(free.address, taken.pc_name.lower(), office.workgroup)
    assert refused(office, "identify", ticket, record=same_address) == {"address"}
    assert refused(office, "identify", ticket, record=same_name) == {"pc_name"}
    assert refused(office, "identify", ticket, record=taken) == {"address", "pc_name"}


def test_a_refused_plan_leaves_no_device_behind(office: Office) -> None:
    ticket = office.ticket_in("identifying")
    bad = actions.NetworkRecord("192.0.2.9", "PC-X", office.workgroup)
    with pytest.raises(ValidationError):
        office.do("identify", ticket, device=actions.NewDevice("pc"), record=bad)
    assert not Device.objects.exists()


def test_a_device_out_of_service_cannot_be_planned_for(office: Office) -> None:
    device = office.device()
    network.decommission(device, reason="Rusak", by=office.admin, now=office.now)
    stale = Device.objects.get(pk=device.pk)
    stale.decommissioned_at = None
    ticket = office.ticket_in("identifying")
    assert refused(office, "identify", ticket, device=Device.objects.get(pk=device.pk)) == {"device"}
    assert refused(office, "identify", ticket, device=stale) == {"device"}


# Two tickets, one device


def test_a_device_is_set_up_by_one_ticket_at_a_time(office: Office) -> None:
    device = office.device()
    one = office.do("identify", office.ticket_in("identifying"), device=device)
    other = office.ticket_in("identifying")
    assert refused(office, "identify", other, device=device) == {"device"}
    office.do("cancel", one)
    assert office.do("identify", other, device=device).status == "working"


def test_also_where_the_first_ticket_has_only_a_new_name_reserved(office: Office) -> None:
    device, record = office.device(), office.record(5)
    network.activate(
        device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
    )
    renamed = actions.NetworkRecord(record.address, "PC-BARU", office.workgroup)
    office.do("identify", office.ticket_in("identifying"), device=device, record=renamed)
    assert refused(office, "identify", office.ticket_in("identifying"), device=device) == {"device"}


def test_a_change_of_device_locks_both_in_one_order_for_all(office: Office) -> None:
    by = {"by": office.other_technician}
    second, first = office.device(), office.device()
    assert second.pk < first.pk
    ticket = office.do("identify", office.ticket_in("identifying"), device=first)
    ticket = office.do("accept", office.do("reassign", ticket), **by)
    with CaptureQueriesContext(connection) as captured:
        office.do("identify", ticket, device=second, **by)
    asked = [query["sql"] for query in captured]
    locks = [sql for sql in asked if 'FROM "network_device"' in spelt_out(sql) and "FOR NO KEY" in spelt_out(sql)]
    assert f"({second.pk}, {first.pk})" in locks[0]
    assert 'ORDER BY "network_device"."id"' in spelt_out(locks[0])


# Step 6


def finishing(office: Office, host: int = 5) -> Ticket:
    ticket = office.ticket_in("identifying")
    for action in ("identify", "complete_work", "pass_test"):
        changes = {"record": office.record(host)} if action == "identify" else {}
        ticket = office.do(action, ticket, **changes)
    return ticket


def test_finishing_makes_the_plan_the_registrys_record_with_the_ticket_as_its_source(office: Office) -> None:
    ticket = finishing(office)
    office.wait(minutes=5)
    ticket = office.do("finish", ticket)
    device, record = device_of(ticket), office.record(5)
    assert live(device) == ([(record.address, "active")], [(record.pc_name, "active")])
    assert (device.pc_name, device.workgroup) == (record.pc_name, office.workgroup)
    source = actions.recorded(ticket)
    assert source is not None
    assert (source.address.activated_at, source.address.activated_by) == (office.now, office.technician)
    assert TicketAddress.objects.filter(address__address=record.address, stage="recorded").get().ticket == ticket
    assert last_event(ticket).data == {
        "device": device.pk,
        "address": source.address_id,
        "name": source.name_id,
        "workgroup": office.workgroup.pk,
        "net_seconds": ticket.net_seconds,
        "verdict": "on_time",
    }


def test_the_record_may_differ_from_the_plan_whose_reservation_is_then_released(office: Office) -> None:
    ticket, other = finishing(office, 5), office.record(6)
    device = device_of(office.do("finish", ticket, record=other))
    assert live(device) == ([(other.address, "active")], [(other.pc_name, "active")])
    assert IPAssignment.objects.get(address=office.record(5).address).state == "released"
    assert NameAssignment.objects.get(name="PC-5").state == "released"


def test_a_record_that_another_device_holds_is_refused_at_finish(office: Office) -> None:
    office.do("finish", finishing(office, 5))
    ticket = finishing(office, 6)
    assert refused(office, "finish", ticket, record=office.record(5)) == {"address", "pc_name"}


def test_a_device_that_moves_gives_its_old_address_back_when_it_has_the_new_one(office: Office) -> None:
    device = office.device()
    for host in (5, 6):
        ticket = office.ticket_in("identifying", device=device)
        ticket = office.do("identify", ticket, device=device, record=office.record(host))
        ticket = office.do("pass_test", office.do("complete_work", ticket))
        if host == 6:
            assert live(device)[0] == [("10.17.0.7", "active"), ("10.17.0.8", "reserved")]
        office.do("finish", ticket)
        device.refresh_from_db()
    assert live(device) == ([("10.17.0.8", "active")], [("PC-6", "active")])


def test_a_device_that_keeps_its_record_keeps_the_very_row(office: Office) -> None:
    device, record = office.device(), office.record(5)
    held = network.activate(
        device, address=record.address, pc_name=record.pc_name, workgroup=office.workgroup, by=None, now=office.now
    )
    ticket = office.do("identify", office.ticket_in("identifying"), device=device, record=record)
    ticket = office.do("finish", office.do("pass_test", office.do("complete_work", ticket)))
    assert actions.recorded(ticket) is not None
    assert IPAssignment.objects.get().pk == held.address.pk


def test_finishing_again_makes_a_new_record_beside_the_earlier_one(office: Office) -> None:
    ticket = office.do("reopen", office.ticket_in("done"))
    ticket = office.do("pass_test", office.do("complete_work", ticket))
    ticket = office.do("finish", ticket, record=office.record(77))
    links = ticket.addresses.filter(stage="recorded").order_by("pk")
    assert [link.address.state for link in links] == ["released", "active"]
    assert actions.recorded(ticket) == links[1]


# Given back


@pytest.mark.parametrize("status", ["working", "testing", "finishing"])
def test_a_cancelled_ticket_gives_its_reservation_back(office: Office, status: str) -> None:
    ticket = office.ticket_in(status)
    device = device_of(ticket)
    office.do("cancel", ticket)
    assert live(device) == ([], [])
    row = device.addresses.get()
    assert (row.state, row.released_at, row.released_by) == ("released", office.now, office.admin)


def test_a_cancelled_ticket_takes_no_active_record_away(office: Office) -> None:
    ticket = office.do("reopen", office.ticket_in("done"))
    device = device_of(ticket)
    before = live(device)
    office.do("cancel", ticket)
    assert live(device) == before
    assert [state for _, state in before[0]] == ["active"]


def test_cancelling_one_ticket_leaves_the_reservation_of_another_device_alone(office: Office) -> None:
    one, other = office.ticket_in("working"), office.ticket_in("working")
    office.do("cancel", one)
    assert [state for _, state in live(device_of(other))[0]] == ["reserved"]


def test_on_reassignment_the_reservation_stays_and_the_plan_pre_fills(office: Office) -> None:
    ticket = office.ticket_in("working")
    plan = actions.planned(ticket)
    ticket = office.do("reassign", ticket)
    assert actions.planned(ticket) == plan
    assert [state for _, state in live(device_of(ticket))[0]] == ["reserved"]


def test_the_new_technician_may_confirm_the_plan_or_plan_anew(office: Office) -> None:
    by = {"by": office.other_technician}
    same, anew = (office.do("accept", office.do("reassign", office.ticket_in("working")), **by) for _ in range(2))
    device = device_of(same)
    before = live(device)
    office.do("identify", same, record=office.planned_or_new(same), **by)
    assert live(device) == before
    device, record = device_of(anew), office.record()
    office.do("identify", anew, record=record, **by)
    assert live(device) == ([(record.address, "reserved")], [(record.pc_name, "reserved")])


def test_another_device_at_the_second_identification_gives_the_first_ones_reservation_back(office: Office) -> None:
    by = {"by": office.other_technician}
    ticket = office.do("accept", office.do("reassign", office.ticket_in("working")), **by)
    first, second = device_of(ticket), office.device()
    ticket = office.do("identify", ticket, device=second, record=office.planned_or_new(ticket), **by)
    assert live(first) == ([], [])
    assert [state for _, state in live(second)[0]] == ["reserved"]
    assert device_of(ticket) == second


def test_a_ticket_rejected_after_it_came_back_from_a_later_step_keeps_no_reservation(office: Office) -> None:
    by = {"by": office.other_technician}
    ticket = office.do("decline", office.do("reassign", office.ticket_in("working")), **by)
    device = device_of(ticket)
    office.do("reject", ticket)
    assert live(device) == ([], [])


# Kept in service


def keeping(office: Office) -> Ticket:
    """A ticket in step 4 whose plan is what the device uses already, so that nothing is reserved."""
    device, record = office.device(), office.record(5)
    facts: dict[str, Any] = {"address": record.address, "pc_name": record.pc_name, "workgroup": office.workgroup}
    network.activate(device, **facts, by=None, now=office.now)
    return office.do("identify", office.ticket_in("identifying", device=device), device=device, record=record)


def is_kept(office: Office, device: Device) -> bool:
    """Whether the registry refuses to take the device out of service."""
    device.refresh_from_db()
    if not device.plans:
        return False
    with pytest.raises(ValidationError, match="sedang disiapkan lewat HC-"):
        network.decommission(device, reason="Rusak", by=office.admin, now=office.now)
    return True


def test_a_device_stays_in_service_while_a_plan_keeps_the_record_that_it_has(office: Office) -> None:
    ticket = keeping(office)
    device = device_of(ticket)
    assert is_kept(office, device)
    office.do("finish", office.do("pass_test", office.do("complete_work", ticket)))
    assert not is_kept(office, device)
    network.decommission(device, reason="Rusak", by=office.admin, now=office.now)


def test_a_cancelled_ticket_lets_its_device_go_and_leaves_that_of_another_ticket(office: Office) -> None:
    one = keeping(office)
    device = device_of(one)
    other = office.do("identify", office.ticket_in("identifying"), device=device, record=office.record(5))
    office.do("cancel", one)
    assert is_kept(office, device)
    office.do("cancel", other)
    assert not is_kept(office, device)


def test_another_device_at_the_second_identification_lets_the_first_one_go(office: Office) -> None:
    by = {"by": office.other_technician}
    ticket = office.do("accept", office.do("reassign", keeping(office)), **by)
    first, second = device_of(ticket), office.device()
    office.do("identify", ticket, device=second, **by)
    assert not is_kept(office, first)
    assert is_kept(office, second)


def test_a_ticket_that_is_opened_again_keeps_its_device_in_service(office: Office) -> None:
    ticket = office.do("reopen", office.ticket_in("done"))
    device = device_of(ticket)
    assert is_kept(office, device)
    office.do("finish", office.do("pass_test", office.do("complete_work", ticket)))
    assert not is_kept(office, device)


def test_a_ticket_whose_device_has_left_service_is_not_opened_again(office: Office) -> None:
    ticket = office.ticket_in("done")
    network.decommission(device_of(ticket), reason="Rusak", by=office.admin, now=office.now)
    with pytest.raises(WorkflowError, match="sudah tidak dipakai"):
        office.do("reopen", ticket)
    assert Ticket.objects.get(pk=ticket.pk).status == "done"


def test_a_device_with_a_reservation_cannot_be_decommissioned(office: Office) -> None:
    device = device_of(office.ticket_in("working"))
    with pytest.raises(ValidationError):
        network.decommission(device, reason="Rusak", by=office.admin, now=office.now)
