"""axe, with a memory for the text that it has passed: most of a page's stands as it did on the page before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Contrast is two thirds of axe's time. Its verdict rests on the text's colour and size, on every background down to the
# first that covers the rest, and on what is see-through. Only what has passed on just these is not judged again, and
# nothing that lies over an image or floats over what is not its own ancestor.
REMEMBERING = """passed => {
    const check = axe._audit.checks["color-contrast"], judge = check.evaluate, known = new Set(passed);
    window.newlyPassed = [];
    function standing(element) {
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        let told = [color, fontSize, fontWeight, textShadow].join(" "), covered = false;
        for (let at = element; at; at = at.parentElement) {
            const { backgroundColor, backgroundImage, opacity, mixBlendMode, position } = getComputedStyle(at);
            if (opacity !== "1" || mixBlendMode !== "normal") told += ` ${opacity} ${mixBlendMode}`;
            if (covered) continue;
            if (backgroundImage !== "none") return null;
            if (backgroundColor !== "rgba(0, 0, 0, 0)") told += ` ${backgroundColor}`;
            covered = backgroundColor.startsWith("rgb(");
            if (!covered && !["static", "relative"].includes(position)) return null;
        }
        return told;
    }
    check.evaluate = function (element, ...more) {
        const told = standing(element);
        if (known.has(told)) {
            this.data({});
            return true;
        }
        const verdict = judge.call(this, element, ...more);
        if (verdict === true && told) {
            known.add(told);
            newlyPassed.push(told);
        }
        return verdict;
    };
}"""
# Nothing is fetched once more for it: the pages hold no media.
RUN = """async options => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, ...options });
    return [violations, newlyPassed.splice(0)];
}"""


class Axe:
    """For the pages of one tour."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    def violations(self, page: Page, options: dict[str, Any]) -> Iterator[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
            page.evaluate(REMEMBERING, self.passed)
        violations, passed = page.evaluate(RUN, options)
        self.passed += passed
        for violation in violations:
            for node in violation["nodes"][:4]:
                yield f"{violation['id']}: {' '.join(map(str, node['target']))} · {_why(node)}"


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])[:300]
