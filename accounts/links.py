"""Addresses for mails and documents: from PUBLIC_BASE_URL only, never from a request's Host header."""

from urllib.parse import urljoin

from django.conf import settings


def public_link(path: str) -> str:
    """The full address of a path as `reverse()` gives it (it already begins with BASE_PATH)."""
    return urljoin(settings.PUBLIC_BASE_URL, path)
