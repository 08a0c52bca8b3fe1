"""What an admin types for a new revision of the SOP: its head, and the six steps."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.actions.sop import STEP_FACTS
from tickets.forms.filters import PERIODS
from tickets.models import SopRevision, SopStep
from tickets.workflow import Step

#: Minutes that a standard may have at most.
LONGEST: Final = 10_000
LISTS: Final = ("legal_basis", "qualifications", "related", "equipment", "warnings", "records")


def _written(rows: int = 0) -> forms.Widget:
    """Where a part of the document is written, which is Indonesian whatever the reader has chosen."""
    return forms.Textarea({"rows": rows, "lang": "id"}) if rows else forms.TextInput({"lang": "id"})


class LinesField(forms.CharField):
    """A list, one entry a line; further lines of an entry begin with a space."""

    def __init__(self, label: Any, *, required: bool = True, rows: int = 3) -> None:
        super().__init__(label=label, required=required, max_length=10_000, widget=_written(rows))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(entry.replace("\n", "\n  ") for entry in value)

    def clean(self, value: Any) -> Any:
        entries: list[str] = []
        for line in super().clean(value).splitlines():
            if line[:1].isspace() and line.strip() and entries:
                entries[-1] += "\n" + line.strip()
            elif line.strip():
                entries.append(line.strip())
        return entries


class DayField(forms.DateField):
    def __init__(self, label: Any) -> None:
        within = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, validators=within)


class RevisionForm(forms.ModelForm[SopRevision]):
    """The head of the document. `base` is the revision that it was begun from."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    revised_on = DayField(_("Tanggal revisi"))
    effective_on = DayField(_("Tanggal efektif"))
    legal_basis = LinesField(_("Dasar hukum"), rows=8)
    qualifications = LinesField(_("Kualifikasi pelaksana"))
    related = LinesField(_("Keterkaitan"))
    equipment = LinesField(_("Peralatan/perlengkapan"))
    warnings = LinesField(_("Peringatan"), required=False)
    records = LinesField(_("Pencatatan dan pendataan"))

    class Meta:
        model = SopRevision
        fields = (
            "number", "title", "revised_on", "effective_on", "approver_position", "approver_name", "approver_nip",
            "owner", *LISTS,
        )  # fmt: skip
        widgets = dict.fromkeys(
            ("number", "title", "approver_position", "approver_name", "approver_nip", "owner"), _written()
        )

    def validate_unique(self) -> None:
        """Asked under the lock, when it is published."""


class StepForm(forms.ModelForm[SopStep]):
    """One step's words and standard, in working minutes."""

    minimum = forms.IntegerField(label=_("Paling singkat"), min_value=1, max_value=LONGEST)
    maximum = forms.IntegerField(label=_("Paling lama"), min_value=1, max_value=LONGEST)

    class Meta:
        model = SopStep
        fields = STEP_FACTS
        widgets = {"activity": _written(), "requirements": _written(rows=2), "output": _written(rows=2)}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        minimum, maximum = (self.cleaned_data.get(name) for name in ("minimum", "maximum"))
        if minimum and maximum and minimum > maximum:
            raise ValidationError({"minimum": _("Tidak boleh melebihi waktu paling lama.")})
        return cleaned

    def validate_constraints(self) -> None:
        """The form's own sentences say it first."""


class PeriodForm(forms.Form):
    """Which past runs a proposal is held against."""

    period = forms.ChoiceField(
        label=_("Bandingkan dengan"), choices=[(name, label) for name, (label, _days) in PERIODS.items()][1:]
    )

    @property
    def chosen(self) -> str:
        return self.cleaned_data["period"] if self.is_valid() else "90d"


class Proposal:
    """All forms of the page `sop/revisi/baru/` together, begun from `base`."""

    def __init__(self, base: SopRevision, data: Any = None) -> None:
        today = timezone.localdate()
        fresh = {"revised_on": today, "effective_on": max(today, base.effective_on)}
        self.before = {number: (step.minimum, step.maximum) for number, step in base.standards.items()}
        self.head = RevisionForm(data, instance=SopRevision(**_facts(base)), initial={"base": base.pk, **fresh})
        self.steps = {
            number: StepForm(data, instance=step, prefix=f"step{number}") for number, step in base.standards.items()
        }
        self.period = PeriodForm(data or {"period": "90d"})

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(form.is_valid() for form in self.steps.values())])

    @property
    def times(self) -> dict[Step, tuple[int, int]] | None:
        """The proposed standards, in working minutes; None while one of them makes no sense."""
        if not self.head.is_bound:
            return self.before
        if not all(form.is_valid() for form in self.steps.values()):
            return None
        return {n: (form.cleaned_data["minimum"], form.cleaned_data["maximum"]) for n, form in self.steps.items()}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.head.cleaned_data[name] for name in RevisionForm.Meta.fields}

    @property
    def step_facts(self) -> dict[Step, dict[str, Any]]:
        return {number: form.cleaned_data for number, form in self.steps.items()}

    def add_errors(self, error: ValidationError) -> None:
        """Puts the action's sentences where they belong."""
        for field, errors in error.message_dict.items():
            number = field.removeprefix("step_")
            if number.isdigit():
                self.steps[Step(int(number))].add_error("minimum", errors)
            else:
                self.head.add_error(field if field in self.head.fields else None, errors)


def _facts(base: SopRevision) -> dict[str, Any]:
    return {name: getattr(base, name) for name in RevisionForm.Meta.fields}
