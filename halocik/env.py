"""Reads settings from the environment; a bad value stops the start with a sentence."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_SECRET = re.compile(r"://[^/@]*@")


def read(name: str, convert: Callable[[str], T], default: T, expects: str) -> T:
    """The environment variable `name`, converted; `default` where it is unset or empty.

    Raises ImproperlyConfigured with a sentence that names the variable and what it expects, never a password in it.
    """
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return convert(raw)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} must be {expects}; it is {_SECRET.sub('://…@', raw)!r}.") from error


def text(name: str, default: str = "") -> str:
    return read(name, str, default, "text")


def flag(name: str, default: bool = False) -> bool:
    def convert(raw: str) -> bool:
        if raw.lower() in _TRUE | _FALSE:
            return raw.lower() in _TRUE
        raise ValueError

    return read(name, convert, default, "1 or 0")


def number(name: str, default: int, most: int | None = None) -> int:
    def convert(raw: str) -> int:
        value = int(raw)
        if value < 0 or (most is not None and value > most):
            raise ValueError
        return value

    return read(name, convert, default, f"a whole number, 0 {'or more' if most is None else f'to {most}'}")


def choice(name: str, known: list[str]) -> str:
    """One of the known words, in any case; the first is the default."""

    def convert(raw: str) -> str:
        return known[known.index(raw.upper())]

    return read(name, convert, known[0], f"one of {', '.join(known)}")


def words(name: str, default: list[str] | None = None) -> list[str]:
    def convert(raw: str) -> list[str]:
        return [word.strip() for word in raw.split(",") if word.strip()]

    return read(name, convert, default or [], "words separated by commas")


def url_path(name: str, default: str) -> str:
    """A sub-path of the host without a slash before and one behind, `halocik/`; "/" means none and gives ""."""

    def convert(raw: str) -> str:
        path = raw.strip("/")
        if not re.fullmatch(r"([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?", path):
            raise ValueError
        return f"{path}/" if path else ""

    return read(name, convert, convert(default), "a path such as halocik/ (letters, digits, - and _; / for none)")


def web_address(name: str, default: str) -> str:
    """An http(s) address, always with a slash at its end."""

    def convert(raw: str) -> str:
        url = urlsplit(raw)
        if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
            raise ValueError
        return raw.rstrip("/") + "/"

    return read(name, convert, convert(default), "a web address such as https://helpdesk.example/halocik/")


def mailbox(name: str, default: str) -> str:
    """A sender as mails show it, `HaloCIK <halocik@example>`, or the address alone."""

    def convert(raw: str) -> str:
        _name, address = parseaddr(raw)
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address) or not raw.isprintable():
            raise ValueError
        return raw

    return read(name, convert, default, "a mail address such as HaloCIK <halocik@helpdesk.example>")


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def mail_server() -> MailServer:
    """The EMAIL_* variables. Raises ImproperlyConfigured where they do not go together."""
    server = MailServer(
        host=text("EMAIL_HOST"),
        port=number("EMAIL_PORT", 25),
        user=text("EMAIL_HOST_USER"),
        password=text("EMAIL_HOST_PASSWORD"),
        tls=flag("EMAIL_USE_TLS"),
        ssl=flag("EMAIL_USE_SSL"),
    )
    if server.tls and server.ssl:
        raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other: set one of them.")
    if server.port not in range(1, 65_536):
        raise ImproperlyConfigured(f"EMAIL_PORT must be between 1 and 65535; it is {server.port}.")
    if bool(server.user) != bool(server.password):
        raise ImproperlyConfigured("EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together: set both, or neither.")
    if re.search(r"[\s/@]", server.host):
        raise ImproperlyConfigured(f"EMAIL_HOST must be a host name such as mail.example; it is {server.host!r}.")
    return server


def redis(name: str, default: str) -> str:
    def convert(raw: str) -> str:
        url = urlsplit(raw)
        located = url.path.strip("/") if url.scheme == "unix" else url.hostname
        if url.scheme not in {"redis", "rediss", "unix"} or not located:
            raise ValueError
        return raw

    return read(name, convert, default, "a Redis address such as redis://127.0.0.1:6379/0 or unix:///folder/redis.sock")


def database(name: str, default: str) -> dict[str, Any]:
    """A PostgreSQL address, `postgres://user:password@host:port/name?host=/socket/folder`, as Django takes it."""

    def convert(raw: str) -> dict[str, Any]:
        url = urlsplit(raw)
        if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
            raise ValueError
        query = parse_qs(url.query)
        return {
            "ENGINE": "halocik.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.get("host", [unquote(url.hostname or "")])[0],
            "PORT": query.get("port", [str(url.port or "")])[0],
        }

    return read(name, convert, convert(default), "a PostgreSQL address such as postgres://user:password@host:5432/name")
