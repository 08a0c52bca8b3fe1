"""A calendar on its way to being published: kept in the page, signed, so that only what the form passed comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from worktime.clock import Calendar, CalendarError
from worktime.document import calendar_from
from worktime.models import CalendarProposal, CalendarRevision


@dataclass(frozen=True)
class Draft:
    base: int  # number of the revision it was made from
    data: dict[str, Any]
    proposal: int | None = None

    @classmethod
    def of(cls, revision: CalendarRevision, proposal: CalendarProposal | None = None) -> Draft:
        data = proposal.applied_to(revision.data) if proposal else revision.data
        return cls(revision.number, data, proposal.pk if proposal else None)

    @classmethod
    def read(cls, token: str, user: User) -> Draft:
        """Raises signing.BadSignature for anything but a draft of this person from the last days."""
        return cls(**signing.loads(token, salt=_salt(user), max_age=7 * 86_400))

    def token(self, user: User) -> str:
        content = {"base": self.base, "data": self.data, "proposal": self.proposal}
        return signing.dumps(content, salt=_salt(user), compress=True)

    def merged(self, current: CalendarRevision) -> Draft:
        """The same changes, made to the current revision; where both changed the same thing, this draft's stands."""
        base = CalendarRevision.objects.get(number=self.base).data
        theirs = current.data
        data = {part: _ours(base[part], self.data[part], theirs[part]) for part in ("normal", "dated")}
        days = sorted({*base["holidays"], *self.data["holidays"], *theirs["holidays"]})
        each = {day: _ours(*(part["holidays"].get(day) for part in (base, self.data, theirs))) for day in days}
        data["holidays"] = {day: holiday for day, holiday in each.items() if holiday is not None}
        return replace(self, base=current.number, data=data)


def _ours(base: Any, mine: Any, theirs: Any) -> Any:
    return theirs if mine == base else mine


def _salt(user: User) -> str:
    return f"worktime.draft.{user.pk}"


def checked(zone: str, data: dict[str, Any]) -> Calendar:
    """The calendar; CalendarError also where this year or the next has no working time at all."""
    cal = calendar_from(zone, data)
    this_year = timezone.localdate().year
    for year in (this_year, this_year + 1):
        if not cal.year(year).starts:
            raise CalendarError(gettext_noop("Sepanjang tahun %(year)d tidak ada jam kerja."), year=year)
    return cal


def sentence(error: CalendarError) -> str:
    return _(error.message) % error.values
