"""What an admin (PJK TIP) decides, and what the requester may decide too."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from accounts.models import User
from tickets import actions
from tickets.forms.base import ActionForm, ReasonField
from tickets.models import Priority, Ticket
from tickets.workflow import Action


def technicians() -> QuerySet[User]:
    """Those who can be allocated to, the least loaded first; with `open_tickets`."""
    load = Ticket.objects.open().filter(technician=OuterRef("pk")).order_by().values("technician")
    counted = Subquery(load.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return (
        User.objects.holding("tickets.work_ticket")
        .annotate(open_tickets=Coalesce(counted, 0), sorted_name=Lower("full_name"))
        .order_by("open_tickets", "sorted_name", "pk")
    )


class TechnicianField(forms.ModelChoiceField[User]):
    """A technician, each beside what they have to do already."""

    widget = forms.RadioSelect

    def __init__(self, label: StrOrPromise) -> None:
        super().__init__(User.objects.none(), label=label, empty_label=None)

    def label_from_instance(self, obj: User) -> str:
        load: int = obj.open_tickets  # type: ignore[attr-defined]  # annotated by technicians()
        return f"{obj} · " + ngettext("%(n)d tiket terbuka", "%(n)d tiket terbuka", load) % {"n": load}


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
        self.fields["technician"].queryset = technicians()  # type: ignore[attr-defined]


class ReassignForm(ActionForm):
    action = Action.REASSIGN
    move = staticmethod(actions.reassign)
    lead = _("Teknisi yang baru memulai dari langkah 2; rencana jaringan tetap tersimpan.")
    said = _("Tiket dialihkan.")
    icon = "switch-horizontal"

    technician = TechnicianField(_("Teknisi yang baru"))
    reason = ReasonField(_("Alasan"))

    def prepare(self) -> None:
        others = technicians().exclude(pk__in=[self.ticket.technician_id])
        self.fields["technician"].queryset = others  # type: ignore[attr-defined]


class PriorityForm(ActionForm):
    action = Action.CHANGE_PRIORITY
    move = staticmethod(actions.change_priority)
    lead = _("Mengubah urutan antrean; batas waktu langkah tetap.")
    said = _("Prioritas diubah.")
    icon = "flag"

    priority = PriorityField()

    def prepare(self) -> None:
        self.initial["priority"] = self.ticket.priority


class RejectForm(ActionForm):
    action = Action.REJECT
    move = staticmethod(actions.reject)
    said = _("Permintaan ditolak.")
    icon = "circle-x"
    danger: ClassVar[bool] = True

    reason = ReasonField(_("Alasan penolakan"), _("Pemohon akan membaca alasan ini."))


class CancelForm(ActionForm):
    action = Action.CANCEL
    move = staticmethod(actions.cancel)
    lead = _("Tiket ditutup untuk seterusnya. Pesanan alamat IP dan nama PC dilepas.")
    said = _("Tiket dibatalkan.")
    icon = "ban"
    danger: ClassVar[bool] = True

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

    reason = ReasonField(_("Apa yang belum beres?"))
