"""The browser test of step 5: its link, and what a PC measured. A measurement has no author: whoever holds the link's
code may send it, so all that is believed of it is what the server saw itself, and figures that can be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.prepared import prepared
from accounts.writing import insert
from tickets import measuring
from tickets.actions import core
from tickets.actions.core import Caller
from tickets.measuring import Figures
from tickets.models import Measurement, MeasuringLink, ReachTarget, StepRun, Ticket, TicketAddress, TicketEvent
from tickets.workflow import Action, Notice, WorkflowError

#: A day at work; a test takes minutes.
LASTS: Final = timedelta(hours=8)
#: Of one run: enough for a bad cable, too few to fill a history.
MOST: Final = 30


def lay_link(act: core.Act) -> None:
    """For the run of step 5 that the ticket is in now."""
    run = act.ticket.current_run
    assert run is not None
    insert(MeasuringLink(run=run, made_at=act.at, made_by=act.by, expires_at=act.at + LASTS))


@transaction.atomic
def renew_link(ticket: Ticket, **caller: Unpack[Caller]) -> Ticket:
    """Another link in the place of the one before. For whoever may decide the test, as long as they may."""
    act = core.begin(ticket, Action.PASS_TEST, **caller)
    _revoke(act)
    lay_link(act)
    core.note(act, Notice.LINKED)
    return act.ticket


@transaction.atomic
def revoke_link(ticket: Ticket, **caller: Unpack[Caller]) -> Ticket:
    """Raises WorkflowError where there is none to revoke."""
    act = core.begin(ticket, Action.PASS_TEST, **caller)
    if not _revoke(act):
        raise WorkflowError(_("Tautan uji ini sudah dicabut."), act.ticket)
    core.note(act, Notice.UNLINKED)
    return act.ticket


def _revoke(act: core.Act) -> int:
    links = MeasuringLink.objects.filter(run=act.open_run, revoked_at=None)
    return links.update(revoked_at=act.at, revoked_by=act.by)


def refusal(link: MeasuringLink, at: datetime) -> str:
    """Why nothing can be measured with this link now; empty where it can."""
    if link.revoked_at is not None:
        return _("Tautan uji ini sudah dicabut. Mintalah tautan yang baru kepada teknisi.")
    if link.run.ended_at is not None:
        return _("Uji koneksi ini sudah diputuskan, jadi tidak ada lagi yang perlu diukur.")
    if at >= link.expires_at:
        return _("Masa berlaku tautan uji ini sudah habis. Mintalah tautan yang baru kepada teknisi.")
    if link.run.on_hold:
        return _("Tiket ini sedang ditunda. Uji lagi setelah teknisi melanjutkannya.")
    return ""


def plan_of(ticket: Ticket) -> measuring.Plan | None:
    """The newest planned address."""
    planned = ticket.addresses.filter(stage=TicketAddress.Stage.PLANNED)
    link = planned.select_related("address__subnet").order_by("-pk").first()
    return measuring.Plan(link.address.address, link.address.subnet.seen_directly) if link else None


@transaction.atomic
def keep_measurement(
    link: MeasuringLink, figures: Figures, *, origin: str | None, user_agent: str = "", now: datetime | None = None
) -> Measurement:
    """Adds a measurement to the run of `link`; what was sent before is kept once. Raises WorkflowError."""
    ticket = Ticket.objects.select_for_update(no_key=True).defer("search").get(pk=link.run.ticket_id)
    link = MeasuringLink.objects.select_related("run").get(pk=link.pk)
    kept = Measurement.objects.filter(run=link.run, key=figures.key).first()
    if kept is not None:
        return kept
    at = max((now or core.database_now()).replace(microsecond=0), link.run.started_at)
    if why := refusal(link, at):
        raise WorkflowError(why)
    if Measurement.objects.filter(run=link.run).count() >= MOST:
        raise WorkflowError(_("Uji ini sudah terlalu sering dijalankan. Mintalah teknisi memutuskannya."))
    targets = [target.as_target() for target in ReachTarget.tried()]
    lines = measuring.lines_of(figures, seen=origin, plan=plan_of(ticket), targets=targets)
    measurement = Measurement.objects.create(
        run=link.run, link=link, key=figures.key, at=at, seen=origin, user_agent=_keepable(user_agent),
        figures=figures.kept(), results=lines,
    )  # fmt: skip
    failed = [line["code"] for line in lines if line["outcome"] == "failed"]
    TicketEvent.objects.create(
        ticket=ticket, kind=Notice.MEASURED, at=at, origin=origin, run=link.run, status_from=ticket.status,
        status_to=ticket.status, data={"measurement": measurement.pk, "failed": failed},
    )  # fmt: skip
    return measurement


def newest_measurement(run: StepRun) -> Measurement | None:
    """The one that counts."""
    return next(iter(_measurements(run.pk)), None)


@prepared
def _measurements(run: int) -> QuerySet[Measurement]:
    return Measurement.objects.filter(run=run).order_by("-pk")[:1]


def _keepable(user_agent: str) -> str:
    return "".join(letter for letter in user_agent if letter.isprintable())[:300]
