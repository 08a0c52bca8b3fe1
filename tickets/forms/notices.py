"""What the pages of notices read: the bell's list, what a person wants to be told, chat addresses."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.paging import ListForm, Sort
from tickets import notify
from tickets.models import ChatAddress, Topic

LARGEST_KEY: Final = 2**62

HELP: Final = {
    Topic.OWN: _("Tiket yang Anda ajukan: diterima, disetujui, ditunda, selesai …"),
    Topic.TASKS: _("Tiket yang dialokasikan kepada Anda: baru, dialihkan, dibatalkan, dibuka lagi …"),
    Topic.APPROVALS: _("Yang menunggu keputusan admin: tiket baru, dikembalikan, dibatalkan …"),
    Topic.DEADLINES: _("Hampir jatuh tempo, terlambat, waktunya melihat lagi penundaan"),
    Topic.COMMENTS: _("Komentar orang lain pada tiket Anda"),
}


class NoticeList(ListForm):
    SORTS = {"newest": Sort(_("Terbaru"), ("-due_at", "-pk"))}


class ReadForm(forms.Form):
    """Everything up to the newest notice that the page showed."""

    newest = forms.IntegerField(min_value=0, max_value=LARGEST_KEY)


class AgainForm(forms.Form):
    """One message, or all where none is named."""

    delivery = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)


class SwitchesForm(forms.Form):
    """A switch for each topic that concerns the person, by each way they can be reached."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.topics = notify.topics_of(user)
        self.channels = notify.channels_of(user)
        muted = notify.muted(user)
        for topic in self.topics:
            for channel in self.channels:
                self.fields[f"{topic}_{channel}"] = forms.BooleanField(
                    label=_("%(topic)s: %(channel)s") % {"topic": topic.label, "channel": channel.label},
                    required=False,
                    initial=(topic, channel) not in muted,
                )

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "label": topic.label,
                "help": HELP[topic],
                "switches": [
                    {"name": f"{topic}_{channel}", "channel": channel.label, "on": self[f"{topic}_{channel}"].value()}
                    for channel in self.channels
                ],
            }
            for topic in self.topics
        ]

    def save(self) -> None:
        switches = {
            (topic, channel): self.cleaned_data[f"{topic}_{channel}"]
            for topic in self.topics
            for channel in self.channels
        }
        notify.switch(self.user, switches)


class ChatAddressForm(forms.Form):
    name = forms.CharField(label=_("Nama"), max_length=60, help_text=_("Misalnya: Telegram saya"))
    url = forms.CharField(
        label=_("Alamat"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Untuk Telegram: tgram://token-bot/nomor-obrolan. Alamat ini rahasia dan tidak ditampilkan lagi."),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        notify.check_address(url)
        return url

    def clean(self) -> dict[str, Any]:
        if self.user.chat_addresses.count() >= notify.MOST_ADDRESSES:
            raise forms.ValidationError(_("Paling banyak lima alamat. Hapus dulu salah satu."))
        return self.cleaned_data

    def save(self) -> ChatAddress:
        return notify.add_address(self.user, self.cleaned_data["name"], self.cleaned_data["url"])
