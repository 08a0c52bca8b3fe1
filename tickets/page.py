"""The read model of the ticket page: everything that one person sees of one ticket at one moment."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.links import Address
from accounts.models import User, all_but_name
from accounts.prepared import prepared
from jobs.instants import DatabaseNow
from network.models import Device
from tickets import actions, measurements, papers, permissions, polls, timeline, tracker
from tickets.expectation import Expectation, expected_finish
from tickets.forms import FORMS, ActionForm
from tickets.models import (
    ConnectionTest,
    Hold,
    MaterialUse,
    Measurement,
    Need,
    Rating,
    Score,
    SopRevision,
    StepRun,
    Ticket,
    TicketAddress,
    TicketEvent,
)
from tickets.rows import dialled
from tickets.workflow import Action, Status, Step

_DOCUMENTS: Final = Address("tickets:documents", "HC-2026-000001")
_FRAGMENT: Final = Address("tickets:fragment", "HC-2026-000001")
LEDGER: Final = Address("tickets:ledger", "HC-2026-000001", 987654321)

# The one action that brings the ticket forward, by status; test results come in two, from one form.
NEXT: Final = {
    Status.SUBMITTED: Action.APPROVE,
    Status.ASSIGNED: Action.ACCEPT,
    Status.IDENTIFYING: Action.IDENTIFY,
    Status.WORKING: Action.COMPLETE_WORK,
    Status.TESTING: Action.PASS_TEST,
    Status.FINISHING: Action.FINISH,
}
SIDE: Final = (
    Action.HOLD, Action.DECLINE, Action.REASSIGN, Action.CHANGE_PRIORITY, Action.REJECT, Action.REOPEN, Action.CANCEL,
)  # fmt: skip


@prepared
def _ticket(number: str) -> QuerySet[Ticket]:
    about = ("requester", "technician", "unit", "device", "current_run__calendar", "rating")
    people = Ticket.objects.select_related(*about)
    return people.without_bulk().filter(number=number).annotate(read_at=DatabaseNow())


@prepared
def _runs(ticket: int) -> QuerySet[StepRun]:
    runs = StepRun.objects.select_related("technician", "ended_by", "connection_test__measurement")
    unread = (*all_but_name("technician"), *all_but_name("ended_by"))
    return runs.filter(ticket=ticket).order_by("started_at", "pk").defer(*unread)


@prepared
def _holds(ticket: int) -> QuerySet[Hold]:
    return Hold.objects.filter(run__ticket=ticket).select_related("reason", "started_by")


@prepared
def _needs(run: int) -> QuerySet[Need]:
    return Need.objects.filter(run=run)


@prepared
def _materials(run: int) -> QuerySet[MaterialUse]:
    return MaterialUse.objects.filter(run=run)


@prepared
def _materials_of_all(ticket: int) -> QuerySet[MaterialUse]:
    return MaterialUse.objects.filter(run__ticket=ticket)


@prepared
def _addresses(ticket: int) -> QuerySet[TicketAddress]:
    return TicketAddress.objects.filter(ticket=ticket).select_related("address", "name", "workgroup").order_by("pk")


def load(user: User, number: str) -> Ticket:
    """The ticket as `user` may see it, with what every view of it needs, `read_at` an instant. Raises Http404."""
    if "\0" in number or not (found := _ticket(number)) or not permissions.can_see(user, found[0]):
        raise Http404
    ticket = found[0]
    ticket.sop = SopRevision.kept(ticket.sop_id)
    return ticket


class TicketPage:
    """What templates/tickets/partials/ticket.html draws. `bound` is a form whose input fell short, kept as typed;
    `unfolded` the action whose form the page was asked for."""

    def __init__(
        self,
        user: User,
        ticket: Ticket,
        bound: ActionForm | None = None,
        message: str = "",
        now: datetime | None = None,
        unfolded: Action | None = None,
    ) -> None:
        self.user = user
        self.ticket = ticket
        self.bound = bound
        self.message = message
        self.unfolded = unfolded
        self.now = now or ticket.read_at  # type: ignore[attr-defined]  # by `load`

    @cached_property
    def version(self) -> str:
        # What happened after the ticket was read is news to this page, even where the history has it already.
        drawn = max(event.seq for event in self.events if event.seq <= self.ticket.event_seq)
        return polls.ticket_version(drawn, self.clock, self.now)

    @property
    def news(self) -> str:
        """What happened last, in words, for those who have the page open."""
        return f"{self.entries[-1].who} {self.entries[-1].words}"

    # Time

    @cached_property
    def runs(self) -> list[StepRun]:
        return _runs(self.ticket.pk)

    @cached_property
    def holds(self) -> list[Hold]:
        """Of all runs; each is told in the history too, so where that knows of none there is none."""
        was_held = any(event.kind == Action.HOLD for event in self.events)
        return _holds(self.ticket.pk) if was_held else []

    @cached_property
    def steps(self) -> list[tracker.StepState]:
        return tracker.steps_of(self.ticket, self.runs)

    @cached_property
    def clock(self) -> tracker.Clock | None:
        run = self.ticket.current_run
        return tracker.clock_of(run, self.now) if run else None

    @cached_property
    def hold(self) -> Hold | None:
        return next((hold for hold in self.holds if hold.ended_at is None), None) if self.ticket.on_hold else None

    @cached_property
    def expectation(self) -> Expectation | None:
        return expected_finish(self.ticket, self.now)

    @property
    def hold_began_today(self) -> bool:
        return self.hold is not None and self.hold.began_today(self.now)

    # What to do

    @cached_property
    def available(self) -> list[Action]:
        return permissions.available_actions(self.user, self.ticket, self.now)

    @cached_property
    def next_form(self) -> ActionForm | None:
        """The one next action of this person, as a form; None where somebody else is awaited."""
        action = Action.RESUME if self.ticket.on_hold else NEXT.get(Status(self.ticket.status))
        if action not in self.available:
            return None
        if self.bound and {action, self.bound.action} <= {Action.PASS_TEST, Action.FAIL_TEST}:
            return self.bound
        return self.form(action)

    @cached_property
    def side_forms(self) -> list[ActionForm]:
        return [self.form(action) for action in SIDE if action in self.available]

    @cached_property
    def comment_form(self) -> ActionForm | None:
        return self.form(Action.COMMENT) if Action.COMMENT in self.available else None

    @property
    def looks_aside(self) -> bool:
        """Whether what was typed or asked for is among the folded forms."""
        return any(form is self.bound or form.is_unfolded for form in self.side_forms)

    def form(self, action: Action) -> ActionForm:
        if self.bound and self.bound.action == action:
            return self.bound
        form = FORMS[action](ticket=self.ticket, user=self.user, now=self.now, known=self)
        form.run = max(run.pk for run in self.runs)
        form.is_unfolded = action == self.unfolded
        return form

    # What happened

    @cached_property
    def events(self) -> list[TicketEvent]:
        return timeline.visible_events(self.ticket, self.user)

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        story = timeline.Story(self.ticket, self.runs, self.holds, self.addresses)
        return timeline.entries(self.events, story)

    @property
    def last_words(self) -> str:
        """Why a ticket was rejected or cancelled."""
        ends = (entry for entry in reversed(self.entries) if entry.kind in (Action.REJECT, Action.CANCEL))
        return next((entry.text for entry in ends), "")

    # What is known

    @cached_property
    def addresses(self) -> list[TicketAddress]:
        return _addresses(self.ticket.pk) if self._runs_of(Action.IDENTIFY) else []

    @property
    def planned(self) -> TicketAddress | None:
        return self._newest(TicketAddress.Stage.PLANNED)

    @property
    def recorded(self) -> TicketAddress | None:
        return self._newest(TicketAddress.Stage.RECORDED)

    @cached_property
    def current(self) -> dict[str, Any] | None:
        """What the registry says of the ticket's device now, until a plan says more."""
        device = self.ticket.device
        if device is None or self.planned:
            return None
        return {"address": device.current_address, "name": device.pc_name, "workgroup": device.workgroup}

    def _newest(self, stage: TicketAddress.Stage) -> TicketAddress | None:
        return next((link for link in reversed(self.addresses) if link.stage == stage), None)

    @cached_property
    def needs(self) -> list[Need]:
        """Those of the newest identification."""
        runs = self._runs_of(Action.IDENTIFY)
        return _needs(runs[-1]) if runs else []

    @cached_property
    def materials(self) -> list[MaterialUse]:
        """Those of every pass through step 4."""
        runs = self._runs_of(Action.COMPLETE_WORK)
        if len(runs) > 1:
            return _materials_of_all(self.ticket.pk)
        return _materials(runs[0]) if runs else []

    def _runs_of(self, action: Action) -> list[int]:
        """Those that were ended so."""
        return [event.run_id for event in self.events if event.kind == action and event.run_id]

    @property
    def tests(self) -> list[ConnectionTest]:
        """The newest first."""
        return [run.connection_test for run in reversed(self.runs) if hasattr(run, "connection_test")]

    @cached_property
    def measurement(self) -> Measurement | None:
        """What the browser on the device measured last in the open test; the test that is decided keeps it itself."""
        run = self.ticket.current_run
        return actions.newest_measurement(run) if run and run.step == Step.TEST else None

    @cached_property
    def measuring(self) -> measurements.Way | None:
        """The way to the browser test, for whoever decides the test."""
        run = self.ticket.current_run
        return measurements.way_of(run, self.now) if run and Action.PASS_TEST in self.available else None

    @cached_property
    def papers(self) -> list[papers.Paper]:
        return papers.papers_of(self.ticket, self.events)

    @property
    def documents_url(self) -> str:
        return _DOCUMENTS(self.ticket.number)

    @property
    def live_url(self) -> str:
        return _FRAGMENT(self.ticket.number)

    @property
    def ledger_url(self) -> str:
        """How the current run's time was reckoned."""
        return LEDGER(self.ticket.number, self.ticket.current_run_id or 0)

    @property
    def awaits_documents(self) -> bool:
        return any(paper.document is None for paper in self.papers)

    # What the requester thinks of it

    @cached_property
    def rating(self) -> Rating | None:
        """None where there is none, or it is not this person's to read."""
        was_done = self.ticket.reopen_until is not None
        if not was_done or not permissions.sees_rating(self.user, self.ticket):
            return None
        found: Rating | None = getattr(self.ticket, "rating", None)
        if found is not None:
            prefetch_related_objects([found], "answers__element")
        return found

    @property
    def may_rate(self) -> bool:
        return permissions.may_rate(self.user, self.ticket) and permissions.in_time_to_rate(self.ticket, self.now)

    @property
    def scores(self) -> list[Score]:
        """The best first."""
        return list(reversed(Score))

    @property
    def may_open_device(self) -> bool:
        device: Device | None = self.ticket.device
        own = device is not None and device.owner_id == self.user.pk
        return own or self.user.has_perm("network.view_all_devices")

    @property
    def people(self) -> list[dict[str, Any]]:
        ticket = self.ticket
        number = dialled(ticket)
        return [
            {"label": _("Kontak"), "value": ticket.contact, "icon": "phone", "url": f"tel:{number}" if number else ""},
            {"label": _("Unit kerja"), "value": ticket.unit.name, "icon": "building"},
            {"label": _("Ruang"), "value": ticket.room, "icon": "map-pin"},
            {"label": _("Kategori"), "value": ticket.get_category_display(), "icon": "tag"},
        ]
