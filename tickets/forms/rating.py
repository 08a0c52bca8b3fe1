"""What a requester says of the service: one of four grades and a sentence, then the survey's nine elements."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tickets.models import Rating, Score, SurveyElement
from tickets.models.satisfaction import WORDING


class ScoreForm(forms.Form):
    """The grade that a mail's link names; what makes no sense names none."""

    score = forms.TypedChoiceField(choices=Score.choices, coerce=int, required=False, empty_value=None)

    @property
    def given(self) -> int | None:
        self.is_valid()
        found: int | None = self.cleaned_data.get("score")
        return found


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Bagaimana layanan kami?"),
        choices=[(score.value, score.label) for score in reversed(Score)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu dari empat nilai.")},
    )
    words = forms.CharField(
        label=_("Saran atau kesan"),
        help_text=_("Satu kalimat cukup. Ditampilkan kepada pimpinan tanpa nama Anda; admin dapat membaca tiketnya."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def said(self) -> str | None:
        """None where the form that was sent had no place for words."""
        return self.cleaned_data["words"] if "words" in self.data else None


class SurveyForm(forms.Form):
    """A radio group for each element; the last choice of each is no answer. `asked` are the wordings that were read:
    one that was put better meanwhile is read before it is answered."""

    asked = forms.CharField(required=False, max_length=64)

    def __init__(self, data: Any = None, *, rating: Rating) -> None:
        super().__init__(data, use_required_attribute=False)
        known = {answer.number: str(answer.score) for answer in rating.answers.all()}
        for element in self.elements:
            self.fields[f"element{element.number}"] = forms.ChoiceField(
                label=element.words,
                choices=[*((str(score), words) for score, words in element.answers), ("", _("Tidak menjawab"))],
                initial=known.get(element.number, ""),
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Pilih salah satu jawaban yang tersedia.")},
            )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("asked", "") not in ("", self.asking):
            raise ValidationError(_("Pertanyaannya baru saja diperbaiki. Baca sekali lagi, lalu kirim jawaban Anda."))
        return self.cleaned_data

    @property
    def asking(self) -> str:
        """A mark of all nine wordings."""
        wordings = [[getattr(element, name) for name in WORDING] for element in self.elements]
        return hashlib.sha256(repr(wordings).encode()).hexdigest()

    @cached_property
    def elements(self) -> list[SurveyElement]:
        return list(SurveyElement.objects.asked())

    @property
    def questions(self) -> list[tuple[SurveyElement, forms.BoundField]]:
        return [(element, self[f"element{element.number}"]) for element in self.elements]

    @property
    def answers(self) -> dict[int, int]:
        given = {element.number: self.cleaned_data[f"element{element.number}"] for element in self.elements}
        return {number: int(score) for number, score in given.items() if score}
