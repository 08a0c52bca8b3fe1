"""A ticket's conversation and history as one list, each event in words. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _

from accounts.models import User, all_but_name
from accounts.prepared import prepared
from tickets import permissions
from tickets.models import Category, Hold, Priority, StepRun, Ticket, TicketAddress, TicketEvent
from tickets.workflow import Action, Notice

# kind → icon, tone
_LOOKS: Final[dict[str, tuple[str, str]]] = {
    Action.SUBMIT: ("send", "blue"),
    Action.APPROVE: ("check", "good"),
    Action.REJECT: ("circle-x", "late"),
    Action.CANCEL: ("ban", "late"),
    Action.ACCEPT: ("user-check", "good"),
    Action.DECLINE: ("arrow-back-up", "soon"),
    Action.REASSIGN: ("switch-horizontal", "soon"),
    Action.IDENTIFY: ("clipboard-list", "good"),
    Action.COMPLETE_WORK: ("tool", "good"),
    Action.PASS_TEST: ("plug-connected", "good"),
    Action.FAIL_TEST: ("plug-connected-x", "late"),
    Action.FINISH: ("circle-check", "good"),
    Action.REOPEN: ("repeat", "soon"),
    Action.HOLD: ("player-pause", "hold"),
    Action.RESUME: ("player-play", "good"),
    Action.CHANGE_PRIORITY: ("flag", "muted"),
    Action.COMMENT: ("message-2", "blue"),
    Notice.WARNED: ("clock-exclamation", "soon"),
    Notice.OVERDUE: ("alert-triangle", "late"),
    Notice.ESCALATED: ("trending-up", "late"),
    Notice.LOOK_AGAIN: ("bell", "soon"),
    Notice.RECKONED_ANEW: ("calendar", "muted"),
    Notice.MEASURED: ("device-desktop-analytics", "blue"),
    Notice.LINKED: ("link", "muted"),
    Notice.UNLINKED: ("link-off", "muted"),
}


def look_of(kind: str) -> tuple[str, str]:
    """Icon and tone of a kind of event."""
    return _LOOKS[kind]


@dataclass(frozen=True)
class Entry:
    """One event as components/timeline_entry.html takes it."""

    kind: str
    icon: str
    tone: str
    who: str
    words: str
    at: datetime
    text: str
    internal: bool
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """What the events' ids stand for: the ticket with its people, runs (with tests), holds and addresses."""

    ticket: Ticket
    runs: Sequence[StepRun]
    holds: Sequence[Hold]
    addresses: Sequence[TicketAddress]

    def person(self, pk: Any) -> str:
        """Whoever a ticket was allocated to has a run; so no event names anybody else."""
        people = {run.technician_id: run.technician for run in self.runs if run.technician_id}
        people[self.ticket.requester_id] = self.ticket.requester
        return str(people.get(pk) or _("seseorang"))

    def run(self, pk: int | None) -> StepRun | None:
        return next((run for run in self.runs if run.pk == pk), None)

    def link(self, event: TicketEvent) -> TicketAddress | None:
        return next((link for link in self.addresses if link.run_id == event.run_id), None)


@prepared
def _events(ticket: int) -> QuerySet[TicketEvent]:
    told = TicketEvent.objects.filter(ticket=ticket).order_by("seq").select_related("by", "text", "document")
    proof = ("text_sha256", "key", "previous_hash", "hash", "origin")  # nobody reads it
    return told.defer(*proof, *all_but_name("by"))


def visible_events(ticket: Ticket, user: User) -> list[TicketEvent]:
    """The events that `user` may know of, in their order, with their authors, texts and files."""
    found = _events(ticket.pk)
    if not permissions.sees_internal_notes(user, ticket):
        found = [event for event in found if not event.internal]
    prefetch_related_objects([event for event in found if event.kind == Action.COMMENT], "attachments")
    return found


def entries(events: Iterable[TicketEvent], story: Story) -> list[Entry]:
    return [_entry(event, story) for event in events]


def _entry(event: TicketEvent, story: Story) -> Entry:
    icon, tone = _LOOKS[event.kind]
    return Entry(
        kind=event.kind,
        icon="notes" if event.internal else icon,
        tone="soon" if event.internal else tone,
        who=str(event.by) if event.by else _("Sistem"),
        words=_WORDS[event.kind](event, story),
        at=event.at,
        text=_text(event, story),
        internal=event.internal,
        files=[
            {
                "name": file.label,
                "size": file.size,
                "url": reverse("tickets:attachment", args=[story.ticket.number, file.name]),
            }
            for file in (event.attachments.all() if event.kind == Action.COMMENT else ())
        ],
    )


def _text(event: TicketEvent, story: Story) -> str:
    """What was said; a passed test's note stands in the test."""
    if event.kind == Action.PASS_TEST and (run := story.run(event.run_id)):
        return run.connection_test.note
    return event.text.body if event.text else ""


def _submitted(event: TicketEvent, story: Story) -> str:
    values = {"category": Category(event.data["category"]).label, "person": story.person(event.data["requester"])}
    if event.by_id == event.data["requester"]:
        return _("mengajukan tiket “%(category)s”") % values
    return _("mengajukan tiket “%(category)s” untuk %(person)s") % values


def _approved(event: TicketEvent, story: Story) -> str:
    return _("menyetujui; prioritas %(priority)s, teknisi %(person)s") % {
        "priority": str(Priority(event.data["priority"]).label).lower(),
        "person": story.person(event.data["technician"]),
    }


def _reassigned(event: TicketEvent, story: Story) -> str:
    return _("mengalihkan tugas dari %(before)s kepada %(person)s") % {
        "before": story.person(event.data["technician_before"]),
        "person": story.person(event.data["technician"]),
    }


def _identified(event: TicketEvent, story: Story) -> str:
    words = _("menyelesaikan identifikasi") + _record(event, story, _("; direncanakan %(record)s"))
    if missing := event.data["missing"]:
        sentence = ngettext("; %(n)d kebutuhan belum tersedia", "; %(n)d kebutuhan belum tersedia", missing)
        words += sentence % {"n": missing}
    return words


def _finished(event: TicketEvent, story: Story) -> str:
    return _("menyelesaikan tiket") + _record(event, story, _("; tercatat %(record)s"))


def _record(event: TicketEvent, story: Story, words: str) -> str:
    link = story.link(event)
    return words % {"record": f"{link.address} · {link.name} · {link.workgroup}"} if link else ""


def _failed(event: TicketEvent, story: Story) -> str:
    run = story.run(event.run_id)
    names = [f"“{line['name']}”" for line in run.connection_test.lines if line["outcome"] == "failed"] if run else []
    return _("menyatakan uji koneksi gagal pada %s") % ", ".join(names)


def _held(event: TicketEvent, story: Story) -> str:
    hold = next((hold for hold in story.holds if hold.pk == event.data["hold"]), None)
    if hold is None:
        return _("menunda tiket")
    return _("menunda tiket: %(reason)s; dilihat lagi %(moment)s") % {
        "reason": str(hold.reason).lower(),
        "moment": date_format(timezone.localtime(hold.look_again_at), "SHORT_DATETIME_FORMAT"),
    }


def _prioritised(event: TicketEvent, story: Story) -> str:
    before, after = event.data["priority_before"], Priority(event.data["priority"]).label
    if before is None:
        return _("menetapkan prioritas %s") % str(after).lower()
    return _("mengubah prioritas dari %(before)s menjadi %(after)s") % {
        "before": str(Priority(before).label).lower(),
        "after": str(after).lower(),
    }


def _commented(event: TicketEvent, story: Story) -> str:
    return _("menulis catatan") if event.internal else _("berkomentar")


def _reckoned_anew(event: TicketEvent, story: Story) -> str:
    if due := event.data["due_at"]:
        moment = date_format(timezone.localtime(datetime.fromisoformat(due)), "SHORT_DATETIME_FORMAT")
        return _("menghitung ulang dengan kalender baru; jatuh tempo menjadi %s") % moment
    return _("menghitung ulang dengan kalender baru")


def _measured(event: TicketEvent, story: Story) -> str:
    if failed := len(event.data["failed"]):
        words = ngettext(
            "menerima ukuran dari peramban; %(n)d gagal", "menerima ukuran dari peramban; %(n)d gagal", failed
        )
        return words % {"n": failed}
    return _("menerima ukuran dari peramban; semuanya baik")


def _step(event: TicketEvent, story: Story) -> str:
    run = story.run(event.run_id)
    return _("langkah %(number)d, %(name)s") % {"number": run.step, "name": run.get_step_display()} if run else ""


def _passed(words: str) -> Callable[[TicketEvent, Story], str]:
    return lambda event, story: gettext(words) % {"step": _step(event, story)}


_WORDS: Final[dict[str, Callable[[TicketEvent, Story], str]]] = {
    Action.SUBMIT: _submitted,
    Action.APPROVE: _approved,
    Action.REJECT: lambda event, story: _("menolak permintaan"),
    Action.CANCEL: lambda event, story: _("membatalkan tiket"),
    Action.ACCEPT: lambda event, story: _("menerima tugas"),
    Action.DECLINE: lambda event, story: _("mengembalikan tugas kepada admin"),
    Action.REASSIGN: _reassigned,
    Action.IDENTIFY: _identified,
    Action.COMPLETE_WORK: lambda event, story: _("menyelesaikan pekerjaan"),
    Action.PASS_TEST: lambda event, story: _("menyatakan uji koneksi berhasil"),
    Action.FAIL_TEST: _failed,
    Action.FINISH: _finished,
    Action.REOPEN: lambda event, story: _("membuka lagi tiket"),
    Action.HOLD: _held,
    Action.RESUME: lambda event, story: _("melanjutkan tiket"),
    Action.CHANGE_PRIORITY: _prioritised,
    Action.COMMENT: _commented,
    Notice.WARNED: _passed(gettext_noop("mencatat 80%% waktu standar terpakai: %(step)s")),
    Notice.OVERDUE: _passed(gettext_noop("mencatat keterlambatan: %(step)s")),
    Notice.ESCALATED: _passed(gettext_noop("mencatat dua kali waktu standar terpakai: %(step)s")),
    Notice.LOOK_AGAIN: lambda event, story: _("mengingatkan: waktunya melihat lagi penundaan ini"),
    Notice.RECKONED_ANEW: _reckoned_anew,
    Notice.MEASURED: _measured,
    Notice.LINKED: lambda event, story: _("membuat tautan uji baru"),
    Notice.UNLINKED: lambda event, story: _("mencabut tautan uji"),
}
