"""The form that enters an absence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import absences
from accounts.models import LONGEST_REASON, Absence, User


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """For oneself; whoever manages absences chooses the person."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Siapa"), empty_label=None)
    first_on = forms.DateField(label=_("Dari tanggal"), widget=DayInput())
    last_on = forms.DateField(label=_("Sampai tanggal"), widget=DayInput(), help_text=_("Tanggal ini termasuk."))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=LONGEST_REASON,
        help_text=_("Singkat, misalnya cuti tahunan atau dinas luar. Admin dapat membacanya."),
    )

    def __init__(self, data: Any = None, *, by: User) -> None:
        self.by = by
        today = timezone.localdate()
        super().__init__(
            data, initial={"user": by, "first_on": today, "last_on": today}, use_required_attribute=False
        )  # fmt: skip
        if by.has_perm(absences.ALL):
            people = User.objects.holding(absences.OWN).order_by("full_name", "pk")
            self.fields["user"].queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["user"]

    def enter(self) -> Absence | None:
        """Enters what was asked for; None where it falls short, said at the fields."""
        if not self.is_valid():
            return None
        given = dict(self.cleaned_data)
        try:
            return absences.enter(given.pop("user", self.by), by=self.by, **given)
        except ValidationError as error:
            self.add_error(None, error)
            return None
