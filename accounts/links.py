"""Addresses: for mails and documents from PUBLIC_BASE_URL only, never from a request's Host header; and which of those
that a browser brings are ours."""

import posixpath
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def public_link(path: str) -> str:
    """The full address of a path as `reverse()` gives it (it already begins with BASE_PATH)."""
    return urljoin(settings.PUBLIC_BASE_URL, path)


def is_own_address(url: str, request: HttpRequest) -> bool:
    """Whether a browser that is sent there stays on this host and below BASE_PATH: neighbours on it are not ours."""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return False
    path = unquote(urlsplit(url).path)  # browsers take "%2e%2e" for ".."
    return "\\" not in path and f"{posixpath.normpath(path)}/".startswith(f"/{settings.BASE_PATH}")
