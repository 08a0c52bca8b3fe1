"""Where browsers wait between tests: a new context costs a second of processor time, one that is swept hardly any."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Page


class Lobby:
    """Contexts by their options. Each keeps one page open on an answer without scripts, so that its process, and the
    style sheets that it has read, stay."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}

    def call(self, server: str, options: dict[str, Any]) -> BrowserContext:
        """A context that nobody has used, or that nothing is left in."""
        idle = self._idle.get(_key(options), [])
        if idle:
            return idle.pop()
        context = self._browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.new_page().goto(server + reverse("healthz"))
        return context

    def send_back(self, context: BrowserContext, options: dict[str, Any]) -> None:
        waiting, *used = context.pages
        for page in used:
            page.close()
        if _swept(context, waiting):
            self._idle.setdefault(_key(options), []).append(context)
        else:
            context.close()


def _key(options: dict[str, Any]) -> str:
    return repr(sorted(options.items()))


def _swept(context: BrowserContext, waiting: Page) -> bool:
    """False when something stays that cannot be taken back: a clock that a test has set."""
    try:
        context.clear_cookies()
        context.clear_permissions()
        context.unroute_all()
        context.set_offline(False)
        return not waiting.evaluate("localStorage.clear(), '__pwClock' in globalThis")
    except Error:
        return False
