"""The trail of a registry row in words: who changed what, when, from where, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from network.models import Device, IPAssignment, NameAssignment, Subnet, SubnetExclusion

#: The newest changes that a page tells.
MOST_CHANGES: Final = 200
#: Said by the change itself: who made it and when; or by other rows; or by the tickets of the device.
_UNSAID: Final = {
    "id", "device", "subnet", "registered_at", "reserved_at", "activated_at", "released_at", "reserved_by",
    "activated_by", "released_by", "decommissioned_at", "plans",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One fact before and after; `before` empty where the row is new."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    at: datetime
    kind: str  # insert, update or delete
    subject: str
    lines: Sequence[Line]
    who: User | None
    origin: str
    reason: str


def of_device(device: Device) -> list[Change]:
    """Changes of the device and of all that it holds or has held, newest first."""
    return _told(
        [
            (_("Perangkat"), "", _events(Device).filter(pgh_obj=device)),
            (_("Alamat IP"), "address", _events(IPAssignment).filter(device=device)),
            (_("Nama PC"), "name", _events(NameAssignment).filter(device=device)),
        ]
    )


def of_subnet(subnet: Subnet) -> list[Change]:
    """Changes of the subnet and of its excluded ranges, newest first."""
    return _told(
        [
            (_("Subnet"), "", _events(Subnet).filter(pgh_obj=subnet)),
            (_("Rentang yang dikecualikan"), "first", _events(SubnetExclusion).filter(subnet=subnet)),
        ]
    )


def _events(model: type[models.Model]) -> Any:
    manager = model.pgh_event_model.objects  # type: ignore[attr-defined]  # by pghistory
    relations = [field.name for field in model._meta.fields if field.is_relation]
    return manager.select_related("pgh_context", *relations).order_by("pgh_id")


def _told(sources: Sequence[tuple[str, str, Any]]) -> list[Change]:
    found = [
        (event.pgh_created_at, place, event.pgh_id, _Row(event, previous, subject, name))
        for place, (subject, name, rows) in enumerate(sources)
        for event, previous in _paired(rows)
    ]
    # Rows of one moment are of one act: the device, or the subnet, comes first in it.
    found.sort(key=lambda one: one[:3], reverse=True)
    newest = list(islice((row for *_when, row in found if row.lines or row.event.pgh_label != "update"), MOST_CHANGES))
    people = User.objects.in_bulk({pk for row in newest if (pk := row.metadata.get("user"))})
    return [row.told(people) for row in newest]


@dataclass(frozen=True)
class _Row:
    """An event, the one before it of the same row, and how that row is called: by `subject` and its field `name`."""

    event: Any
    previous: Any
    subject: str
    name: str

    @cached_property
    def lines(self) -> list[Line]:
        return list(_lines(self.event, None if self.event.pgh_label == "insert" else self.previous))

    @property
    def metadata(self) -> dict[str, Any]:
        context = self.event.pgh_context
        return dict(context.metadata) if context else {}

    def told(self, people: dict[int, User]) -> Change:
        return Change(
            at=self.event.pgh_created_at,
            kind=self.event.pgh_label,
            subject=f"{self.subject} {getattr(self.event, self.name)}" if self.name else self.subject,
            lines=self.lines,
            who=people.get(self.metadata.get("user") or 0),
            origin=str(self.metadata.get("origin") or ""),
            reason=str(self.metadata.get("reason") or ""),
        )


def _paired(rows: Any) -> Iterator[tuple[Any, Any]]:
    """Each event with the one before it of the same row, the oldest first."""
    latest: dict[int, Any] = {}
    for event in rows:
        yield event, latest.get(event.pgh_obj_id)
        latest[event.pgh_obj_id] = event


def _lines(event: Any, previous: Any) -> Iterator[Line]:
    for field in event.pgh_tracked_model._meta.fields:
        if field.name in _UNSAID:
            continue
        before, after = ("" if row is None else _words(row, field) for row in (previous, event))
        if before != after:
            yield Line(str(field.verbose_name), before, after)


def _words(row: Any, field: Any) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.name)
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    return "" if value is None else str(value)
