"""CHECKs that several models of the registry need."""

from collections.abc import Iterator

from django.db import models
from django.db.models.expressions import Func

from jobs.checks import time_range


def in_sane_years(*fields: str) -> Iterator[models.CheckConstraint]:
    """A `time_range` for each of these fields of a table, or of each table below an abstract one."""
    for field in fields:
        yield time_range(field, f"%(class)s_{field}_range")


class Contained(Func):
    """SQL `inner <<= outer`: the address lies in the network."""

    template = "(%(expressions)s)"
    arg_joiner = " <<= "
    arity = 2
    output_field = models.BooleanField()


class Overlaps(Func):
    """SQL `a && b`: two networks have addresses in common."""

    template = "(%(expressions)s)"
    arg_joiner = " && "
    arity = 2
    output_field = models.BooleanField()
