"""Addresses: for mails and documents from PUBLIC_BASE_URL only, never from a request's Host header; which of those that
a browser brings are ours; and those that a page is full of."""

import posixpath
from functools import cached_property
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class Address:
    """`reverse` for pages that list many of a kind: asked once, for examples, in whose places values stand afterwards.

    Values are numbers, or texts that need no escaping and that the address's converters are known to take.
    """

    def __init__(self, name: str, *examples: str | int) -> None:
        self.name, self.examples = name, examples

    @cached_property
    def _pattern(self) -> str:
        pattern = reverse(self.name, args=self.examples).replace("%", "%%")
        for example in map(str, self.examples):
            assert pattern.count(example) == 1, f"{example} must stand in {pattern} once"
            pattern = pattern.replace(example, "%s")
        return pattern

    def __call__(self, *values: str | int) -> str:
        return self._pattern % values


def public_link(path: str) -> str:
    """The full address of a path as `reverse()` gives it (it already begins with BASE_PATH)."""
    return urljoin(settings.PUBLIC_BASE_URL, path)


def is_own_address(url: str, request: HttpRequest) -> bool:
    """Whether a browser that is sent there stays on this host and below BASE_PATH: neighbours on it are not ours."""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return False
    path = unquote(urlsplit(url).path)  # browsers take "%2e%2e" for ".."
    return "\\" not in path and f"{posixpath.normpath(path)}/".startswith(f"/{settings.BASE_PATH}")
