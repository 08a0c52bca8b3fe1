"""What requesters think of the service, over a period: figures of the tickets that were done in it.

The index follows PermenPAN-RB 14/2017: the average of each of the nine elements over those who answered it, each with
the weight 1/9, times 25. It is reckoned in fractions and rounded once, at the end. No answer is no answer: it counts
nowhere.

No grade is told of fewer than five ratings, nor of what two answers of this page differ in: months with fewer are told
together with those that follow (`blocks`), and the running month, which grows while one looks, is not told yet.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import User
from dashboard.metrics import FEW
from dashboard.periods import Period, Unit, midnight
from tickets.models import Rating, RatingAnswer, Score, SurveyElement, Ticket
from tickets.workflow import Status

#: Below so many, a person could be guessed: no grades and no sentences for others, no average for oneself.
FEWEST_TOLD: Final = 5
#: No ticket is older.
_BEGINNING: Final = date(2000, 1, 1)

ELEMENTS: Final = 9
#: From which index on, by letter; what lies below C is D.
_BANDS: Final = (("A", Decimal("88.31"), Score.VERY_GOOD), ("B", Decimal("76.61"), Score.GOOD),
                 ("C", Decimal("65.00"), Score.FAIR), ("D", Decimal(0), Score.POOR))  # fmt: skip


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
    """Of one period or one of its months: `asked` tickets were done, `rated` of them were rated, `surveyed` of those
    who rated went on to the survey.

    What may be told of it: `general` has the ratings, `elements` the answers of `respondents` by number; none of them
    has fewer than five, so that they may cover months before the period, or leave out its last ones.
    """

    asked: int
    rated: int
    surveyed: int
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
        return self.rated * 100 // self.asked if self.asked else None

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


def blocks(counts: Mapping[date, int]) -> dict[date, list[date]]:
    """The months that are told together, by the last of them: each joins those that follow until there are enough.
    Whatever periods are asked for, their figures then differ by whole blocks."""
    found: dict[date, list[date]] = {}
    waiting: list[date] = []
    for month in sorted(counts):
        waiting.append(month)
        if sum(counts[each] for each in waiting) >= FEWEST_TOLD:
            found[month], waiting = waiting, []
    return found


class Satisfaction:
    """A period of whole months, as a whole and by month, in five queries."""

    def __init__(self, period: Period, today: date) -> None:
        self.period, self.this_month = period, today.replace(day=1)

    @cached_property
    def whole(self) -> Figures:
        return self._figures({part.first for part in self.period.months})

    @cached_property
    def months(self) -> list[tuple[date, Figures]]:
        """Those in which something was done, oldest first."""
        return [(month, self._figures({month})) for month in sorted({row["month"] for row in self._asked})]

    @cached_property
    def elements(self) -> list[tuple[SurveyElement, Tally]]:
        return [(row, self.whole.elements.get(row.number, Tally())) for row in SurveyElement.objects.asked()]

    def sentences(self, viewer: User) -> QuerySet[Rating] | None:
        """What was written, the newest first; None where there are so few ratings that its author could be guessed,
        except for admins, who follow it up."""
        period = self.period
        if not viewer.has_perm("tickets.manage_tickets"):
            if not (told := self._told(self._ratings_by_month, {part.first for part in period.months})):
                return None
            period = Period(min(told), Period.around(max(told), Unit.MONTH).last)
        written = _ratings(period.start, period.end).exclude(words="")
        return written.select_related("ticket").order_by("-ticket__closed_at", "-pk")

    @cached_property
    def _asked(self) -> list[dict[str, Any]]:
        months = _done(self.period.start, self.period.end).annotate(month=TruncMonth("closed_at"))
        return _dated(months.order_by().values("month").annotate(count=Count("pk")))

    @cached_property
    def _scores(self) -> list[dict[str, Any]]:
        ratings = _by_month(_ratings(midnight(self._since), self.period.end))
        return _dated(ratings.values("month", "score", "went_on").annotate(count=Count("pk")))

    @cached_property
    def _answers(self) -> list[dict[str, Any]]:
        ratings = _ratings(midnight(self._since), self.period.end)
        answers = RatingAnswer.objects.filter(rating__in=ratings.values("pk"))
        rows = answers.annotate(month=TruncMonth("rating__ticket__closed_at")).order_by()
        return _dated(rows.values("month", "number", "score").annotate(count=Count("pk")))

    @cached_property
    def _since(self) -> date:
        """After the last month before the period that has enough by itself: there a block ends, whatever lay before. It
        is one of the last three where ratings are many; where they are few, all of them are soon read."""
        for start in (self.period.first - timedelta(days=90), _BEGINNING):
            surveyed = _by_month(_ratings(midnight(start.replace(day=1)), self.period.start)).filter(went_on=True)
            enough = [row["month"] for row in _dated(surveyed.values("month").annotate(count=Count("pk")))
                      if row["count"] >= FEWEST_TOLD]  # fmt: skip
            if enough:
                return Period.around(max(enough), Unit.MONTH).following.first
        return _BEGINNING

    @cached_property
    def _ratings_by_month(self) -> Mapping[date, int]:
        return _counted(self._scores)

    @cached_property
    def _surveys_by_month(self) -> Mapping[date, int]:
        return _counted(row for row in self._scores if row["went_on"])

    def _told(self, counts: Mapping[date, int], months: Collection[date]) -> set[date]:
        """The months of the blocks that end in one of `months`."""
        over = {month: count for month, count in counts.items() if month < self.this_month}
        return {month for last, block in blocks(over).items() if last in months for month in block}

    def _figures(self, months: Collection[date]) -> Figures:
        rated, surveyed = self._ratings_by_month, self._surveys_by_month
        told, told_surveys = self._told(rated, months), self._told(surveyed, months)
        by_number: dict[int, list[dict[str, Any]]] = {}
        for row in self._answers:
            if row["month"] in told_surveys:
                by_number.setdefault(row["number"], []).append(row)
        elements = {number: _tally(rows) for number, rows in by_number.items()}
        return Figures(
            asked=sum(row["count"] for row in self._asked if row["month"] in months),
            rated=sum(rated.get(month, 0) for month in months),
            surveyed=sum(surveyed.get(month, 0) for month in months),
            general=_tally(row for row in self._scores if row["month"] in told),
            respondents=sum(surveyed[month] for month in told_surveys),
            elements={number: tally for number, tally in elements.items() if tally.n >= FEWEST_TOLD},
        )


def _done(start: datetime, end: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.filter(status=Status.DONE, closed_at__gte=start, closed_at__lt=end)


def _ratings(start: datetime, end: datetime) -> QuerySet[Rating]:
    return Rating.objects.filter(ticket__in=_done(start, end).values("pk"))


def _by_month(ratings: QuerySet[Rating]) -> Any:
    answers = RatingAnswer.objects.filter(rating=OuterRef("pk"))
    return ratings.annotate(month=TruncMonth("ticket__closed_at"), went_on=Exists(answers)).order_by()


def _counted(rows: Iterable[Mapping[str, Any]]) -> Mapping[date, int]:
    found: Counter[date] = Counter()
    for row in rows:
        found[row["month"]] += row["count"]
    return found


def own(technician: User, now: datetime) -> Tally | None:
    """Of the tickets that somebody finished in the twelve months before this one; None below FEWEST_TOLD. The running
    month is left out, so that nobody can tell who has just answered what."""
    this_month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = _ratings(this_month.replace(year=this_month.year - 1), this_month).filter(technician=technician).order_by()
    tally = _tally(found.values("score").annotate(count=Count("pk")))
    return tally if tally.n >= FEWEST_TOLD else None


def _tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    found: Counter[int] = Counter()
    for row in rows:
        found[row["score"]] += row["count"]
    return Tally.of(found)


def _dated(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{**row, "month": timezone.localdate(row["month"])} for row in rows]
