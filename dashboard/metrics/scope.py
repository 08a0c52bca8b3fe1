"""Of what figures are asked: a period, and what narrows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Unit, User
from dashboard.periods import Period
from tickets.models import Hold, StepRun, Ticket, TicketEvent
from tickets.queries import TicketQuerySet
from tickets.workflow import Action


@dataclass(frozen=True)
class Scope:
    """A unit, priority and category are those of the ticket. A technician is, of a step, who had it then; of a ticket,
    who has it now, or had it last."""

    period: Period
    unit: Unit | None = None
    technician: User | None = None
    priority: int | None = None
    category: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """As pages and lists take them in their address."""
        values = {
            "unit": self.unit and self.unit.pk,
            "technician": self.technician and self.technician.pk,
            "priority": self.priority,
            "category": self.category,
        }
        return {name: str(value) for name, value in values.items() if value}

    @cached_property
    def _facets(self) -> Mapping[str, Any]:
        values = {"unit": self.unit, "priority": self.priority, "category": self.category}
        return {name: value for name, value in values.items() if value}

    @property
    def tickets(self) -> TicketQuerySet:
        """Of any time."""
        tickets = Ticket.objects.filter(**self._facets).order_by()
        return tickets.filter(technician=self.technician) if self.technician else tickets

    def runs_ended(self, during: Period) -> Any:
        runs = StepRun.objects.filter(ended_at__gte=during.start, ended_at__lt=during.end).order_by()
        if self.technician:
            runs = runs.filter(technician=self.technician)
        return runs.filter(ticket__in=self._alive(during)) if self._facets else runs

    def holds_begun(self, during: Period) -> Any:
        holds = Hold.objects.filter(started_at__gte=during.start, started_at__lt=during.end).order_by()
        if self.technician:
            holds = holds.filter(run__technician=self.technician)
        return holds.filter(run__ticket__in=self._alive(during)) if self._facets else holds

    def reopenings(self, during: Period) -> Any:
        events = TicketEvent.objects.filter(kind=Action.REOPEN, at__gte=during.start, at__lt=during.end).order_by()
        if self.technician:
            events = events.filter(run__technician=self.technician)
        return events.filter(ticket__in=self._alive(during)) if self._facets else events

    def _alive(self, during: Period) -> Any:
        """The ids of the fitting tickets to which something can have happened then. Said apart, so that one index
        gives them without the tickets of other times."""
        fitting = Ticket.objects.filter(**self._facets, submitted_at__lt=during.end).order_by()
        closed, running = fitting.filter(closed_at__gte=during.start), fitting.filter(closed_at=None)
        return closed.values("pk").union(running.values("pk"), all=True)
