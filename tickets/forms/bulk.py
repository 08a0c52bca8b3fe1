"""Many tickets at once: which, what is to be done, and what all of them get."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tickets import actions
from tickets.forms.base import ReasonField
from tickets.forms.decisions import PriorityField, TechnicianField
from tickets.models import Priority
from tickets.workflow import Action

_PICKED: Final = re.compile(r"(HC-[0-9]{4}-[0-9]{6,9})\.([0-9]{1,18})", re.ASCII)

#: What each action needs beside the tickets.
NEEDS: Final = {
    Action.APPROVE: ("priority", "technician"),
    Action.REASSIGN: ("technician", "reason"),
    Action.CHANGE_PRIORITY: ("priority",),
    Action.REJECT: ("reason",),
}


class TicketsField(forms.Field):
    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[tuple[str, int]]:
        chosen = [_PICKED.fullmatch(one) for one in dict.fromkeys(value or [])]
        found = {match[1]: int(match[2]) for match in chosen if match}
        if not found or None in chosen:
            raise ValidationError(_now("Pilih dulu tiketnya di daftar."))
        if len(found) > actions.MOST:
            raise ValidationError(_now("Paling banyak %(most)d tiket sekaligus.") % {"most": actions.MOST})
        return list(found.items())


class BulkForm(forms.Form):
    """`key` makes sure that what is sent twice is done once; `back` is the list that one came from."""

    action = forms.ChoiceField(
        label=_("Tindakan"),
        choices=[(action.value, action.label) for action in actions.BULK],
        widget=forms.HiddenInput,
        error_messages={"required": _("Pilih tindakannya."), "invalid_choice": _("Pilih tindakannya.")},
    )
    ticket = TicketsField(label=_("Tiket"))
    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    priority = PriorityField()
    technician = TechnicianField(_("Teknisi"))
    reason = ReasonField(_("Alasan"), _("Pemohon akan membaca alasan ini."))

    def __init__(self, data: Any, *, now: datetime, asked: Mapping[str, Any] | None = None) -> None:
        """`asked` is what the list sent: which tickets and which action."""
        first = {"key": uuid.uuid4(), "priority": Priority.NORMAL, **(asked or {})}
        super().__init__(data, initial=first, use_required_attribute=False)
        name = (data or first).get("action", "")
        self.asked_action = Action(name) if name in {action.value for action in actions.BULK} else None
        wanted = NEEDS[self.asked_action] if self.asked_action else ()
        for name in {"priority", "technician", "reason"}.difference(wanted):
            del self.fields[name]
        if "technician" in wanted:
            self.fields["technician"].offer(now)  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """What the moves take."""
        return {name: self.cleaned_data[name] for name in NEEDS[Action(self.cleaned_data["action"])]}
