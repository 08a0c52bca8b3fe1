"""The form that everybody fills in: done in under a minute."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import CALLED, Unit, User
from accounts.prepared import prepared
from network.models import Device
from tickets import permissions
from tickets.forms.fields import NamedField, devices_of, unit, units
from tickets.models import Category, Ticket

# What a category means, in the words of those who choose it; and its icon.
TILES: Final[dict[str, tuple[str | Promise, str]]] = {
    Category.NEW: (_("PC, laptop, atau printer baru dihubungkan ke jaringan"), "plug-connected"),
    Category.MOVE: (_("Perangkat pindah ruang atau pindah pemakai"), "switch-horizontal"),
    Category.FAULT: (_("Internet, jaringan, atau perangkat bermasalah"), "alert-triangle"),
    Category.REPLACEMENT: (_("Perangkat lama diganti yang lain"), "repeat"),
    Category.OTHER: (_("Permintaan TI selain itu"), "message-circle"),
}


EXAMPLES: Final[dict[str, str | Promise]] = {
    "title": _("Contoh: Pasang jaringan untuk PC baru"),
    "device_text": _("Contoh: laptop Asus tim IPDS, belum terdaftar"),
    "room": _("Contoh: Lantai 2, ruang Sosial"),
    "contact": _("Contoh: 0812 3456 7890"),
}


class KeyField(forms.UUIDField):
    """The idempotency key. One that was tampered with is as good as a new one: there is nothing to tell the person."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


@prepared
def _people() -> QuerySet[User, tuple[int, str, str | None]]:
    return User.objects.filter(is_active=True).order_by("full_name", "pk").values_list("pk", CALLED, "unit__name")


def _named_people() -> list[tuple[int, str]]:
    return [(pk, f"{name} · {unit}" if unit else name) for pk, name, unit in _people()]


class SubmissionForm(forms.Form):
    """`by` fills it in for `requester`; the devices to pick from are the requester's."""

    key = KeyField(widget=forms.HiddenInput)
    requester = NamedField(
        User.objects.filter(is_active=True),
        named=_named_people,
        label=_("Untuk siapa?"),
        required=False,
        empty_label=None,
    )
    category = forms.ChoiceField(
        label=_("Jenis permintaan"),
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih jenis permintaan Anda.")},
    )
    title = forms.CharField(
        label=_("Apa yang Anda perlukan?"),
        max_length=120,
        error_messages={"required": _("Tuliskan permintaan Anda dalam satu kalimat.")},
    )
    description = forms.CharField(
        label=_("Keterangan"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Apa yang terlihat di layar? Sejak kapan? Boleh dikosongkan."),
    )
    device = forms.ModelChoiceField(
        Device.objects.none(),
        label=_("Perangkat yang mana?"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("Perangkat lain"),
        error_messages={"invalid_choice": _("Pilih perangkat dari daftar, atau jelaskan dengan kata-kata.")},
    )
    device_text = forms.CharField(label=_("Jelaskan perangkatnya"), required=False, max_length=200)
    unit = NamedField(
        Unit.objects.order_by("code"), named=units, one=unit, label=_("Unit kerja"), empty_label=_("Pilih unit kerja")
    )
    room = forms.CharField(label=_("Ruang"), max_length=100)
    contact = forms.CharField(label=_("Telepon atau WhatsApp"), max_length=40)

    def __init__(self, *args: Any, by: User, requester: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.requester_person = by, requester
        self.first_error = ""
        own = Device.objects.in_use_by(requester)
        self._rows("device").queryset = own
        self.devices = devices_of(requester.pk)
        if permissions.is_manager(by):
            self._rows("requester").named = cache(_named_people)  # drawing the field looks through them twice
        else:
            del self.fields["requester"]
        for name, example in EXAMPLES.items():
            self.fields[name].widget.attrs |= {"placeholder": example, "autocomplete": "off"}

    def _rows(self, name: str) -> Any:
        return self.fields[name]

    @property
    def requester_choice(self) -> bool:
        """Whether there is anybody to choose from."""
        return "requester" in self.fields

    @property
    def is_for_another(self) -> bool:
        return self.requester_person != self.by

    @property
    def tiles(self) -> list[dict[str, Any]]:
        """The categories as tiles: value, label, hint, icon, whether it is chosen."""
        chosen = self["category"].value()
        return [
            {"value": value, "label": label, "hint": TILES[value][0], "icon": TILES[value][1], "on": value == chosen}
            for value, label in Category.choices
        ]

    @property
    def chosen_device(self) -> str:
        """The id of the device that is picked, "" for "another one", "-" while nothing is."""
        value = self["device"].value()
        return "-" if value is None else str(value)

    def clean(self) -> dict[str, Any]:
        """The device picked, or words for it: who picks one has no need of the words."""
        cleaned = super().clean() or {}
        if cleaned.get("device"):
            self.errors.pop("device_text", None)
        elif not {"device", "device_text"} & self.errors.keys() and not cleaned["device_text"]:
            at = "device" if self.devices and "device" not in self.data else "device_text"
            self.add_error(at, _("Pilih perangkat Anda, atau jelaskan perangkatnya dengan kata-kata."))
        return cleaned

    def point_out(self) -> None:
        """Lets the page open at the first field in error, wherever on the page it stands."""
        self.first_error = next((name for name in self.fields if name in self.errors), "")
        if self.first_error:
            self.fields[self.first_error].widget.attrs["autofocus"] = True

    def take_errors(self, error: ValidationError) -> None:
        """The action's refusals, each at its field."""
        for name, errors in error.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def remembered(requester: User) -> dict[str, Any]:
    """Where the requester is and how to reach them: from the profile, else from their last ticket."""
    last = Ticket.objects.requested_by(requester).newest_first().first()
    return {
        "unit": requester.unit_id or (last.unit_id if last else None),
        "room": requester.room or (last.room if last else ""),
        "contact": requester.phone or (last.contact if last else ""),
    }
