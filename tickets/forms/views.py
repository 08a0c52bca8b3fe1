"""A list's address under a name, and the columns that somebody wants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import columns
from tickets.forms.filters import TicketFilter
from tickets.models import ListChoice, SavedView
from tickets.models.lists import LONGEST_QUERY


def sound(query: str, viewer: User) -> str:
    """What of a list's query string makes sense to `viewer`, from its first page on."""
    return TicketFilter(QueryDict(query.lstrip("?")), viewer=viewer).address().removesuffix("?")


class ViewForm(forms.ModelForm[SavedView]):
    """A new view, or an own one that is renamed; sharing is for those who may."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)
    use_required_attribute = False

    class Meta:
        model = SavedView
        fields = ("name", "shared")
        labels = {"shared": _("Bagikan kepada semua yang melihat semua tiket")}

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        if not owner.has_perm("tickets.share_views"):
            del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["query"] = sound(str(cleaned.get("query", "")), self.owner)
        if "query" in self.errors or len(cleaned["query"]) > LONGEST_QUERY:
            self.add_error("name", _now("Saringannya terlalu panjang untuk disimpan. Persingkat pencariannya."))
        return cleaned

    def keep(self) -> SavedView | None:
        """The view as it is kept now; None where the input falls short."""
        if not self.is_valid():
            return None
        facts: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("name", "shared") if name in self.cleaned_data
        }
        try:
            with transaction.atomic():
                if self.instance.pk:
                    SavedView.objects.filter(pk=self.instance.pk).update(**facts)
                    return self.instance
                return SavedView.objects.create(owner=self.owner, query=self.cleaned_data["query"], **facts)
        except IntegrityError:
            self.add_error("name", ValidationError(_now("Anda sudah punya tampilan dengan nama ini.")))
            return None


class ColumnsForm(forms.Form):
    column = forms.MultipleChoiceField(required=False, label=_("Kolom"), widget=forms.CheckboxSelectMultiple)
    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        field = self.fields["column"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (one.name, one.label) for one in columns.offered(viewer) if one.name != columns.ALWAYS
        ]  # fmt: skip

    def keep(self) -> str:
        """Keeps the choice for the next time, and returns the list's query string with it."""
        written = columns.written(columns.chosen([columns.ALWAYS, *self.cleaned_data["column"]], self.viewer))
        ListChoice.objects.update_or_create(user=self.viewer, defaults={"columns": written})
        asked = TicketFilter(QueryDict(self.cleaned_data["query"].lstrip("?")), viewer=self.viewer)
        return asked.address(cols=written)
