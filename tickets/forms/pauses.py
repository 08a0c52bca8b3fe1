"""Hold and resume."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clocktime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tickets import actions
from tickets.forms.base import ActionForm, EmptyForm
from tickets.forms.fields import NamedField, hold_reason, hold_reasons
from tickets.models import HoldReason
from tickets.workflow import Action
from worktime import clock


class HoldForm(ActionForm):
    action = Action.HOLD
    move = staticmethod(actions.hold)
    lead = _("Waktu berhenti dihitung sampai tiket dilanjutkan.")
    said = _("Tiket ditunda. Waktunya berhenti dihitung.")
    icon = "player-pause"

    reason = NamedField(
        HoldReason.objects.filter(active=True),
        named=hold_reasons,
        one=hold_reason,
        label=_("Alasan"),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    look_again_at = forms.DateTimeField(
        label=_("Dilihat lagi"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(label=_("Penjelasan"), required=False, max_length=300)

    def prepare(self) -> None:
        run = self.ticket.current_run
        if run is not None and not self.is_bound:
            self.initial["look_again_at"] = next_morning(run.calendar.calendar, self.now or actions.database_now())

    def clean_look_again_at(self) -> datetime:
        at: datetime = self.cleaned_data["look_again_at"]
        if not 2000 <= at.year < 2100:
            raise ValidationError(_now("Tahun ini tidak mungkin. Periksa tanggalnya."))
        return at


class ResumeForm(EmptyForm):
    action = Action.RESUME
    move = staticmethod(actions.resume)
    title = _("Lanjutkan tiket ini")
    lead = _("Waktu dihitung lagi dari sisa yang ada sebelum ditunda.")
    said = _("Tiket dilanjutkan. Waktunya dihitung lagi.")
    icon = "player-play"


def next_morning(calendar: clock.Calendar, now: datetime) -> datetime:
    """When the office opens on its next working day, in the current time zone."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, clocktime.min))
    return timezone.localtime(clock.next_working(calendar, midnight))
