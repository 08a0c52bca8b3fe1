"""What figures are made of: parts of a whole, and times told by their distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, FloatField, Func, IntegerField, Value

#: Of fewer than these a share says little, and pages say so.
FEW: Final = 20


@dataclass(frozen=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None of nothing."""
        return self.part * 100 // self.whole if self.whole else None

    @property
    def rest(self) -> int:
        return self.whole - self.part

    @property
    def is_small(self) -> bool:
        return 0 < self.whole < FEW


@dataclass(frozen=True)
class Times:
    """How long `n` things took, in seconds; None where there was none."""

    n: int = 0
    median: int | None = None
    p90: int | None = None

    @classmethod
    def of(cls, seconds: Mapping[int, int]) -> Times:
        """`seconds` tells how often each length of time was seen."""
        n = sum(seconds.values())
        return cls(n, percentile(seconds, 50), percentile(seconds, 90))


@dataclass(frozen=True)
class Spent:
    """Where the time of `n` runs went, as sums of seconds: worked (`net`), working time on hold, and in all from start
    to end (`gross`); the rest lay outside working time."""

    n: int
    net: int
    held: int
    gross: int

    @property
    def outside(self) -> int:
        return self.gross - self.net - self.held

    def each(self, seconds: int) -> int | None:
        """The mean of a sum."""
        return seconds // self.n if self.n else None


def percentile(seen: Mapping[int, int], percent: int) -> int | None:
    """The smallest value that at least `percent` of 100 do not exceed (nearest rank: always one that was seen)."""
    rank = -(-sum(seen.values()) * percent // 100)
    for value in sorted(seen):
        rank -= seen[value]
        if rank <= 0:
            return value
    return None


Histogram = Counter[int]


def place_of(moment: str, starts: list[datetime]) -> Func:
    """Before the first of `starts` 0, from it to the second 1, and so on. The office's days and months would have to be
    reckoned for each row; where a moment stands among few others is found at once."""
    given = Value(starts, ArrayField(DateTimeField()))
    return Func(F(moment), given, function="width_bucket", output_field=IntegerField())


def seconds_between(start: str, end: str) -> Func:
    """From one field to another. EXTRACT would reckon in decimals, and intervals add up slowly."""
    length: Any = F(end) - F(start)
    wrapped = ExpressionWrapper(length, DurationField())
    return Func(wrapped, template="date_part('epoch', %(expressions)s)", output_field=FloatField())


def whole_minutes(start: str, end: str) -> Func:
    """From one field to another; begun minutes do not count."""
    return Func(seconds_between(start, end), template="(%(expressions)s::integer / 60)", output_field=IntegerField())


def in_seconds(minutes: Histogram) -> Times:
    """The times of a histogram in minutes; a percentile of whole minutes is the whole minutes of the percentile."""
    return Times.of({value * 60: n for value, n in minutes.items()})
