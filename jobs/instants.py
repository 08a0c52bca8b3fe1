"""The time that everything is dated by."""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


def database_now() -> datetime:
    """The database's clock in whole seconds, read in a statement of its own; the machine's clock moves no deadline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', clock_timestamp())")
        now: datetime = cursor.fetchone()[0]
    return now


class DatabaseNow(Func):
    """The same clock within a query that asks for more: for what is only read, after no lock was waited for."""

    template = "date_trunc('second', clock_timestamp())"
    output_field = DateTimeField()
