"""What an admin does to the calendar: publish a new revision, dismiss a proposal. One at a time, under one lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from worktime.models import CalendarProposal, CalendarRevision


class CalendarChanged(Exception):
    """Another revision has been published since the draft was begun; `current` is that revision."""

    def __init__(self, current: CalendarRevision) -> None:
        super().__init__(str(current))
        self.current = current


@transaction.atomic
def publish(
    *, base: int, data: dict[str, Any], name: str, by: User, proposal: int | None = None, now: datetime | None = None
) -> CalendarRevision:
    """The next revision, made from the one numbered `base`; closes the proposal it came from.

    Raises CalendarChanged when `base` is no longer the current one, ValidationError (keys data, name) for a calendar
    that cannot be meant or that changes nothing.
    """
    current = CalendarRevision.objects.locked()
    if current.number != base:
        raise CalendarChanged(current)
    if current.data == data:
        raise ValidationError({"name": [_("Tidak ada yang berubah, jadi tidak ada yang diterbitkan.")]})
    now = now or timezone.now()
    revision = CalendarRevision(
        number=current.number + 1, name=name, published_at=now, published_by=by, zone=current.zone, data=data
    )
    revision.save(force_insert=True)
    _close(proposal, CalendarProposal.State.PUBLISHED, by, now)
    return revision


@transaction.atomic
def dismiss(proposal: CalendarProposal, *, by: User, now: datetime | None = None) -> bool:
    """Whether the proposal was still open; it is not made again while the library says the same."""
    CalendarRevision.objects.locked()
    return _close(proposal.pk, CalendarProposal.State.DISMISSED, by, now or timezone.now())


def _close(proposal: int | None, state: CalendarProposal.State, by: User, now: datetime) -> bool:
    if proposal is None:
        return False
    opened = CalendarProposal.objects.filter(pk=proposal, state=CalendarProposal.State.OPEN)
    return bool(opened.update(state=state, decided_at=now, decided_by=by))
