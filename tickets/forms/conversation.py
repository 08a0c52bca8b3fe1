"""Comments and internal notes, with files."""

from __future__ import annotations

import uuid
from typing import Any, Unpack

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from tickets import actions, attachments, permissions
from tickets.forms.base import ActionForm
from tickets.forms.submission import KeyField
from tickets.models import Attachment, Ticket
from tickets.workflow import Action


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; which ones are accepted is decided by `tickets.attachments`."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        # Django's own check of a single file, also for an empty one, gives way to the sentences of `attachments`.
        return [upload for upload in data or [] if upload]


class CommentForm(ActionForm):
    action = Action.COMMENT
    move = staticmethod(actions.comment)
    said = _("Komentar terkirim.")
    icon = "send"
    template = "tickets/partials/fields_comment.html"
    alike = True

    text = forms.CharField(
        label=_("Komentar"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
    internal = forms.BooleanField(
        label=_("Catatan internal"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    uploads = FilesField(label=_("Lampiran"), required=False)
    key = KeyField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.initial["key"] = uuid.uuid4()
        if not permissions.sees_internal_notes(self.user, self.ticket):
            del self.fields["internal"]

    @property
    def key_input(self) -> str:
        return str(self["key"])

    @property
    def label(self) -> StrOrPromise:
        return _("Kirim")

    def perform(self, **caller: Unpack[actions.Caller]) -> Ticket | None:
        """A comment fits any run."""
        caller.pop("run", None)
        return super().perform(**caller)

    def clean_uploads(self) -> list[UploadedFile[Any]]:
        uploads: list[UploadedFile[Any]] = self.cleaned_data["uploads"]
        if uploads:
            kept = Attachment.objects.filter(event__ticket=self.ticket).aggregate(total=Sum("size"))["total"]
            attachments.check(uploads, stored=kept or 0)
        return uploads

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        again = actions.was_said(self.ticket, by=self.user, key=given["key"])
        return {
            "text": given["text"],
            "internal": given.get("internal", False),
            "files": [] if again else attachments.store(given["uploads"]),
            "key": given["key"],
        }
