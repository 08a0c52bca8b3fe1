"""What choices are called: as Django calls them, for every field of every model that words them itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from accounts.worded import Worded
from tickets.models import Ticket

FIELDS = [
    field
    for model in apps.get_models()
    if issubclass(model, Worded)
    for field in model._meta.concrete_fields
    if field.choices
]


def test_some_fields_are_worded_so() -> None:
    assert {"category", "status", "step", "kind", "state"} <= {field.name for field in FIELDS}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_a_choice_is_called_what_django_calls_it(field: models.Field[Any, Any], language: str) -> None:
    django: Any = models.Model._get_FIELD_display  # type: ignore[attr-defined]
    with translation.override(language):
        for value in [*dict(field.flatchoices), "neither of them", None]:
            row = field.model(**{field.attname: value})
            assert getattr(row, f"get_{field.name}_display")() == django(row, field)


def test_a_choice_is_called_by_its_name_in_the_readers_language() -> None:
    ticket = Ticket(category=Ticket._meta.get_field("category").flatchoices[0][0])
    with translation.override("id"):
        indonesian = ticket.get_category_display()
    with translation.override("en"):
        assert ticket.get_category_display() != indonesian
