"""The time that everything is dated by."""

from datetime import datetime
from typing import Final

from django.db.models import DateTimeField, Func

from accounts.prepared import Statement

_NOW: Final = Statement("now", "SELECT date_trunc('second', clock_timestamp())")


def database_now() -> datetime:
    """The database's clock in whole seconds, read in a statement of its own; the machine's clock moves no deadline."""
    ((now,),) = _NOW.rows()
    assert isinstance(now, datetime)
    return now


class DatabaseNow(Func):
    """The same clock within a query that asks for more: for what is only read, after no lock was waited for."""

    template = "date_trunc('second', clock_timestamp())"
    output_field = DateTimeField()
