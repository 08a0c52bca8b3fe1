"""The ticket page's way to the browser test: link, code and QR code. Only reads."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.links import public_link
from jobs.papers import qr_code
from tickets.models import MeasuringLink, StepRun


@dataclass(frozen=True)
class Way:
    """`link` is None where there is none that is open."""

    link: MeasuringLink | None
    revocable: bool

    @property
    def typed(self) -> str:
        """The address at which the code is typed."""
        return public_link(reverse("tickets:measure-any")).partition("://")[2]

    @property
    def image(self) -> str:
        """The QR code of the whole address, for an <img>."""
        assert self.link is not None
        drawing = qr_code(public_link(self.link.get_absolute_url()))
        return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def way_of(run: StepRun, at: datetime) -> Way:
    link = MeasuringLink.objects.filter(run=run, revoked_at=None).first()
    return Way(link if link and link.is_open(at) else None, link is not None)
