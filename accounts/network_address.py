"""Where a request came from: the one place that decides it, by the configured number of proxies."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address as text, or None where the server does not know it (a UNIX socket without a proxy).

    Each trusted proxy adds one entry at the right of X-Forwarded-For. What stands further left was sent by the client
    and counts for nothing; with TRUSTED_PROXIES=0 the whole header counts for nothing.
    """
    hops = [request.META.get("REMOTE_ADDR") or ""]
    if settings.TRUSTED_PROXIES:
        hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), *hops]
    for hop in hops[-(settings.TRUSTED_PROXIES + 1) :]:
        if address := _canonical(hop.strip()):
            return address
    return None


def _canonical(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address.scope_id:
            return None
    return str(address)
