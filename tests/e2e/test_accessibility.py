"""WCAG 2.2 AA on every page, in either theme, and no sideways scrolling on a phone 360 px wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import Arrive
from tests.e2e.people import too_wide
from tests.e2e.tours import TOURS, Tour, furnish, guest_of
from tests.tickets.factories import Office

pytestmark = pytest.mark.e2e

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},  # 24 px; axe has it switched off
    "resultTypes": ["violations"],
}
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
# Everything folded is folded out; a menu lies over the page and is looked at by itself.
UNFOLD = "document.querySelectorAll('details:not(.menu)').forEach(fold => { fold.open = true })"


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.__name__)
def test_every_page_can_be_used_by_everybody(tour: Tour, office: Office, arrive: Arrive) -> None:
    world = furnish(office)
    person = arrive(guest_of(tour, office), reduced_motion="reduce")
    found = [f"{place}: {flaw}" for place in tour(person, world) for flaw in flaws(person.page)]
    assert not found, "\n".join(found)


def test_what_is_wrong_would_be_found(office: Office, arrive: Arrive) -> None:
    """Each kind of fault, put into a page on purpose."""
    page = arrive().page
    arrived = arrive(office.requester)
    page = arrived.page
    arrived.open("dashboard:home")
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
            '<img src="data:,"><p id="pale">pucat</p><button id="one">a</button><button id="two">b</button>');
        for (const [name, value] of [["color", "#999"], ["background", "#888"]])
            document.getElementById("pale").style[name] = value;
        for (const small of document.querySelectorAll("#one, #two"))
            Object.assign(small.style, {width: "10px", height: "10px", padding: 0, border: 0, fontSize: "8px"});
        document.querySelector("main").style.minWidth = "500px";"""
    )
    found = "\n".join(flaws(page))
    for flaw in ("image-alt", "color-contrast", "target-size", "sideways"):
        assert flaw in found


def flaws(page: Page) -> Iterator[str]:
    page.evaluate(UNFOLD)
    theme = page.evaluate("document.documentElement.dataset.bsTheme")
    for shown in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", shown)
        for flaw in violations(page):
            yield f"{shown}, {flaw}"
    page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if too_wide(page):
        yield f"360 px, sideways scrolling because of {widest(page)}"
    for flaw in violations(page, rules=["target-size", "color-contrast"]):
        yield f"360 px, {flaw}"
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def violations(page: Page, rules: list[str] | None = None) -> Iterator[str]:
    options: dict[str, Any] = RULES if rules is None else {"runOnly": rules, "resultTypes": ["violations"]}
    for violation in Axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"][:4]:
            yield f"{violation['id']}: {' '.join(map(str, node['target']))} · {_why(node)}"


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])[:300]


def widest(page: Page) -> str:
    """The elements that reach out of the window, innermost first."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("body *")].filter(element =>
            element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length)
            .slice(-3).reverse().map(element => element.outerHTML.slice(0, 120))"""
    )
    return " | ".join(found)
