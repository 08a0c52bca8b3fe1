"""WCAG 2.2 AA on every page, in either theme, and no sideways scrolling on a phone 360 px wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.e2e.axe import Axe
from tests.e2e.conftest import Arrive
from tests.e2e.people import too_wide
from tests.e2e.tours import GUESTS, PHONE, Tour, furnish
from tests.tickets.factories import Office

pytestmark = pytest.mark.e2e

RULES: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},  # 24 px; axe has it switched off
}
# At the top, and with what keeps to the window's lower edge in its place: it hides no target that could not be scrolled
# away from it.
UNPIN = """() => {
    scrollTo(0, 0);
    for (const pinned of document.querySelectorAll(".tabbar, .form-actions")) pinned.style.position = "static";
}"""
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# Everything folded is folded out; a menu lies over the page and is looked at by itself.
UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach(fold => { fold.open = true })"


@pytest.mark.parametrize(("tour", "guest"), GUESTS, ids=[tour.__name__ for tour, _ in GUESTS])
def test_every_page_can_be_used_by_everybody(tour: Tour, guest: str, office: Office, arrive: Arrive) -> None:
    world = furnish(office)
    person = arrive(getattr(office, guest) if guest else None, reduced_motion="reduce")
    axe = Axe()
    found = [f"{place}: {flaw}" for place in tour(person, world) for flaw in flaws(person.page, axe)]
    assert not found, "\n".join(found)


def test_what_is_wrong_would_be_found(office: Office, arrive: Arrive) -> None:
    """Each kind of fault, put into a page on purpose, which before was passed and stays in axe's memory."""
    rini, axe = arrive(office.requester), Axe()
    rini.open("dashboard:home")
    page = rini.page
    assert list(flaws(page, axe)) == []
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
            '<img src="data:,"><p id="pale">pucat</p><button id="one">a</button><button id="two">b</button>');
        for (const [name, value] of [["color", "#999"], ["background", "#888"]])
            document.getElementById("pale").style[name] = value;
        for (const small of document.querySelectorAll("#one, #two"))
            Object.assign(small.style, {width: "10px", height: "10px", padding: 0, border: 0, fontSize: "8px"});
        document.querySelector("main").style.minWidth = "500px";"""
    )
    found = "\n".join(flaws(page, axe))
    for flaw in ("image-alt", "color-contrast", "target-size", "sideways"):
        assert flaw in found


def flaws(page: Page, axe: Axe) -> Iterator[str]:
    """All rules in the light look; contrast and size in the dark one and the other width. Back at a desk afterwards.

    A tour that comes to a page on a phone has the two widths change places.
    """
    page.evaluate(UNFOLD)
    for theme, options in (("light", RULES), ("dark", {"runOnly": ["color-contrast", "target-size"]})):
        put_on(page, theme)
        if page.viewport_size == PHONE:
            page.evaluate(UNPIN)
            if too_wide(page):
                yield f"360 px, sideways scrolling because of {widest(page)}"
        yield from (f"{theme}, {flaw}" for flaw in axe.violations(page, options))
        page.set_viewport_size(DESKTOP if page.viewport_size == PHONE else PHONE)
    if page.viewport_size != DESKTOP:
        page.set_viewport_size(DESKTOP)


def put_on(page: Page, theme: str) -> None:
    """At once: where transitions are only made short, each level of inheritance starts its own, frame after frame."""
    page.evaluate(
        """theme => {
            if (!window.still) {
                window.still = new CSSStyleSheet();
                still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
                document.adoptedStyleSheets.push(still);
            }
            document.documentElement.dataset.bsTheme = theme;
        }""",
        theme,
    )


def widest(page: Page) -> str:
    """The elements that reach out of the window, innermost first."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(element =>
            element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length)
            .slice(-3).reverse().map(element => element.outerHTML.slice(0, 120))"""
    )
    return " | ".join(found)
