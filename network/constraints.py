"""CHECKs that several models of the registry need."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Func

FIRST_YEAR, END_YEAR = 2000, 2100


def in_sane_years(*fields: str) -> Iterator[models.CheckConstraint]:
    """2000 ≤ value < 2100: one stored year 1 breaks every list that shows it in local time."""
    for field in fields:
        yield models.CheckConstraint(
            name=f"%(class)s_{field}_range",
            condition=Q(**{f"{field}__isnull": True})
            | Q(**{f"{field}__gte": f"{FIRST_YEAR}-01-01T00:00:00Z", f"{field}__lt": f"{END_YEAR}-01-01T00:00:00Z"}),
        )


class Contained(Func):
    """SQL `inner <<= outer`: the address lies in the network."""

    template = "(%(expressions)s)"
    arg_joiner = " <<= "
    arity = 2
    output_field = models.BooleanField()
