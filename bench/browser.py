"""A browser in the least number of lines: one kept connection, cookies, and the forms of a page."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

KEPT: Final = 2  # seconds; the server closes an idle connection after some more
_NO_VALUE: Final = {"submit", "button", "image", "reset", "file"}


@dataclass
class Answer:
    status: int
    text: str
    milliseconds: float
    location: str


@dataclass
class Form:
    """A form of a page: where it goes, and its controls as they stand."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.used_at = 0.0

    def get(self, path: str, *, expect: int = 200) -> Answer:
        return self._ask("GET", path, None, expect)

    def post(self, path: str, fields: dict[str, str], *, expect: int = 302) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), expect)

    def log_in(self, path: str, username: str, password: str) -> None:
        form = next(form for form in forms_of(self.get(path).text) if "password" in form.fields)
        name = "login" if "login" in form.fields else "username"
        self.post(urljoin(path, form.action or path), form.fields | {name: username, "password": password})

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, expect: int) -> Answer:
        """The answer, timed from the first byte sent to the last one read; anything but `expect` is an error."""
        if time.monotonic() - self.used_at > KEPT:
            self.connection.close()
        if self.connection.sock is None:
            self.connection.connect()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        read = response.read()
        taken = (time.perf_counter() - started) * 1000
        self.used_at = time.monotonic()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status != expect:
            raise AssertionError(f"{method} {path} answered {response.status}, not {expect}: {read[:2000]!r}")
        return Answer(response.status, read.decode(), taken, urlsplit(response.headers.get("Location", "")).path)


def forms_of(html: str) -> list[Form]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def form_to(html: str, end: str) -> Form:
    """The page's form whose address ends so."""
    for form in forms_of(html):
        if form.action.endswith(end):
            return form
    raise AssertionError(f"no form to …{end} among {[form.action for form in forms_of(html)]}")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
            return
        name, fields = given.get("name", ""), self.forms[-1].fields if self.forms else {}
        if tag == "input" and name and given.get("type") not in _NO_VALUE:
            is_picked = given.get("type") in ("checkbox", "radio")
            if not is_picked or "checked" in given:
                fields[name] = given.get("value", "on" if is_picked else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
