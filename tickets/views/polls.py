"""How the polls of open pages are answered: with nothing, or with what has changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tickets.forms.polls import PollForm
from tickets.polls import Glance, is_current


def renewed(request: HttpRequest, seen: Glance, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """A page whose open copies renew themselves: drawn, or for a poll (`?v=`) `answered`."""
    if claim := PollForm(request.GET).claim:
        return answered(request, seen, current=is_current(claim, seen), draw=draw)
    return draw()


def answered(request: HttpRequest, seen: Glance, *, current: bool, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """204 where page and bell are still as they were; else the page's region, the bell, or both.

    X-Now, the database's clock in seconds, keeps the countdowns right on a PC whose own clock is not.
    """
    held = PollForm(request.GET).bell
    rings = bool(held) and held != seen.bell.version
    response = HttpResponse(status=200 if rings else 204) if current else draw()
    if rings:
        response.write(render_to_string("tickets/notices/bell.html", {"bell": seen.bell}, request))
    response.headers["X-Now"] = str(int(seen.now.timestamp()))
    return response
