"""What an admin (PJK TIP) decides, and what the requester may decide too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from tickets import actions
from tickets.forms.base import ActionForm, ReasonField
from tickets.loads import Load, able_person, technicians
from tickets.models import Priority
from tickets.workflow import Action


class TechnicianSelect(forms.RadioSelect):
    """Who is away stands there and cannot be chosen. A province has a hundred of them, so its options are made in one
    go: as Django makes them, one by one, they take as long as the rest of the page. `offered`, `left_out` and `option`
    are for halocik.templatetags.fields, which keeps what it has drawn of them."""

    choices: _WithLoads

    def offered(self) -> tuple[Load, ...]:
        return tuple(technicians(self.choices.field.now or actions.database_now()))

    def left_out(self, person: Load) -> bool:
        return person.pk == self.choices.field.but

    @classmethod
    def option(cls, name: str, attrs: dict[str, Any], index: int, person: Load) -> dict[str, Any]:
        """One that is not chosen, as Django describes it; `index` counts those left out too."""
        own = {**attrs, "id": f"{attrs['id']}_{index}"} if "id" in attrs else {**attrs}
        if person.away_until is not None:
            own["disabled"] = True
        return {
            "name": name, "value": person.pk, "label": _described(person, get_language()), "selected": False,
            "index": str(index), "attrs": own, "type": cls.input_type, "template_name": cls.option_template_name,
            "wrap_label": True,
        }  # fmt: skip

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        options = []
        for index, person in enumerate(self.offered()):
            if not self.left_out(person):
                option = self.option(name, attrs or {}, index, person)
                if str(person.pk) in value:
                    option["selected"], option["attrs"]["checked"] = True, True
                options.append(option)
        return [(None, options, 0)]


class _WithLoads(ModelChoiceIterator[User]):
    """The choices with what their words need, which only drawing them asks for."""

    field: TechnicianField

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        widget: Any = self.field.widget
        language = get_language()
        return ((one.pk, _described(one, language)) for one in widget.offered() if not widget.left_out(one))


class TechnicianField(forms.ModelChoiceField[User]):
    """A technician, each beside what they have to do already; of those away, until when and why."""

    widget = TechnicianSelect
    iterator = _WithLoads
    now: datetime | None = None
    but: int | None = None

    def __init__(self, label: StrOrPromise) -> None:
        super().__init__(User.objects.none(), label=label, empty_label=None)

    def offer(self, now: datetime | None, but: int | None = None) -> None:
        """All of them, with what they have before them at `now`; `but` is one who is left out."""
        self.now, self.but = now, but

    def to_python(self, value: Any) -> User | None:
        if value in self.empty_values:
            return None
        found = able_person(value) if value != str(self.but) else None
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return found


@lru_cache(maxsize=2048)
def _described(person: Load, language: str | None) -> str:
    """A technician in words: who they are, and what they have to do, or until when and why they are away."""
    if person.away_until is not None:
        words = {"until": date_format(person.away_until, "D, j M Y"), "reason": person.away_reason}
        return f"{person} · " + gettext("tidak hadir sampai %(until)s: %(reason)s") % words
    return f"{person} · {', '.join(_load(person))}"


def _load(person: Load) -> list[str]:
    if not person.open:
        return [gettext("luang")]
    facts = [
        ngettext("%(n)d tiket terbuka", "%(n)d tiket terbuka", person.open) % {"n": person.open},
        ngettext("%(n)d menit standar", "%(n)d menit standar", person.minutes) % {"n": person.minutes},
    ]
    return [*facts, gettext("%(n)d ditunda") % {"n": person.held}] if person.held else facts


class PriorityField(forms.TypedChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("Prioritas"), choices=Priority.choices, coerce=int, widget=forms.RadioSelect)


class ApproveForm(ActionForm):
    action = Action.APPROVE
    move = staticmethod(actions.approve)
    title = _("Setujui dan alokasikan")
    lead = _("Tetapkan prioritas dan teknisinya sekaligus.")
    said = _("Tiket disetujui dan dialokasikan.")

    priority = PriorityField()
    technician = TechnicianField(_("Teknisi"))

    def prepare(self) -> None:
        self.initial["priority"] = self.ticket.priority or Priority.NORMAL
        self.fields["technician"].offer(self.now)  # type: ignore[attr-defined]


class ReassignForm(ActionForm):
    action = Action.REASSIGN
    move = staticmethod(actions.reassign)
    lead = _("Teknisi yang baru memulai dari langkah 2; rencana jaringan tetap tersimpan.")
    said = _("Tiket dialihkan.")
    icon = "switch-horizontal"
    template = "tickets/partials/fields_reassign.html"

    technician = TechnicianField(_("Teknisi yang baru"))
    reason = ReasonField(_("Alasan"))

    def prepare(self) -> None:
        self.fields["technician"].offer(self.now, but=self.ticket.technician_id)  # type: ignore[attr-defined]


class PriorityForm(ActionForm):
    action = Action.CHANGE_PRIORITY
    move = staticmethod(actions.change_priority)
    lead = _("Mengubah urutan antrean; batas waktu langkah tetap.")
    said = _("Prioritas diubah.")
    icon = "flag"
    alike = True

    priority = PriorityField()

    def prepare(self) -> None:
        self.initial["priority"] = self.ticket.priority


class RejectForm(ActionForm):
    action = Action.REJECT
    move = staticmethod(actions.reject)
    said = _("Permintaan ditolak.")
    icon = "circle-x"
    danger: ClassVar[bool] = True
    alike = True

    reason = ReasonField(_("Alasan penolakan"), _("Pemohon akan membaca alasan ini."))


class CancelForm(ActionForm):
    action = Action.CANCEL
    move = staticmethod(actions.cancel)
    lead = _("Tiket ditutup untuk seterusnya. Pesanan alamat IP dan nama PC dilepas.")
    said = _("Tiket dibatalkan.")
    icon = "ban"
    danger: ClassVar[bool] = True
    alike = True

    reason = ReasonField(_("Alasan pembatalan"))

    @property
    def label(self) -> StrOrPromise:
        return _("Batalkan tiket")


class ReopenForm(ActionForm):
    action = Action.REOPEN
    move = staticmethod(actions.reopen)
    lead = _("Bila perangkat ternyata belum beres, tiket kembali ke langkah 4 pada teknisi yang sama.")
    said = _("Tiket dibuka lagi.")
    icon = "repeat"
    alike = True

    reason = ReasonField(_("Apa yang belum beres?"))
