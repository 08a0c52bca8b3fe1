"""Where browsers wait between tests: a new context costs a second of processor time, one that is swept hardly any."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Page


class Lobby:
    """Contexts by their options, those whose clock a test has taken over apart. Each keeps one page open on an answer
    without scripts, so that its process, and the style sheets that it has read, stay."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}

    def call(self, server: str, options: dict[str, Any], *, clock: bool = False) -> BrowserContext:
        """A context that nobody has used, or that nothing is left in; with a clock that shows the time and is the
        test's to move, if so wished."""
        idle = self._idle.get(_key(options, clock), [])
        context = idle.pop() if idle else self._new(server, options)
        if clock:
            context.clock.install()
        return context

    def _new(self, server: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.new_page().goto(server + reverse("healthz"))
        return context

    def send_back(self, context: BrowserContext, options: dict[str, Any]) -> None:
        waiting, *used = context.pages
        for page in used:
            page.close()
        try:
            clock = _sweep(context, waiting)
        except Error:
            context.close()
        else:
            self._idle.setdefault(_key(options, clock), []).append(context)


def _key(options: dict[str, Any], clock: bool) -> str:
    return repr((sorted(options.items()), clock))


def _sweep(context: BrowserContext, waiting: Page) -> bool:
    """Says whether a clock of a test's is left, which cannot be taken back, only be set again."""
    context.clear_cookies()
    context.clear_permissions()
    context.unroute_all()
    context.set_offline(False)
    return bool(waiting.evaluate("localStorage.clear(), '__pwClock' in globalThis"))
