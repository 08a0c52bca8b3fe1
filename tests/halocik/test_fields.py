"""The house's own drawing of fields and widgets says what crispy and Django would, letter for letter but for spaces."""

from __future__ import annotations

import re
from typing import Any

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict

from halocik.templatetags.fields import field

CHOICES = [("a", "A & B"), ("", "<none>"), (3, "three")]
GROUPED = [("Group <1>", [("a", "A"), ("b", "B")]), ("c", "C")]


class Sample(forms.Form):
    text = forms.CharField(label="Text <1>", help_text="Say <b>what</b>.", max_length=5, initial='"quoted" & <more>')
    bare = forms.CharField(required=False, label="Bare", widget=forms.TextInput(attrs={"class": "mono", "list": "x"}))
    area = forms.CharField(label="Area", widget=forms.Textarea(attrs={"rows": 2, "spellcheck": False}), initial="<&\n")
    number = forms.IntegerField(label="Number", min_value=1, initial=1000)
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput)
    at = forms.DateTimeField(label="At", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    select = forms.ChoiceField(label="Select", choices=CHOICES, initial=3, help_text="One.")
    grouped = forms.ChoiceField(label="Grouped", choices=GROUPED, required=False)
    radio = forms.ChoiceField(label="Radio", choices=CHOICES, widget=forms.RadioSelect, help_text="One.", initial="a")
    loose = forms.ChoiceField(label="Loose", choices=CHOICES, widget=forms.RadioSelect, required=False)
    tick = forms.BooleanField(label="Tick", help_text="Really?")
    hidden = forms.CharField(widget=forms.HiddenInput, initial="<kept>")
    many = forms.MultipleChoiceField(label="Many", choices=CHOICES, widget=forms.SelectMultiple, required=False)
    boxes = forms.MultipleChoiceField(label="Boxes", choices=CHOICES, widget=forms.CheckboxSelectMultiple)


def _form(data: str | None, **options: Any) -> Sample:
    form = Sample(None if data is None else QueryDict(data), **options)
    form.is_valid()
    return form


def bare(html: str) -> str:
    """Without the spaces that only a template's lines leave."""
    return re.sub(r"\s+", " ", re.sub(r"\s*([<>])\s*", r"\1", html)).strip()


STATES = [None, "", "text=too+long&area=%3Cb%3E&number=0&at=never&select=x&radio=x&tick=on&boxes=q", "radio=3&text=ok"]


@pytest.mark.parametrize("data", STATES)
@pytest.mark.parametrize("auto_id", ["id_%s", "act-%s"])
def test_a_field_is_what_crispy_draws(data: str | None, auto_id: str) -> None:
    ours, theirs = (_form(data, auto_id=auto_id, use_required_attribute=False) for _ in range(2))
    for name in set(Sample.base_fields) - {"boxes"}:
        assert bare(field(ours[name])) == bare(as_crispy_field(theirs[name])), name


@pytest.mark.parametrize("data", STATES)
def test_a_widget_is_what_django_draws(data: str | None) -> None:
    ours, theirs = _form(data), _form(data, renderer=DjangoTemplates())
    for name in Sample.base_fields:
        assert bare(str(ours[name])) == bare(str(theirs[name])), name
        assert [bare(one.tag()) for one in ours[name]] == [bare(one.tag()) for one in theirs[name]], name
    assert str(ours["area"]) == str(theirs["area"])  # where spaces count
