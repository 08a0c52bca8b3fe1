"""What people type about devices and subnets. Uniqueness is decided by the actions, under their locks."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from jobs.paging import ListForm, Sort
from network import actions, proposals, validators
from network.fields import Network
from network.models import Device, Subnet, Workgroup
from network.queries import DeviceQuerySet

#: More ranges than any subnet of an office has.
MAX_RANGES = 100


class ByAction:
    """For forms whose action writes: crispy draws the fields alone, and the action's errors come back to them."""

    fields: dict[str, forms.Field]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def take_errors(self, error: ValidationError) -> None:
        """Show an action's errors at their fields; those of other fields stand above the form."""
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)  # type: ignore[attr-defined]


class RegistryForm(ByAction, forms.ModelForm):  # type: ignore[type-arg]
    def _post_clean(self) -> None:
        # ModelForm's own would ask for duplicates and constraints now, without a lock, and tell them above the form.
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class DeviceListForm(ListForm):
    SORTS = {
        "nama": Sort(_("Nama PC"), ("nameless", "sort_name", "pk")),
        "unit": Sort(_("Unit kerja"), ("unit__code", "nameless", "sort_name", "pk")),
        "pemegang": Sort(_("Pemegang"), ("ownerless", "sort_owner", "pk")),
        "terbaru": Sort(_("Baru terdaftar"), ("-registered_at", "-pk")),
    }
    q = forms.CharField(label=_("Cari"), max_length=50, required=False)
    kind = forms.ChoiceField(label=_("Jenis"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit kerja"), required=False, empty_label=_("Semua unit")
    )
    service = forms.ChoiceField(
        label=_("Pemakaian"),
        required=False,
        choices=[("", _("Masih dipakai")), ("keluar", _("Tidak dipakai lagi")), ("semua", _("Semua"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _now("Semua jenis")), *Device.Kind.choices]

    def devices_for(self, viewer: User) -> DeviceQuerySet:
        """What the list shows `viewer`, as its filters say."""
        return (
            Device.objects.visible_to(viewer)
            .of_kind(self.chosen("kind"))
            .of_unit(self.chosen("unit"))
            .in_state_of_service(self.chosen("service"))
            .search(self.chosen("q"))
            .for_list()
        )


class AddressListForm(ListForm):
    """Addresses of one subnet, of the block around the address `block` where it is a large one."""

    SORTS = {"alamat": Sort(_("Alamat IP"), ("address", "pk"))}
    block = forms.CharField(required=False, max_length=60)


class SubnetListForm(ListForm):
    SORTS = {
        "subnet": Sort(_("Subnet"), ("cidr", "pk")),
        "nama": Sort(_("Nama"), ("sort_name", "pk")),
        "unit": Sort(_("Unit kerja"), ("unit__code", "cidr", "pk")),
        "terpakai": Sort(_("Paling terpakai"), ("-live_count", "pk")),
    }
    q = forms.CharField(label=_("Cari subnet"), max_length=60, required=False)


class LookupForm(forms.Form):
    """Who had `what` on the day `on` (none: today)?"""

    what = forms.CharField(label=_("Alamat IP, nama PC, atau alamat MAC"), max_length=60)
    on = forms.DateField(
        label=_("Pada tanggal"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"] or timezone.localdate()
        if not 2000 <= on.year < 2100:
            raise ValidationError(_("Tanggalnya antara tahun 2000 dan 2099."))
        return on


class WorkgroupListForm(ListForm):
    SORTS = {"nama": Sort(_("Nama"), ("sort_name", "pk"))}


class DeviceForm(RegistryForm):
    """Facts of a new device, or of one in service."""

    class Meta:
        model = Device
        fields = ["kind", "brand_model", "asset_number", "mac", "owner", "unit", "room"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = (
            User.objects.filter(is_active=True) | User.objects.filter(pk=self.instance.owner_id)
        ).order_by("full_name")
        owner.empty_label = _now("Tidak ada (dipakai bersama)")
        unit, kind = self.fields["unit"], self.fields["kind"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        unit.empty_label = _now("Pilih unit kerja")
        kind.choices = [("", _now("Pilih jenis")), *Device.Kind.choices]
        self.fields["mac"].max_length = 17  # type: ignore[attr-defined]
        self.fields["mac"].help_text = _now("Misalnya 3C:52:82:1A:0B:4F; boleh dikosongkan.")

    def clean_mac(self) -> str:
        return validators.clean_mac(self.cleaned_data["mac"])

    def changed_facts(self) -> dict[str, Any]:
        """Only what this person changed, so that two who edit one device overwrite no more than they mean to."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class DecommissionForm(ByAction, forms.Form):
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Misalnya: rusak berat."),
    )


class RecordForm(ByAction, forms.Form):
    """Where a device stands and what it holds in the network, all of it as it shall be."""

    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit kerja"), empty_label=None)
    room = forms.CharField(label=_("Ruang"), max_length=100, required=False)
    address = forms.CharField(
        label=_("Alamat IP"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "mono"}),
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
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Misalnya: pindah ke ruang arsip. Alasan ini tercatat pada jejak perubahan."),
    )

    def clean_address(self) -> str:
        return validators.clean_address(self.cleaned_data["address"])

    def clean_pc_name(self) -> str:
        return validators.clean_pc_name(self.cleaned_data["pc_name"])

    def record(self) -> actions.Record:
        return actions.Record(**{name: self.cleaned_data[name] for name in self.fields if name != "reason"})


class ProposalForm(forms.Form):
    """Another address is asked for: for a device that shall stand in `unit`, while `address` is in the field."""

    unit = forms.ModelChoiceField(Unit.objects.all(), required=False)
    address = forms.CharField(required=False, max_length=60)

    def proposed(self) -> str:
        """The next free address of the unit behind the one in the field; empty where it has no subnet with one."""
        self.is_valid()
        unit, address = self.cleaned_data.get("unit"), self.cleaned_data.get("address", "")
        subnets = list(Subnet.objects.filter(unit=unit).order_by("cidr"))
        holding = [subnet for subnet in subnets if proposals.lies_in(address, subnet)]
        if holding and (following := proposals.next_free(holding[0], after=address)):
            return following
        return proposals.propose(subnets)[1]


class SubnetForm(RegistryForm):
    exclusions = forms.CharField(
        label=_("Rentang yang dikecualikan"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}),
        help_text=_("Satu rentang per baris, misalnya 10.17.0.200 - 10.17.0.250; atau satu alamat saja."),
    )

    class Meta:
        model = Subnet
        fields = ["cidr", "name", "unit", "gateway", "vlan", "seen_directly"]
        help_texts = {"cidr": _("Misalnya 10.17.0.0/24.")}

    field_order = ["cidr", "name", "unit", "gateway", "exclusions", "vlan", "seen_directly"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.empty_label = _now("Pilih unit kerja")
        if not self.instance._state.adding:
            self.initial["exclusions"] = "\n".join(
                row.first if row.first == row.last else f"{row.first} - {row.last}"
                for row in self.instance.exclusions.all()
            )

    def clean_cidr(self) -> Network:
        return validators.clean_network(self.cleaned_data["cidr"])

    def clean_gateway(self) -> str | None:
        gateway = self.cleaned_data["gateway"]
        return validators.clean_address(gateway) if gateway else None

    def clean_exclusions(self) -> list[tuple[str, str]]:
        ranges = [_range(line) for line in self.cleaned_data["exclusions"].splitlines() if line.strip()]
        if len(ranges) > MAX_RANGES:
            raise ValidationError(_("Paling banyak 100 rentang."))
        return ranges


def _range(line: str) -> tuple[str, str]:
    first, dash, last = line.replace("–", "-").partition("-")
    try:
        return validators.clean_address(first), validators.clean_address(last if dash else first)
    except ValidationError:
        raise ValidationError(
            _("“%(line)s” bukan rentang alamat. Contoh yang benar: 10.17.0.200 - 10.17.0.250."),
            params={"line": line.strip()[:100]},
        ) from None


class WorkgroupForm(RegistryForm):
    class Meta:
        model = Workgroup
        fields = ["name"]
