"""Step 3's form: needs, device, planned network record; and the three fields that step 6 asks again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.prepared import prepared
from network import proposals, validators
from network.models import Device, State, Subnet, Workgroup
from tickets import actions
from tickets.forms import rows
from tickets.forms.base import ActionForm, Data, Files
from tickets.forms.fields import NamedField, devices_of, workgroup, workgroups
from tickets.models import Need, Ticket, TicketAddress
from tickets.workflow import Action

NEW: Final = "new"


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
    workgroup = NamedField(
        Workgroup.objects.all(),
        named=workgroups,
        one=workgroup,
        label=_("Grup jaringan (workgroup)"),
        empty_label=_("Pilih grup jaringan"),
    )

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial.update(self.record_of(self.ticket.device))

    @cached_property
    def plan(self) -> TicketAddress | None:
        return self.known.planned if self.known else actions.planned(self.ticket)

    def record_of(self, device: Device | None) -> dict[str, Any]:
        """The ticket's own plan for this device while it holds, else what the device uses now."""
        if device is None:
            return {"address": "", "pc_name": "", "workgroup": None}
        if self.plan and _stands(self.plan, device):
            plan = self.plan
            return {"address": plan.address.address, "pc_name": plan.name.name, "workgroup": plan.workgroup_id}
        return {"address": device.current_address, "pc_name": device.pc_name, "workgroup": device.workgroup_id}

    def clean_address(self) -> str:
        return validators.clean_address(self.cleaned_data["address"])

    def clean_pc_name(self) -> str:
        return validators.clean_pc_name(self.cleaned_data["pc_name"])

    def record(self) -> actions.NetworkRecord:
        return actions.NetworkRecord(
            self.cleaned_data["address"], self.cleaned_data["pc_name"], self.cleaned_data["workgroup"]
        )


class RecordFields(forms.Form):
    """The network fields as they stand in step 3's form, `drawn_for` one device while `device` is chosen.

    `proposed` is the address that the form proposed last; `another` asks for the one behind it.
    """

    drawn_for = forms.CharField(required=False, max_length=20)
    device = forms.CharField(required=False, max_length=20)
    address = forms.CharField(required=False, max_length=60)
    pc_name = forms.CharField(required=False, max_length=60)
    workgroup = forms.CharField(required=False, max_length=20)
    subnet = forms.CharField(required=False, max_length=20)
    proposed = forms.CharField(required=False, max_length=60)
    another = forms.CharField(required=False, max_length=1)

    def given(self) -> dict[str, str]:
        """What makes no sense counts as empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class IdentifyForm(NetworkFields):
    """`drawn_for` names the device that the network fields were filled in for: another one has another record.

    Where that record has no address, the next free one of the ticket's unit is proposed. Nobody else is kept from it
    until the form is sent: whoever comes second is shown the next one, at its field, with everything else as typed.
    """

    action = Action.IDENTIFY
    move = staticmethod(actions.identify)
    title = _("Catat kebutuhan dan rencana jaringan")
    said = _("Identifikasi tersimpan. Alamat IP dan nama PC sudah dipesan.")
    icon = "clipboard-list"
    template: ClassVar[str] = "tickets/partials/fields_identify.html"

    device = forms.ChoiceField(label=_("Perangkat"), widget=forms.RadioSelect)
    drawn_for = forms.CharField(widget=forms.HiddenInput, required=False)
    subnet = forms.ChoiceField(label=_("Usulkan dari subnet"), required=False)
    proposed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Jenis"), choices=Device.Kind.choices, required=False)
    brand_model = forms.CharField(label=_("Merek dan tipe"), max_length=100, required=False)
    asset_number = forms.CharField(label=_("Nomor aset (NUP)"), max_length=50, required=False)
    mac = forms.CharField(label=_("Alamat MAC"), max_length=40, required=False)

    def __init__(self, data: Data = None, files: Files = None, **whose: Any) -> None:
        super().__init__(data, files, **whose)
        self.needs = rows.need_rows(data, initial=[] if self.is_bound else self.known_needs())

    def prepare(self) -> None:
        super().prepare()
        self.devices = self.known_devices()
        choices = [(str(pk), _described(device)) for pk, device in self.devices.items()]
        self.fields["device"].choices = [*choices, (NEW, _("Perangkat lain, belum terdaftar"))]  # type: ignore[attr-defined]
        self.initial["device"] = self.initial["drawn_for"] = str(self.ticket.device_id or NEW)
        self.subnets = _subnets_for(self.ticket)
        self.fields["subnet"].choices = [(str(subnet.pk), str(subnet)) for subnet in self.subnets]  # type: ignore[attr-defined]
        if not self.is_bound and not self.initial["address"]:
            subnet, address = proposals.propose(self.subnets)
            self.initial.update(subnet=str(subnet.pk) if subnet else "", address=address, proposed=address)

    def known_devices(self) -> dict[int, Device]:
        """The ticket's device, then the requester's other ones."""
        own = devices_of(self.ticket.requester_id)
        devices = [self.ticket.device, *own] if self.ticket.device else own
        return {device.pk: device for device in devices if device.in_service}

    @property
    def catalogue(self) -> tuple[tuple[str, str, str, bool], ...]:
        return rows.catalogue()

    def known_needs(self) -> list[dict[str, Any]]:
        needs = self.known.needs if self.known else latest_needs(self.ticket)
        return [{"item": need.item, "quantity": need.quantity, "available": need.available} for need in needs]

    # Another device

    def turn_to(self, given: Mapping[str, str]) -> None:
        """Draws the form for the device that was chosen, or for another address; `given` as in RecordFields."""
        self.initial.update(self.turned(given))

    def turned(self, given: Mapping[str, str]) -> dict[str, str]:
        """The fields for the device chosen: what somebody has typed stays, what was the other device's gives way, and
        so does what was only proposed."""
        before, after = (_as_typed(self.record_of(self.chosen(given[name]))) for name in ("drawn_for", "device"))
        yielding = {"address": ("", before["address"], given.get("proposed", "")), "pc_name": ("", before["pc_name"])}
        fields = {name: after[name] if given[name].strip() in yielding[name] else given[name] for name in yielding}
        if given.get("another"):
            fields |= self.proposal(given, after=given["address"].strip())
        elif not fields["address"]:
            fields |= self.proposal(given)
        workgroup = after["workgroup"] or given["workgroup"]
        return fields | {"workgroup": workgroup, "device": given["device"], "drawn_for": given["device"]}

    # The next free address

    def proposal(self, given: Mapping[str, str], after: str = "") -> dict[str, str]:
        """The next free address of the subnet that was chosen, behind `after`; of the first that has one where none
        was chosen. Nothing of either where nothing is free."""
        chosen = [subnet for subnet in self.subnets if str(subnet.pk) == given.get("subnet")]
        if chosen:
            subnet, address = chosen[0], proposals.next_free(chosen[0], after=after)
        else:
            found, address = proposals.propose(self.subnets)
            if found is None:
                return {}
            subnet = found
            address = proposals.next_free(subnet, after=after) if after else address
        return {"subnet": str(subnet.pk), "address": address, "proposed": address}

    @property
    def proposes(self) -> bool:
        """Whether the address in the form is a proposal."""
        return bool(self["address"].value()) and self["address"].value() == self["proposed"].value()

    def fill_in(self, values: Mapping[str, str]) -> None:
        """Draws the form that was sent with these values in it."""
        data: Any = self.data
        self.data = data.copy()
        for name, value in values.items():
            self.data[name] = value  # type: ignore[index]  # a copy is mutable

    def take(self, error: ValidationError) -> None:
        """A proposed address that somebody else has got meanwhile gives way to the next one."""
        super().take(error)
        given = RecordFields(self.data).given()
        if "address" in self.errors and given["address"] and given["address"] == given["proposed"]:
            following = self.proposal(given)
            if following.get("address"):
                self.fill_in(following)
                self.add_error(
                    "address",
                    _("Sebagai gantinya diusulkan %(address)s. Periksa, lalu simpan.") % following,
                )

    def propose_where_empty(self, given: Mapping[str, str]) -> None:
        """An address that was left out is proposed, to be looked at."""
        following = {} if given["address"] else self.proposal(given)
        if following.get("address"):
            self.errors.pop("address", None)
            self.fill_in(following)
            self.add_error("address", _("Alamat IP belum diisi, jadi diusulkan yang ini. Periksa, lalu simpan."))

    def chosen(self, choice: str) -> Device | None:
        """The registered device of a choice; None for a new one, and for what is not offered."""
        return next((device for pk, device in self.devices.items() if str(pk) == choice), None)

    def clean(self) -> dict[str, Any]:
        """Without scripts the fields still hold the first device's record: they are drawn anew, to be looked at."""
        cleaned = super().clean() or self.cleaned_data
        given = RecordFields(self.data).given()
        if "device" in self.errors or given["drawn_for"] in ("", given["device"]):
            self.propose_where_empty(given)
            return cleaned
        turned = self.turned(given)
        changed = [name for name in ("address", "pc_name") if given[name] != turned[name]]
        if not changed:
            return cleaned
        self.fill_in(turned)
        for name in changed:
            self.errors.pop(name, None)
        raise ValidationError({"device": _("Perangkatnya diganti. Periksa rencana jaringan di bawah, lalu simpan.")})

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


@prepared
def _subnets() -> QuerySet[Subnet]:
    return Subnet.objects.order_by("cidr")


def _subnets_for(ticket: Ticket) -> list[Subnet]:
    """Those of the unit where the device stands; all of them where it has none of its own."""
    known = _subnets()
    return [subnet for subnet in known if subnet.unit_id == ticket.unit_id] or known


def latest_needs(ticket: Ticket) -> list[Need]:
    """Those of the newest identification that was completed."""
    runs = Need.objects.filter(run__ticket=ticket).order_by("-run").values("run")
    return list(Need.objects.filter(run__in=runs[:1]))


def _stands(plan: TicketAddress, device: Device) -> bool:
    held = (plan.address, plan.name)
    return plan.address.device_id == device.pk and all(record.state != State.RELEASED for record in held)


def _as_typed(record: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value or "") for name, value in record.items()}


def _described(device: Device) -> str:
    kind = device.get_kind_display()
    facts = [kind if device.pc_name else "", device.brand_model if device.pc_name else "", device.room]
    words = " · ".join(filter(None, facts))
    return f"{device} ({words})" if words else str(device)
