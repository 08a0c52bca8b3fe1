"""From figures to verdicts: each check of a browser test as a line that a test's result keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final, TypedDict

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from tickets.measuring.figures import TRIPS, Figures

ADDRESS: Final = "ukur-alamat"
ANSWERS: Final = "ukur-jawaban"
TRIP: Final = "ukur-waktu"
DOWNLOAD: Final = "ukur-unduh"
UPLOAD: Final = "ukur-unggah"
TARGET: Final = "ukur-sasaran-"

#: What an office can work with. Only lost answers, beside a wrong address, keep a PC from passing.
MOST_LOST: Final = TRIPS // 10
SLOWEST_TRIP: Final = 250.0  # milliseconds, the median
MOST_JITTER: Final = 100.0
SLOWEST_DOWNLOAD: Final = 2.0  # Mbps
SLOWEST_UPLOAD: Final = 1.0

NAMES: Final = {
    ADDRESS: gettext_noop("Alamat yang terlihat oleh server"),
    ANSWERS: gettext_noop("Server menjawab terus"),
    TRIP: gettext_noop("Waktu bolak-balik ke server"),
    DOWNLOAD: gettext_noop("Kecepatan unduh dari server"),
    UPLOAD: gettext_noop("Kecepatan unggah ke server"),
}


class Line(TypedDict):
    """As the lines of the technician's checklist, and with the figures that it rests on."""

    code: str
    name: str
    name_en: str
    required: bool
    outcome: str
    figures: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The planned address, and whether the server sees its subnet without anything in between."""

    address: str
    seen_directly: bool


@dataclass(frozen=True)
class Target:
    """A site whose reachability is looked at."""

    number: int
    name: str
    name_en: str
    url: str
    required: bool


def lines_of(figures: Figures, *, seen: str | None, plan: Plan | None, targets: Iterable[Target]) -> list[Line]:
    return [
        address(seen, plan),
        *_of_the_way(figures),
        *(_of_target(target, figures.reached.get(target.number)) for target in targets),
    ]


def address(seen: str | None, plan: Plan | None) -> Line:
    """Behind a router that lends its own address a PC cannot be told by it: then it is looked at, not judged."""
    judged = plan is not None and plan.seen_directly
    same = bool(seen and plan and ip_address(seen) == ip_address(plan.address))
    outcome = "ok" if same else "failed" if judged else "skipped"
    facts = {"seen": seen or "", "planned": plan.address if plan else "", "judged": judged}
    return _line(ADDRESS, outcome, required=judged, **facts)


def is_passed(lines: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nothing that is required failed."""
    return not any(line["required"] and line["outcome"] != "ok" for line in lines)


def suggestions(lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the technician's own lines that a browser can answer get from it: `CheckItem.Measured` → outcome."""
    found: dict[str, str] = {}
    targets = []
    for line in lines:
        if line["code"] == ADDRESS and line["outcome"] != "skipped":
            found["address"] = line["outcome"]
        if line["code"].startswith(TARGET) and line["outcome"] != "skipped":
            targets.append(line)
    if targets:
        reached = any(line["outcome"] == "ok" for line in targets)
        found["targets"] = "ok" if reached and is_passed(targets) else "failed"
        if reached:
            found["names"] = "ok"
    return found


def _of_the_way(figures: Figures) -> Iterator[Line]:
    answered = len(figures.answered)
    enough = answered >= TRIPS - MOST_LOST
    yield _line(ANSWERS, "ok" if enough else "failed", required=True, answered=answered, asked=TRIPS)
    if answered:
        quick = figures.median <= SLOWEST_TRIP and figures.jitter <= MOST_JITTER
        yield _line(TRIP, "ok" if quick else "failed", median=figures.median, jitter=figures.jitter)
    rates = ((DOWNLOAD, figures.download, SLOWEST_DOWNLOAD), (UPLOAD, figures.upload, SLOWEST_UPLOAD))
    for code, transfer, slowest in rates:
        fast = transfer is not None and transfer.mbps >= slowest
        yield _line(code, "ok" if fast else "failed", mbps=transfer.mbps if transfer else 0.0)


def _of_target(target: Target, reached: bool | None) -> Line:
    outcome = "skipped" if reached is None else "ok" if reached else "failed"
    names = (target.name, target.name_en)
    return _made(f"{TARGET}{target.number}", names, outcome, required=target.required, figures={"url": target.url})


def _line(code: str, outcome: str, *, required: bool = False, **figures: Any) -> Line:
    return _made(code, _in_both_languages(NAMES[code]), outcome, required=required, figures=figures)


def _made(code: str, names: tuple[str, str], outcome: str, *, required: bool, figures: dict[str, Any]) -> Line:
    name, name_en = names
    return {
        "code": code, "name": name, "name_en": name_en, "required": required, "outcome": outcome, "figures": figures,
    }  # fmt: skip


def _in_both_languages(text: str) -> tuple[str, str]:
    words = []
    for language in ("id", "en"):
        with translation.override(language):
            words.append(gettext(text))
    return words[0], words[1]
