"""Which of the registry's records a look-up asks about."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

#: As many as one look-up tells.
MOST = 100


class RecordsForm(forms.Form):
    """`records` are numbers of assignments of one kind, with commas between them."""

    kind = forms.ChoiceField(choices=[("address", "address"), ("name", "name")])
    records = forms.CharField(max_length=2000)

    def clean_records(self) -> list[int]:
        text = self.cleaned_data["records"]
        if not re.fullmatch(r"[0-9]{1,18}(,[0-9]{1,18})*", text, re.ASCII):
            raise ValidationError("numbers")
        return [int(number) for number in text.split(",")][:MOST]
