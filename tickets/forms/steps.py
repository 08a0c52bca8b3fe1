"""Steps 2 and 4 to 6: what the allocated technician fills in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from tickets import actions, measuring
from tickets.forms import rows
from tickets.forms.base import ActionForm, Data, EmptyForm, Files, ReasonField
from tickets.forms.identify import NetworkFields, latest_needs
from tickets.models import CheckItem, MaterialUse
from tickets.workflow import Action


class AcceptForm(EmptyForm):
    action = Action.ACCEPT
    move = staticmethod(actions.accept)
    title = _("Terima tugas ini")
    lead = _("Dengan menerima, Anda mulai langkah 3: identifikasi kebutuhan.")
    said = _("Tugas diterima. Selamat bekerja.")
    icon = "user-check"


class DeclineForm(ActionForm):
    action = Action.DECLINE
    move = staticmethod(actions.decline)
    lead = _("Admin akan mengalokasikan tiket ini lagi.")
    said = _("Tugas dikembalikan kepada admin.")
    icon = "arrow-back-up"
    alike = True

    reason = ReasonField(_("Alasan"))


class CompleteWorkForm(ActionForm):
    action = Action.COMPLETE_WORK
    move = staticmethod(actions.complete_work)
    title = _("Catat pekerjaan yang sudah selesai")
    said = _("Pekerjaan selesai. Langkah berikutnya: tes dan uji coba.")
    icon = "tool"
    template: ClassVar[str] = "tickets/partials/fields_work.html"

    summary = ReasonField(_("Apa yang dikerjakan?"), _("Misalnya: kabel ditarik, konektor dipasang, alamat IP diatur."))

    def __init__(self, data: Data = None, files: Files = None, **whose: Any) -> None:
        super().__init__(data, files, **whose)
        self.materials = rows.material_rows(data, initial=[] if self.is_bound else self.planned_materials())

    def planned_materials(self) -> list[dict[str, Any]]:
        """What step 3 found at hand; the technician changes what was used otherwise."""
        run = self.ticket.current_run
        if run is not None and run.attempt > 1:
            return []
        needs = self.known.needs if self.known else latest_needs(self.ticket)
        return [{"item": need.item, "quantity": need.quantity} for need in needs if need.available]

    @property
    def catalogue(self) -> tuple[tuple[str, str, str, bool], ...]:
        return rows.catalogue()

    @property
    def outcome(self) -> StrOrPromise:
        """What was used beyond the stock on record is said, never hidden."""
        short = MaterialUse.objects.filter(run=self.ticket.current_run_id, shortage__gt=0)
        lines = [f"{use.shortage} × {use.item}" for use in short]
        if not lines:
            return self.said
        return f"{self.said} " + _now("Melebihi stok tercatat: %s. Admin diminta menghitungnya.") % ", ".join(lines)

    def is_valid(self) -> bool:
        materials_are_valid = self.materials.is_valid()
        return super().is_valid() and materials_are_valid

    def arguments(self) -> dict[str, Any]:
        used = [actions.UsedItem(**row) for row in self.materials.filled()]
        return {"summary": self.cleaned_data["summary"], "materials": used}


class TestForm(ActionForm):
    """Step 5's checklist. The two ways to send it are two actions."""

    title = _("Uji koneksi perangkat")
    icon = "plug-connected"
    template: ClassVar[str] = "tickets/partials/fields_test.html"
    has_own_buttons: ClassVar[bool] = True

    note = forms.CharField(
        label=_("Catatan"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip

    def prepare(self) -> None:
        self.items = actions.checklist()
        measurement = self.known.measurement if self.known else None
        measured = measuring.suggestions(measurement.results if measurement else [])
        outcomes = [("ok", _("Berhasil")), ("failed", _("Gagal")), ("skipped", _("Tidak diuji"))]
        for item in self.items:
            self.fields[f"check_{item.code}"] = forms.ChoiceField(
                label=str(item), choices=outcomes, widget=forms.RadioSelect, required=False,
                initial=measured.get(item.measured),
            )  # fmt: skip

    @property
    def name(self) -> str:
        return "test"

    @property
    def pass_url(self) -> str:
        return self.url_of(Action.PASS_TEST)

    @property
    def fail_url(self) -> str:
        return self.url_of(Action.FAIL_TEST)

    def checks(self) -> list[tuple[CheckItem, forms.BoundField]]:
        return [(item, self[f"check_{item.code}"]) for item in self.items]

    def field_of(self, name: str) -> str | None:
        return super().field_of(f"check_{name}") or super().field_of(name)

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        results = {item.code: outcome for item in self.items if (outcome := given[f"check_{item.code}"])}
        return {"results": results, "note": given["note"]}


class PassTestForm(TestForm):
    action = Action.PASS_TEST
    move = staticmethod(actions.pass_test)
    said = _("Uji koneksi berhasil. Tinggal satu langkah lagi.")


class FailTestForm(TestForm):
    action = Action.FAIL_TEST
    move = staticmethod(actions.fail_test)
    said = _("Uji koneksi gagal. Tiket kembali ke langkah 4.")


class FinishForm(NetworkFields):
    action = Action.FINISH
    move = staticmethod(actions.finish)
    title = _("Cocokkan, catat, dan selesaikan")
    lead = _("Ketiganya masuk ke registri jaringan dengan tiket ini sebagai sumbernya.")
    said = _("Tiket selesai. Perangkat siap digunakan dalam jaringan.")
    icon = "circle-check"
    template: ClassVar[str] = "tickets/partials/fields_finish.html"

    confirmed = forms.BooleanField(
        label=_("Sudah saya cocokkan di perangkat, bersama pegawainya"),
        error_messages={"required": _("Cocokkan dulu ketiganya di perangkat, lalu beri centang.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"record": self.record()}
