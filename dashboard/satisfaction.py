"""What requesters think of the service, over a period: figures of the tickets that were done in it.

The index follows PermenPAN-RB 14/2017: the average of each of the nine elements over those who answered it, each with
the weight 1/9, times 25. It is reckoned in fractions and rounded once, at the end. No answer is no answer: it counts
nowhere.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import User
from dashboard.metrics import FEW
from tickets.models import Rating, RatingAnswer, Score, SurveyElement, Ticket
from tickets.workflow import Status

#: Below so many, a person could be guessed: no sentences for others, no average for oneself.
FEWEST_TOLD: Final = 5

ELEMENTS: Final = 9
#: From which index on, by letter; what lies below C is D.
_BANDS: Final = (("A", Decimal("88.31"), Score.VERY_GOOD), ("B", Decimal("76.61"), Score.GOOD),
                 ("C", Decimal("65.00"), Score.FAIR), ("D", Decimal(0), Score.POOR))  # fmt: skip

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Tally:
    """How often each of the four grades was given; `counts` from 1 to 4."""

    counts: tuple[int, int, int, int] = (0, 0, 0, 0)

    @classmethod
    def of(cls, found: Mapping[int, int]) -> Tally:
        return cls((found.get(1, 0), found.get(2, 0), found.get(3, 0), found.get(4, 0)))

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> Fraction | None:
        total = sum(score * count for score, count in enumerate(self.counts, start=1))
        return Fraction(total, self.n) if self.n else None

    @property
    def mean(self) -> Decimal | None:
        return None if self.average is None else rounded(self.average)

    @property
    def index(self) -> Decimal | None:
        """The average on the scale of the index, 25 to 100."""
        return None if self.average is None else rounded(self.average * 25)

    @property
    def is_small(self) -> bool:
        return self.n < FEW

    @property
    def parts(self) -> list[tuple[Score, int, int]]:
        """(grade, how often, percent rounded to the nearest), the best first."""
        share = {score: math.floor(Fraction(count * 100, self.n or 1) + Fraction(1, 2))
                 for score, count in enumerate(self.counts, start=1)}  # fmt: skip
        return [(score, self.counts[score - 1], share[score]) for score in reversed(Score)]


@dataclass(frozen=True)
class Band:
    letter: str
    grade: Score


@dataclass(frozen=True)
class Figures:
    """Of one period or one of its months. `asked` tickets were done, `general` has the ratings of them, `respondents`
    went on to the survey, `elements` has their answers by number."""

    asked: int
    general: Tally
    respondents: int
    elements: Mapping[int, Tally]

    @property
    def index(self) -> Decimal | None:
        return index_of([self.elements.get(number, Tally()) for number in range(1, ELEMENTS + 1)])

    @property
    def band(self) -> Band | None:
        return None if self.index is None else band_of(self.index)

    @property
    def response(self) -> int | None:
        """Percent of those asked who gave a grade, rounded down; None where nobody was asked."""
        return self.general.n * 100 // self.asked if self.asked else None

    @property
    def is_small(self) -> bool:
        return self.respondents < FEW


def rounded(exact: Fraction) -> Decimal:
    """To two decimals, halves up."""
    return Decimal(math.floor(exact * 100 + Fraction(1, 2))) / 100


def index_of(tallies: Sequence[Tally]) -> Decimal | None:
    """None while an element has no answer at all: nothing may stand in its place."""
    averages = [tally.average for tally in tallies]
    known = [average for average in averages if average is not None]
    if not known or len(known) < len(averages):
        return None
    return rounded(sum(known, Fraction()) / len(known) * 25)


def band_of(index: Decimal) -> Band:
    return next(Band(letter, grade) for letter, least, grade in _BANDS if index >= least)


class Satisfaction:
    """The period's figures as a whole and by month, in four queries."""

    def __init__(self, span: Span) -> None:
        self.span = span

    @property
    def tickets(self) -> QuerySet[Ticket]:
        start, end = self.span
        return Ticket.objects.filter(status=Status.DONE, closed_at__gte=start, closed_at__lt=end)

    @property
    def ratings(self) -> QuerySet[Rating]:
        return Rating.objects.filter(ticket__in=self.tickets.values("pk"))

    @cached_property
    def whole(self) -> Figures:
        return self._figures(self._asked, self._scores, self._answers)

    @cached_property
    def months(self) -> list[tuple[date, Figures]]:
        """Those in which something was done, oldest first."""
        return [(month, self._of_month(month)) for month in sorted({row["month"] for row in self._asked})]

    @cached_property
    def elements(self) -> list[tuple[SurveyElement, Tally]]:
        return [(row, self.whole.elements.get(row.number, Tally())) for row in SurveyElement.objects.asked()]

    def sentences(self, viewer: User) -> QuerySet[Rating] | None:
        """What was written, the newest first; None where there are so few ratings that its author could be guessed,
        except for admins, who follow it up."""
        if self.whole.general.n < FEWEST_TOLD and not viewer.has_perm("tickets.manage_tickets"):
            return None
        return self.ratings.exclude(words="").select_related("ticket").order_by("-ticket__closed_at", "-pk")

    @cached_property
    def _asked(self) -> list[dict[str, Any]]:
        months = self.tickets.annotate(month=TruncMonth("closed_at")).order_by().values("month")
        return _dated(months.annotate(count=Count("pk")))

    @cached_property
    def _scores(self) -> list[dict[str, Any]]:
        answers = RatingAnswer.objects.filter(rating=OuterRef("pk"))
        rows = self.ratings.annotate(month=TruncMonth("ticket__closed_at"), went_on=Exists(answers)).order_by()
        return _dated(rows.values("month", "score", "went_on").annotate(count=Count("pk")))

    @cached_property
    def _answers(self) -> list[dict[str, Any]]:
        answers = RatingAnswer.objects.filter(rating__in=self.ratings.values("pk"))
        rows = answers.annotate(month=TruncMonth("rating__ticket__closed_at")).order_by()
        return _dated(rows.values("month", "number", "score").annotate(count=Count("pk")))

    def _of_month(self, month: date) -> Figures:
        return self._figures(*([row for row in rows if row["month"] == month]
                               for rows in (self._asked, self._scores, self._answers)))  # fmt: skip

    @staticmethod
    def _figures(asked: list[dict[str, Any]], scores: list[dict[str, Any]], answers: list[dict[str, Any]]) -> Figures:
        by_number: dict[int, list[dict[str, Any]]] = {}
        for row in answers:
            by_number.setdefault(row["number"], []).append(row)
        return Figures(
            asked=sum(row["count"] for row in asked),
            general=_tally(scores),
            respondents=sum(row["count"] for row in scores if row["went_on"]),
            elements={number: _tally(rows) for number, rows in by_number.items()},
        )


def own(technician: User, now: datetime) -> Tally | None:
    """Of the tickets that somebody finished in the twelve months before this one; None below FEWEST_TOLD. The running
    month is left out, so that nobody can tell who has just answered what."""
    this_month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    span = (this_month.replace(year=this_month.year - 1), this_month)
    found = Satisfaction(span).ratings.filter(technician=technician).order_by()
    tally = _tally(found.values("score").annotate(count=Count("pk")))
    return tally if tally.n >= FEWEST_TOLD else None


def _tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    found: Counter[int] = Counter()
    for row in rows:
        found[row["score"]] += row["count"]
    return Tally.of(found)


def _dated(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{**row, "month": timezone.localdate(row["month"])} for row in rows]
