"""What a ticket's requester thinks of the service: asked once, after `done`, and open to correction for a while.

A rating moves no ticket and stands in no history that others read; the database keeps what a correction replaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets import permissions
from tickets.actions import core
from tickets.models import Rating, RatingAnswer, Score, SurveyElement, Ticket, TicketEvent
from tickets.models.satisfaction import WORDING
from tickets.workflow import WorkflowError

LONGEST_WORDS: Final = 500


def require_open_to_rating(ticket: Ticket, by: User, at: datetime) -> None:
    """Raises PermissionDenied for whoever may not rate the ticket, WorkflowError where it cannot be rated now."""
    permissions.require_rating(by, ticket)
    if not permissions.in_time_to_rate(ticket, at):
        days = permissions.RATING_TIME.days
        words = _("Layanan dapat dinilai setelah tiketnya selesai, sampai %(days)d hari sesudahnya.") % {"days": days}
        raise WorkflowError(words, ticket)


@transaction.atomic
def rate(ticket: Ticket, *, score: int, by: User, words: str | None = None, now: datetime | None = None) -> Rating:
    """Rates, or corrects what was rated; `words` None leaves those that are there.

    Raises PermissionDenied, WorkflowError, ValidationError.
    """
    locked, at = _lock(ticket, by, now)
    if score not in Score.values:
        raise ValidationError({"score": _("Pilih salah satu dari empat nilai.")})
    core.fits(LONGEST_WORDS, words=words or "")
    said = {} if words is None else {"words": " ".join(words.split())}
    facts = {"score": score, "event": _last_event(locked), "technician_id": locked.technician_id, **said}
    rating, _is_new = Rating.objects.update_or_create(
        ticket=locked, defaults=facts, create_defaults={**facts, "rater": by, "at": at}
    )
    return rating


@transaction.atomic
def answer(ticket: Ticket, *, answers: Mapping[int, int], by: User, now: datetime | None = None) -> Rating:
    """Takes the answers to the survey's elements, `{number: score}`; what is left out is no answer.

    Raises PermissionDenied, WorkflowError, ValidationError.
    """
    locked, _at = _lock(ticket, by, now)
    rating = Rating.objects.filter(ticket=locked).first()
    if rating is None:
        raise WorkflowError(_("Beri nilai umum dahulu, lalu lanjutkan."), locked)
    elements = {element.number: element for element in SurveyElement.objects.asked()}
    wrong = [number for number, score in answers.items() if number not in elements or score not in Score.values]
    if wrong:
        raise ValidationError({str(number): _("Pilih salah satu jawaban yang tersedia.") for number in wrong})
    rating.answers.exclude(number__in=answers).delete()
    known = {given.number: given for given in rating.answers.all()}
    for number in answers.keys() & known.keys():
        if known[number].score != answers[number]:
            given = known[number]
            given.element, given.score = elements[number], answers[number]
            given.save(update_fields=["element", "score"])
    RatingAnswer.objects.bulk_create(
        RatingAnswer(rating=rating, number=number, element=elements[number], score=answers[number])
        for number in sorted(answers.keys() - known.keys())
    )
    return rating


@transaction.atomic
def correct_element(element: SurveyElement) -> SurveyElement:
    """Keeps a changed wording: in its row while nobody has answered it, else as the next version beside it."""
    list(SurveyElement.objects.select_for_update().filter(number=element.number).order_by("pk"))  # answers wait
    if not RatingAnswer.objects.filter(element=element.pk).exists():
        element.save(update_fields=WORDING)
        return element
    SurveyElement.objects.filter(number=element.number).update(active=False)
    newest = SurveyElement.objects.filter(number=element.number).latest("version")
    wording = {name: getattr(element, name) for name in WORDING}
    return SurveyElement.objects.create(number=element.number, version=newest.version + 1, **wording)


def _lock(ticket: Ticket, by: User, now: datetime | None) -> tuple[Ticket, datetime]:
    """The ticket's row under its lock, and the time; refuses whoever may not rate it, and when it is not possible."""
    locked = Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
    at = (now or core.database_now()).replace(microsecond=0)
    require_open_to_rating(locked, by, at)
    return locked, at


def _last_event(ticket: Ticket) -> TicketEvent:
    return TicketEvent.objects.get(ticket=ticket, seq=ticket.event_seq)
