"""Comments: public ones and internal notes, with files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import Statement
from tickets import permissions
from tickets.actions import core
from tickets.attachments import StoredFile
from tickets.models import Attachment, Ticket
from tickets.workflow import Action

_SAID: Final = Statement(
    "said", "SELECT 1 FROM tickets_ticketevent WHERE ticket_id = $1 AND by_id = $2 AND key = $3",
    ["bigint", "bigint", "uuid"],
)  # fmt: skip


def comment(
    ticket: Ticket,
    *,
    text: str,
    internal: bool = False,
    files: Sequence[StoredFile] = (),
    key: UUID | None = None,
    by: User,
    origin: str | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Adds to the conversation. The same `key` from the same person adds nothing a second time."""
    if key is not None and was_said(ticket, by=by, key=key):
        return ticket
    try:
        return _say(ticket, text=text, internal=internal, files=files, key=key, by=by, origin=origin, now=now)
    except IntegrityError as error:
        if key is not None and was_said(ticket, by=by, key=key):
            return ticket
        raise core.key_is_taken(error) from error


@transaction.atomic
def _say(
    ticket: Ticket,
    *,
    text: str,
    internal: bool,
    files: Sequence[StoredFile],
    key: UUID | None,
    by: User,
    origin: str | None,
    now: datetime | None,
) -> Ticket:
    act = core.begin(ticket, Action.COMMENT, by=by, origin=origin, now=now)
    if internal and not permissions.sees_internal_notes(by, act.ticket):
        raise PermissionDenied(_("Anda tidak dapat menulis catatan internal pada tiket ini."))
    core.needs(text=text)
    event = core.record(act, text=text.strip(), internal=internal, key=key, files=[file.sha256 for file in files])
    Attachment.objects.bulk_create(
        Attachment(
            event=event,
            name=file.name,
            label=file.label,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
        )
        for file in files
    )
    return act.ticket


def was_said(ticket: Ticket, *, by: User, key: UUID) -> bool:
    """Whether this sending of the form has arrived already."""
    return bool(_SAID.rows(ticket.pk, by.pk, key))
