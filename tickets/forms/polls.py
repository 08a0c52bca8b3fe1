"""What a page that is left open asks with."""

from __future__ import annotations

from django import forms


class PollForm(forms.Form):
    """What a page that renews itself asks with: the versions that it and its bell were drawn as."""

    v = forms.CharField(required=False, max_length=40)
    b = forms.CharField(required=False, max_length=40)

    @property
    def claim(self) -> str:
        """The page's version, "" where there is none or one that makes no sense."""
        self.is_valid()
        return str(self.cleaned_data.get("v", ""))

    @property
    def bell(self) -> str:
        """The bell's, likewise."""
        self.is_valid()
        return str(self.cleaned_data.get("b", ""))
