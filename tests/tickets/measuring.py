"""A browser on the PC that is tested, without the browser."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from tickets import measuring
from tickets.models import MeasuringLink, Ticket

PC = "10.17.0.12"


def figures(**changes: Any) -> dict[str, Any]:
    """What a PC on a sound cable sends."""
    transfer = {"bytes": measuring.MOST_BYTES, "ms": 400.5}
    return {
        "key": str(uuid.uuid4()), "trips": [2.5] * 15 + [3] * 15, "reached": {}, "download": transfer,
        "upload": transfer, **changes,
    }  # fmt: skip


def read(**changes: Any) -> measuring.Figures:
    return measuring.Figures.read(json.dumps(figures(**changes)).encode())


def link_of(ticket: Ticket) -> MeasuringLink:
    return MeasuringLink.objects.get(run=ticket.current_run_id, revoked_at=None)


def post(link: MeasuringLink, body: Any, *, client: str = PC, **headers: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    address = reverse("tickets:measure-keep", args=[link.code])
    return Client(REMOTE_ADDR=client).post(address, raw, content_type="application/json", headers=headers)


def open_page(link: MeasuringLink, *, client: str = PC, **headers: Any) -> Any:
    return Client(REMOTE_ADDR=client).get(link.get_absolute_url(), headers=headers)
