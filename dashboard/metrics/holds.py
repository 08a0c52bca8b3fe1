"""Why work stood still. A hold counts in the period in which it began."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language

from dashboard.metrics.scope import Scope
from dashboard.metrics.shares import Histogram, Times, in_seconds, whole_minutes


@dataclass(frozen=True)
class ReasonFigures:
    """`n` holds of one reason; `open`: those that last. `elapsed`: from start to end of the others, nights counted, in
    whole minutes."""

    pk: int
    name: str
    n: int
    open: int
    elapsed: Times


def of_reasons(scope: Scope) -> list[ReasonFigures]:
    """The reasons that were given, the most frequent first."""
    name = "reason__name_en" if get_language() == "en" else "reason__name"
    minutes: dict[tuple[int, str], Histogram] = defaultdict(Counter)
    lasting: Counter[tuple[int, str]] = Counter()
    groups: Any = scope.holds_begun(scope.period).values_list("reason", name, whole_minutes("started_at", "ended_at"))
    for pk, reason, length, n in groups.annotate(n=Count("*")):
        if length is None:
            lasting[pk, reason] += n
        else:
            minutes[pk, reason][length] += n
    found = [
        ReasonFigures(pk, reason, minutes[pk, reason].total() + lasting[pk, reason], lasting[pk, reason],
                      in_seconds(minutes[pk, reason]))
        for pk, reason in {*minutes, *lasting}
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.n, one.name, one.pk))
