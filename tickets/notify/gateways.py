"""Chat services, by the library apprise. An address is a secret; what a service answers is never logged."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tickets.notify.lanes import Later, Refused, Unreachable

if TYPE_CHECKING:
    import apprise

# The library takes a second to load, which only the worker and a test message have to wait for.

#: Seconds for which a service may keep a worker waiting: to connect, and for its answer.
PATIENCE: Final = (3, 5)
_ADDRESS: Final = re.compile(r"[a-z0-9]+://[^\s?#]+", re.IGNORECASE | re.ASCII)


@cache
def _asset() -> apprise.AppriseAsset:
    import apprise

    return apprise.AppriseAsset(
        app_id="HaloCIK",
        app_desc="HaloCIK",
        app_url=settings.PUBLIC_BASE_URL,
        storage_mode="memory",
        allow_templates=False,
    )


def is_allowed(url: str) -> bool:
    return url.partition("://")[0].lower() in settings.NOTIFY_SERVICES


def check(url: str) -> None:
    """Raises ValidationError unless `url` is an address of a service that the admin allows.

    Options (`?…`) are refused: they would let the sender of a test choose time limits and files of this server.
    """
    if not _ADDRESS.fullmatch(url):
        raise ValidationError(_("Tulis alamat seperti tgram://token/nomor-obrolan, tanpa spasi dan tanpa tanda tanya."))
    if not is_allowed(url):
        allowed = ", ".join(f"{scheme}://" for scheme in settings.NOTIFY_SERVICES)
        raise ValidationError(_("Layanan ini tidak diizinkan. Yang diizinkan: %s") % allowed)
    if _service(url) is None:
        raise ValidationError(_("Alamat ini tidak lengkap atau salah tulis."))


def send(url: str, title: str, body: str) -> None:
    """Raises NotSent."""
    service = _service(url) if is_allowed(url) else None
    if service is None:
        raise Refused(_("Layanan ini tidak diizinkan."))
    began = time.monotonic()
    if not service.notify(title=title, body=body, body_format="text"):
        waited = time.monotonic() - began >= PATIENCE[0]
        raise Unreachable(_("Layanan tidak menjawab.")) if waited else Later(_("Layanan menolak pesan."))


def _service(url: str) -> apprise.NotifyBase | None:
    import apprise

    try:
        service = apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    except Exception:  # the library parses what people typed; whatever it raises, the address is not one
        return None
    if isinstance(service, apprise.NotifyBase):
        service.socket_connect_timeout, service.socket_read_timeout = PATIENCE
        return service
    return None


def masked(url: str) -> str:
    """As much of an address as may be shown again: the service, and the last signs."""
    scheme, _separator, rest = url.partition("://")
    return f"{scheme}://…{rest.rstrip('/')[-4:] if len(rest) >= 16 else ''}"
