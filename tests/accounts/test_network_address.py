import pytest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.network_address import client_address


def address(remote: str, forwarded: str | None = None) -> str | None:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


def test_without_a_proxy_the_header_counts_for_nothing(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address("10.0.0.9", "1.2.3.4") == "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "10.17.0.5", "10.17.0.5"),
        (1, "6.6.6.6, 10.17.0.5", "10.17.0.5"),  # the client wrote the first one itself
        (2, "6.6.6.6, 10.17.0.5, 10.0.0.1", "10.17.0.5"),
        (2, "10.17.0.5", "10.17.0.5"),  # one proxy was passed by
        (1, "", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, " 10.17.0.5 ", "10.17.0.5"),
        (1, "::ffff:10.17.0.5", "10.17.0.5"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "127.0.0.1"),
        (1, "10.17.0.5:4711", "127.0.0.1"),
    ],
)
def test_behind_proxies_the_entry_of_the_outermost_counts(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address("127.0.0.1", forwarded) == expected


def test_a_unix_socket_has_no_address(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address("") is None
