"""The calendar's pages as a browser sends and reads them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User


class Fields(HTMLParser):
    """The values that a browser would send back: hidden, text, number and date inputs, ticked boxes, selects."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and "name" in values:
            if values.get("type") != "checkbox":
                self.values[values["name"]] = values.get("value", "")
            elif "checked" in values:
                self.values[values["name"]] = values.get("value", "on")
        if tag == "select":
            self._select = values.get("name", "")
        if tag == "option" and self._select and ("selected" in values or self._select not in self.values):
            self.values[self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def fields_of(response: Any) -> dict[str, str]:
    parser = Fields()
    parser.feed(response.content.decode())
    for name in ("csrfmiddlewaretoken", "q"):
        parser.values.pop(name, None)
    return parser.values


def client(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def get(user: User, name: str = "calendar", /, **query: Any) -> Any:
    return client(user).get(reverse(f"worktime:{name}"), query)


def post(user: User, name: str, fields: dict[str, str], /, **changes: str) -> Any:
    return client(user).post(reverse(f"worktime:{name}"), fields | changes)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())
