"""Steps 2 to 6: what the allocated technician fills in."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from network import validators
from network.models import Device, IPAssignment, NameAssignment, State, Workgroup
from tickets import actions
from tickets.forms import rows
from tickets.forms.base import ActionForm, Data, EmptyForm, Files, ReasonField
from tickets.models import CheckItem, Need, Ticket
from tickets.workflow import Action

NEW: Final = "new"


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

    reason = ReasonField(_("Alasan"))


class NetworkFields(ActionForm):
    """The three things that the SOP records of every device."""

    address = forms.CharField(
        label=_("Alamat IP"),
        max_length=60,
        help_text=_("Misalnya 10.17.0.23."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    pc_name = forms.CharField(
        label=_("Nama PC"),
        max_length=60,
        help_text=_("1–15 huruf, angka, atau tanda hubung."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )
    workgroup = forms.ModelChoiceField(
        Workgroup.objects.all(), label=_("Grup jaringan (workgroup)"), empty_label=_("Pilih grup jaringan")
    )

    def prepare(self) -> None:
        self.initial.update(self.known_record())

    def known_record(self) -> dict[str, Any]:
        """The ticket's own plan while it holds, else what the device uses now."""
        plan = actions.planned(self.ticket)
        if plan and plan.address.state != State.RELEASED and plan.name.state != State.RELEASED:
            return {"address": plan.address.address, "pc_name": plan.name.name, "workgroup": plan.workgroup_id}
        device = self.ticket.device
        if device is None:
            return {}
        address = IPAssignment.objects.active().filter(device=device).first()
        name = NameAssignment.objects.active().filter(device=device).first()
        return {
            "address": address.address if address else "",
            "pc_name": name.name if name else "",
            "workgroup": device.workgroup_id,
        }

    def clean_address(self) -> str:
        return validators.clean_address(self.cleaned_data["address"])

    def clean_pc_name(self) -> str:
        return validators.clean_pc_name(self.cleaned_data["pc_name"])

    def record(self) -> actions.NetworkRecord:
        return actions.NetworkRecord(
            self.cleaned_data["address"], self.cleaned_data["pc_name"], self.cleaned_data["workgroup"]
        )


class IdentifyForm(NetworkFields):
    action = Action.IDENTIFY
    move = staticmethod(actions.identify)
    title = _("Catat kebutuhan dan rencana jaringan")
    said = _("Identifikasi tersimpan. Alamat IP dan nama PC sudah dipesan.")
    icon = "clipboard-list"
    template: ClassVar[str] = "tickets/partials/fields_identify.html"

    device = forms.ChoiceField(label=_("Perangkat"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Jenis"), choices=Device.Kind.choices, required=False)
    brand_model = forms.CharField(label=_("Merek dan tipe"), max_length=100, required=False)
    asset_number = forms.CharField(label=_("Nomor aset (NUP)"), max_length=50, required=False)
    mac = forms.CharField(label=_("Alamat MAC"), max_length=40, required=False)

    def __init__(self, data: Data = None, files: Files = None, **whose: Any) -> None:
        super().__init__(data, files, **whose)
        self.needs = rows.need_rows(data, initial=self.known_needs())

    def prepare(self) -> None:
        super().prepare()
        self.devices = self.known_devices()
        choices = [(str(pk), _described(device)) for pk, device in self.devices.items()]
        self.fields["device"].choices = [*choices, (NEW, _("Perangkat lain, belum terdaftar"))]  # type: ignore[attr-defined]
        self.initial["device"] = str(self.ticket.device_id or NEW)

    def known_devices(self) -> dict[int, Device]:
        """The ticket's device, then the requester's other ones."""
        own = list(self.ticket.requester.devices.in_service().order_by("pc_name", "pk"))
        devices = [self.ticket.device, *own] if self.ticket.device else own
        return {device.pk: device for device in devices if device.in_service}

    def known_needs(self) -> list[dict[str, Any]]:
        return [
            {"item": need.item, "quantity": need.quantity, "available": need.available}
            for need in latest_needs(self.ticket)
        ]

    def clean_mac(self) -> str:
        return validators.clean_mac(self.cleaned_data["mac"])

    def is_valid(self) -> bool:
        needs_are_valid = self.needs.is_valid()
        return super().is_valid() and needs_are_valid

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        new = actions.NewDevice(given["kind"], given["brand_model"], given["asset_number"], given["mac"])
        return {
            "needs": [actions.NeededItem(**row) for row in self.needs.filled()],
            "device": new if given["device"] == NEW else self.devices[int(given["device"])],
            "record": self.record(),
        }


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
        self.materials = rows.material_rows(data, initial=self.planned_materials())

    def planned_materials(self) -> list[dict[str, Any]]:
        """What step 3 found at hand; the technician changes what was used otherwise."""
        run = self.ticket.current_run
        if run is not None and run.attempt > 1:
            return []
        return [{"item": need.item, "quantity": need.quantity} for need in latest_needs(self.ticket) if need.available]

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
        self.items = list(CheckItem.objects.filter(active=True))
        outcomes = [("ok", _("Berhasil")), ("failed", _("Gagal")), ("skipped", _("Tidak diuji"))]
        for item in self.items:
            self.fields[f"check_{item.code}"] = forms.ChoiceField(
                label=str(item), choices=outcomes, widget=forms.RadioSelect, required=False
            )

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
        results = {item.code: given[f"check_{item.code}"] or "skipped" for item in self.items}
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


def latest_needs(ticket: Ticket) -> list[Need]:
    """Those of the newest identification that was completed."""
    runs = Need.objects.filter(run__ticket=ticket).order_by("-run").values("run")
    return list(Need.objects.filter(run__in=runs[:1]))


def _described(device: Device) -> str:
    kind = device.get_kind_display()
    facts = [kind if device.pc_name else "", device.brand_model if device.pc_name else "", device.room]
    words = " · ".join(filter(None, facts))
    return f"{device} ({words})" if words else str(device)
