"""Who had this address, PC name or MAC on that day? All lives of the value, and which of them touch the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone

from network import validators
from network.models import Device, IPAssignment, NameAssignment, State

Kind = Literal["address", "name", "mac"]
#: The newest lives of one value that a page tells; an address is given out a few times a year at most.
MOST_LIVES = 100


@dataclass(frozen=True)
class Life:
    """From when until when a device held the value; `used_from` None where it was only reserved."""

    value: str
    device: Device
    since: datetime
    used_from: datetime | None
    until: datetime | None
    state: str = ""
    record: int | None = None  # of the assignment, for those who know which ticket it came by

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.since < end and (self.until is None or self.until > start)

    def was_used(self, start: datetime, end: datetime) -> bool:
        return self.touches(start, end) and self.used_from is not None and self.used_from < end


@dataclass(frozen=True)
class Answer:
    kind: Kind
    value: str
    on: date
    lives: Sequence[Life]

    @property
    def day(self) -> tuple[datetime, datetime]:
        start = timezone.make_aware(datetime.combine(self.on, time.min))
        return start, start + timedelta(days=1)

    @property
    def users(self) -> list[Life]:
        return [life for life in self.lives if life.was_used(*self.day)]

    @property
    def reservers(self) -> list[Life]:
        """Devices for which it was reserved that day, and that did not use it yet."""
        return [life for life in self.lives if life.touches(*self.day) and not life.was_used(*self.day)]

    @property
    def records(self) -> str:
        return ",".join(str(life.record) for life in self.lives if life.record)


def look_up(text: str, on: date) -> Answer:
    """The value is taken for what it looks like: an address, a MAC, else a PC name."""
    text = text.strip()
    try:
        address = validators.clean_address(text)
    except ValidationError:
        pass
    else:
        return Answer("address", address, on, _lives_of(IPAssignment.objects.filter(address=address)))
    try:
        mac = validators.clean_mac(text)
    except ValidationError:
        mac = ""
    if mac and (lives := sorted(_lives_of_mac(mac), key=lambda life: life.since, reverse=True)):
        return Answer("mac", mac, on, lives)
    return Answer("name", text, on, _lives_of(NameAssignment.objects.filter(name__iexact=text)))


def _lives_of(rows: Any) -> list[Life]:
    found = rows.select_related("device__owner", "device__unit").order_by("-pk")[:MOST_LIVES]
    return [
        Life(str(row), row.device, row.reserved_at or row.activated_at, row.activated_at, row.released_at, row.state,
             row.pk) for row in found
    ]  # fmt: skip


def _lives_of_mac(mac: str) -> Iterator[Life]:
    """From the trail of each device that has ever shown this MAC: no table of its own keeps MACs."""
    trail = Device.pgh_event_model.objects  # type: ignore[attr-defined]  # by pghistory
    ever = trail.filter(mac=mac).values("pgh_obj_id")
    devices = Device.objects.filter(pk__in=ever).select_related("owner", "unit").in_bulk()
    events = trail.filter(pgh_obj_id__in=devices).order_by("pgh_obj_id", "pgh_id")
    since: dict[int, datetime] = {}
    for event in events.values("pgh_obj_id", "pgh_created_at", "mac", "decommissioned_at", "registered_at"):
        pk, holds = event["pgh_obj_id"], event["mac"] == mac and event["decommissioned_at"] is None
        if holds:
            # A device registered with this MAC has it since its registration, also where that was entered later.
            is_first = pk not in since and event["registered_at"] < event["pgh_created_at"]
            since.setdefault(pk, event["registered_at"] if is_first else event["pgh_created_at"])
        elif pk in since:
            start, end = since.pop(pk), event["decommissioned_at"] or event["pgh_created_at"]
            yield Life(mac, devices[pk], start, start, end, State.RELEASED)
    for pk, start in since.items():
        yield Life(mac, devices[pk], start, start, None, State.ACTIVE)
