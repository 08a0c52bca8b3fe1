"""Database constraints that tables of several rooms share."""

from datetime import UTC, date, datetime

from django.db.models import CheckConstraint, Q


def date_range(field: str, name: str) -> CheckConstraint:
    """2000 ≤ `field` < 2100, or no value: one stored year 1 would break every page that shows it."""
    within = Q(**{f"{field}__gte": date(2000, 1, 1), f"{field}__lt": date(2100, 1, 1)})
    return CheckConstraint(condition=within | Q(**{f"{field}__isnull": True}), name=name)


def time_range(field: str, name: str) -> CheckConstraint:
    """As `date_range`, for an instant."""
    within = Q(**{f"{field}__gte": datetime(2000, 1, 1, tzinfo=UTC), f"{field}__lt": datetime(2100, 1, 1, tzinfo=UTC)})
    return CheckConstraint(condition=within | Q(**{f"{field}__isnull": True}), name=name)
