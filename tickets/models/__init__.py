"""The data of the helpdesk; no rules but the database's own."""

from tickets.models.documents import Document
from tickets.models.evidence import CheckItem, ConnectionTest, MaterialUse, Need, TicketAddress
from tickets.models.history import Attachment, Outbox, TicketEvent, TicketText
from tickets.models.lists import BulkAct, ListChoice, SavedView
from tickets.models.measuring import Measurement, MeasuringLink, ReachTarget
from tickets.models.notices import Channel, ChatAddress, Delivery, Mute, Role, Topic
from tickets.models.run import Hold, HoldReason, StepRun
from tickets.models.satisfaction import Rating, RatingAnswer, Score, SurveyElement
from tickets.models.sop import Actor, SopRevision, SopStep
from tickets.models.stock import Equipment, StockMovement
from tickets.models.ticket import Category, NumberSeries, Priority, Ticket
from tickets.models.words import Word

__all__ = [
    "Actor",
    "Attachment",
    "BulkAct",
    "Category",
    "Channel",
    "ChatAddress",
    "CheckItem",
    "ConnectionTest",
    "Delivery",
    "Document",
    "Equipment",
    "Hold",
    "HoldReason",
    "ListChoice",
    "MaterialUse",
    "Measurement",
    "MeasuringLink",
    "Mute",
    "Need",
    "NumberSeries",
    "Outbox",
    "Priority",
    "Rating",
    "RatingAnswer",
    "ReachTarget",
    "Role",
    "SavedView",
    "Score",
    "SopRevision",
    "SopStep",
    "StepRun",
    "StockMovement",
    "SurveyElement",
    "Ticket",
    "TicketAddress",
    "TicketEvent",
    "TicketText",
    "Topic",
    "Word",
]
