"""A ticket's dealings with the network registry, inside the ticket's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.prepared import prepared
from accounts.writing import insert
from network import actions as network
from network.models import Device, Workgroup
from tickets.actions import core
from tickets.actions.core import Act
from tickets.models import Ticket, TicketAddress
from tickets.workflow import OPEN, WorkflowError

Stage = TicketAddress.Stage


@dataclass(frozen=True)
class NetworkRecord:
    """What the SOP records of every device: IP address, PC name, network group."""

    address: str
    pc_name: str
    workgroup: Workgroup


@dataclass(frozen=True)
class NewDevice:
    """The facts of a device that the registry does not know yet; it belongs to the ticket's requester."""

    kind: str
    brand_model: str = ""
    asset_number: str = ""
    mac: str = ""


def device_row(act: Act, device: Device | NewDevice) -> Device:
    """The registry's row of the device, made here if it is new."""
    if isinstance(device, Device):
        if not device.in_service:
            raise ValidationError({"device": _("Perangkat ini sudah tidak dipakai. Pilih yang lain.")})
        return device
    ticket = act.ticket
    core.fits(100, brand_model=device.brand_model)
    core.fits(50, asset_number=device.asset_number)
    return network.register_device(
        kind=device.kind,
        owner=ticket.requester,
        unit=ticket.unit,
        room=ticket.room,
        brand_model=device.brand_model,
        asset_number=device.asset_number,
        mac=device.mac,
        plan=ticket.number,
        by=act.by,
        now=act.at,
    )


def plan(act: Act, device: Device, record: NetworkRecord) -> TicketAddress:
    """Step 3: reserves the planned record for the device."""
    # Locked before it is asked for, or two tickets that plan for one device at once would both find it free; and an
    # earlier device with it, in one order for all, or two tickets that swap theirs would wait for each other.
    locked = {row.pk: row for row in network.locked_rows(device.pk, act.ticket.device_id or device.pk)}
    _no_other_ticket(act.ticket, locked[device.pk])
    if act.ticket.device_id not in (None, device.pk):
        give_back(act)
    held = network.reserve(device, **_facts(act, record))
    return _link(act, Stage.PLANNED, held)


def confirm(act: Act, record: NetworkRecord) -> TicketAddress:
    """Step 6: makes the record active; it may differ from the plan, whose reservation is then given back."""
    if act.ticket.device_id is None:
        raise ValidationError({"device": _("Tiket ini belum punya perangkat di registri.")})
    (device,) = network.locked_rows(act.ticket.device_id, act.ticket.device_id)
    _no_other_ticket(act.ticket, device)
    held = network.activate(device, **_facts(act, record))
    return _link(act, Stage.RECORDED, held)


def _facts(act: Act, record: NetworkRecord) -> dict[str, Any]:
    """What the registry is told of a record: its facts, whose plan it is, and whose act."""
    facts = {"address": record.address, "pc_name": record.pc_name, "workgroup": record.workgroup}
    return {**facts, "plan": act.ticket.number, "by": act.by, "now": act.at}


def take_up_again(act: Act) -> None:
    """A ticket that is opened again rests on its device as before. Raises WorkflowError if that has left service."""
    device = act.ticket.device
    if device is None:
        return
    try:
        network.rely_on(device, plan=act.ticket.number)
    except ValidationError as error:
        raise WorkflowError(
            _("Perangkat tiket ini sudah tidak dipakai. Silakan ajukan tiket baru."), act.ticket
        ) from error


def give_back(act: Act) -> None:
    """Releases what this ticket has reserved and nobody uses yet, and lets its device go."""
    latest = planned(act.ticket)
    if latest is None:
        return
    device = latest.address.device
    if _is_reserved(latest):
        network.release_reservation(device, by=act.by, now=act.at)
    network.let_go(device, plan=act.ticket.number)


def planned(ticket: Ticket) -> TicketAddress | None:
    """The ticket's newest plan."""
    return _newest(ticket, Stage.PLANNED)


def recorded(ticket: Ticket) -> TicketAddress | None:
    """The ticket's newest network record."""
    return _newest(ticket, Stage.RECORDED)


def _newest(ticket: Ticket, stage: Stage) -> TicketAddress | None:
    return next(iter(_links(ticket.pk, stage.value)), None)


@prepared
def _links(ticket: int, stage: str) -> QuerySet[TicketAddress]:
    links = TicketAddress.objects.filter(ticket=ticket, stage=stage)
    return links.select_related("address__device", "name", "workgroup").order_by("-pk")[:1]


def _is_reserved(link: TicketAddress) -> bool:
    return "reserved" in (link.address.state, link.name.state)


def _link(act: Act, stage: Stage, held: network.Reservation) -> TicketAddress:
    link = TicketAddress(
        ticket=act.ticket,
        run=act.open_run,
        stage=stage,
        address=held.address,
        name=held.name,
        workgroup=held.workgroup,
    )
    return insert(link)


def _no_other_ticket(ticket: Ticket, device: Device) -> None:
    """A device is set up by one ticket at a time: the registry holds one reservation for each. `device` is locked, so
    its plans are true: an open ticket's plan rests on its device."""
    if not set(device.plans) - {ticket.number}:
        return
    others = TicketAddress.objects.filter(
        Q(address__state="reserved") | Q(name__state="reserved"),
        address__device=device, stage=Stage.PLANNED, ticket__status__in=OPEN,
    ).exclude(ticket=ticket)  # fmt: skip
    if number := others.values_list("ticket__number", flat=True).first():
        raise ValidationError({"device": _("Perangkat ini sedang disiapkan lewat tiket %s.") % number})
