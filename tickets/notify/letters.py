"""A delivery in words, in the language that is active. What only staff may read is never in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.links import public_link
from accounts.models import User
from tickets.expectation import expected_finish
from tickets.models import Delivery, Hold, Priority, Role, Score, Ticket, TicketEvent
from tickets.notify.recipients import DEADLINES
from tickets.notify.words import DECIDE, RATE, WORDS
from tickets.sla import MINUTE
from tickets.workflow import Action, Step
from worktime import clock

#: Who is waited for, and so has to know until when.
_ACTS: Final = {Role.TECHNICIAN, Role.ADMIN, Role.HOLDER}
_OVER: Final = {Action.REJECT, Action.CANCEL}


@dataclass(frozen=True)
class Letter:
    """`quote` is what was said, `due` until when the reader has to act, `question` what they are asked, with `choices`,
    each a word and a link; all may be missing."""

    number: str
    title: str
    headline: str
    sentence: str
    ask: str
    quote: str
    due: datetime | None
    link: str
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """One line, whatever the title holds."""
        return " ".join(f"[{self.number}] {self.headline} · {self.title}".split())

    @property
    def text(self) -> str:
        quote, choices = f"“{self.quote}”" if self.quote else "", [f"{word}: {link}" for word, link in self.choices]
        question = "\n".join([self.question, *choices])
        parts = [self.sentence, quote, question, self.ask, self.due_words, self.link]
        return "\n\n".join(part for part in parts if part)

    @property
    def due_words(self) -> str:
        return _("Jatuh tempo: %s") % _moment(self.due) if self.due else ""


def headline_of(kind: str, role: Role | str) -> str:
    return _(WORDS[kind, Role(role)][0])


def letter_of(message: Delivery) -> Letter:
    """Needs what `sending` loads with a message: the event with its people and run, the ticket."""
    event, role = message.event, Role(message.role)
    ticket = event.ticket
    headline, sentence, ask = WORDS[event.kind, role]
    if event.kind in DEADLINES and role == Role.ADMIN and event.run is not None and event.run.step == Step.SUBMISSION:
        ask = DECIDE
    facts = _Facts(event)
    asked = event.kind == Action.FINISH and role == Role.REQUESTER and _is_first_end(event)
    return Letter(
        number=ticket.number,
        title=" ".join(ticket.title.split()),
        headline=_(headline),
        sentence=_(sentence) % facts,
        ask=_(ask) % facts if ask else "",
        quote=event.text.body if event.text and not event.internal else "",
        due=_due(event) if role in _ACTS and ask and event.kind not in _OVER else None,
        link=public_link(ticket.get_absolute_url()),
        question=_(RATE) if asked else "",
        choices=_choices(ticket) if asked else (),
    )


def _is_first_end(event: TicketEvent) -> bool:
    """A ticket that was opened again and is done again asks no second time."""
    return not TicketEvent.objects.filter(ticket=event.ticket_id, kind=event.kind, seq__lt=event.seq).exists()


def _choices(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """The four grades, the best first; a link changes nothing, the page behind it waits to be sent."""
    page = public_link(reverse("tickets:rating", args=[ticket.number]))
    return tuple((str(score.label), f"{page}?score={score.value}") for score in reversed(Score))


def preferences_link() -> str:
    return public_link(reverse("tickets:notice-preferences"))


def _due(event: TicketEvent) -> datetime | None:
    return event.ticket.current_run.due_at if event.ticket.current_run else None


def _moment(at: datetime | None) -> str:
    """Sen, 22 Nov 2026 08.12 WIB."""
    if at is None:
        return "–"
    local = localtime(at)
    return f"{date_format(local, 'D, j M Y')} {date_format(local, 'TIME_FORMAT')} {local.tzname() or ''}".rstrip()


class _Facts(dict[str, str]):
    """The placeholders of a sentence; each is looked up only where a sentence names it."""

    def __init__(self, event: TicketEvent) -> None:
        super().__init__()
        self.event = event

    def __missing__(self, name: str) -> str:
        found: str = getattr(self, f"_{name}")()
        return found

    def _who(self) -> str:
        return str(self.event.by) if self.event.by else _("Sistem")

    def _requester(self) -> str:
        return str(self.event.ticket.requester)

    def _chosen(self) -> str:
        return str(User.objects.get(pk=self.event.data["technician"]))

    def _priority(self) -> str:
        return str(Priority(self.event.data["priority"]).label).lower()

    def _step(self) -> str:
        run = self.event.run
        return f"{run.step}, {run.get_step_display()}" if run else "–"

    def _finish(self) -> str:
        """What the ticket's page said at the approval; once the ticket has gone on, what the SOP allowed it."""
        ticket, at = self.event.ticket, self.event.at
        if ticket.current_run is not None and ticket.current_run.started_at == at:
            expected = expected_finish(ticket, at)
            if expected is not None and expected.finish is not None:
                return _moment(expected.finish)
        steps = ticket.sop.steps.filter(number__gt=Step.SUBMISSION)
        minutes = sum(steps.values_list("maximum", flat=True))
        run = self.event.run
        return _moment(clock.add_working(run.calendar.calendar, at, minutes * MINUTE) if run else None)

    def _until(self) -> str:
        return _moment(self.event.ticket.reopen_until)

    def _hold(self) -> Hold | None:
        holds = Hold.objects.filter(run_id=self.event.run_id, started_at__lte=self.event.at).select_related("reason")
        return holds.order_by("-started_at").first()

    def _reason(self) -> str:
        hold = self._hold()
        return str(hold.reason).lower() if hold else "–"

    def _look_again(self) -> str:
        hold = self._hold()
        return _moment(hold.look_again_at) if hold else "–"
