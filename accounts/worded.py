"""What a choice is called, looked up among names that each field puts together once.

Django puts all names of a field together, each of them translated, whenever one is asked for; a ticket's page asks for
the names of a dozen.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models


@cache
def _names(field: models.Field[Any, Any]) -> dict[Any, Any]:
    return dict(field.flatchoices)


class Worded(models.Model):
    """For models whose choices stand on pages; `get_…_display` is as ever."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str | None:  # noqa: N802  # Django's name
        value = getattr(self, field.attname)
        name = _names(field).get(value, value)
        return None if name is None else str(name)
