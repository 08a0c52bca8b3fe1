"""The data of the helpdesk; no rules but the database's own."""

from tickets.models.evidence import CheckItem, ConnectionTest, MaterialUse, Need, TicketAddress
from tickets.models.history import Attachment, Outbox, TicketEvent, TicketText
from tickets.models.run import Hold, HoldReason, StepRun
from tickets.models.sop import Actor, SopRevision, SopStep
from tickets.models.ticket import Category, NumberSeries, Priority, Ticket

__all__ = [
    "Actor",
    "Attachment",
    "Category",
    "CheckItem",
    "ConnectionTest",
    "Hold",
    "HoldReason",
    "MaterialUse",
    "Need",
    "NumberSeries",
    "Outbox",
    "Priority",
    "SopRevision",
    "SopStep",
    "StepRun",
    "Ticket",
    "TicketAddress",
    "TicketEvent",
    "TicketText",
]
