"""What follows from a browser's figures: pure, without a ticket."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tests.tickets.measuring import read
from tickets import measuring
from tickets.measuring import FiguresError, Plan, Target

PLAN = Plan("10.17.0.23", seen_directly=True)
SITE = Target(3, "Situs BPS", "BPS website", "https://www.bps.go.id/", required=True)
EXTRA = Target(4, "Portal", "Portal", "https://portal.example/", required=False)


def outcomes(*, seen: str | None = "10.17.0.23", plan: Plan | None = PLAN, **changes: Any) -> dict[str, str]:
    lines = measuring.lines_of(read(**changes), seen=seen, plan=plan, targets=[SITE, EXTRA])
    return {line["code"].removeprefix("ukur-"): line["outcome"] for line in lines}


def passed(*, seen: str | None = "10.17.0.23", plan: Plan | None = PLAN, **changes: Any) -> bool:
    sent: dict[str, Any] = {"reached": {"3": True}, **changes}
    return measuring.is_passed(measuring.lines_of(read(**sent), seen=seen, plan=plan, targets=[SITE, EXTRA]))


# Codes


@pytest.mark.parametrize("link", [1, 29, 30, 31, 2**40])
def test_a_code_leads_to_its_link_however_it_is_typed(link: int) -> None:
    code = measuring.code_of(link)
    assert measuring.key_in(code) == link
    assert measuring.written(f" {code.upper().replace('-', ' ')} ") == code


@pytest.mark.parametrize("spoil", [lambda code: code[:-1] + ("2" if code[-1] != "2" else "3"), lambda code: f"3{code}"])
def test_a_code_that_was_changed_is_nobodys(spoil: Any) -> None:
    assert measuring.key_in(spoil(measuring.code_of(7))) is None


@pytest.mark.parametrize("code", ["", "-", "7", "2-2222-2222-2222", "é-2222-2222-2222", "2" * 400, "l-0000-1111-iooo"])
def test_what_is_no_code_leads_nowhere(code: str) -> None:
    assert measuring.key_in(code) is None
    assert measuring.key_in(measuring.written(code)) is None


def test_another_secret_makes_other_codes(settings: Any) -> None:
    code = measuring.code_of(7)
    settings.SECRET_KEY = "another"
    assert measuring.key_in(code) is None


# Figures


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "x"}, {"key": 7}, {"key": None}, {"more": 1}, {"trips": [1] * 29}, {"trips": [1] * 31}, {"trips": 30},
        {"trips": [-1] + [1] * 29}, {"trips": [2001] + [1] * 29}, {"trips": ["1"] * 30}, {"trips": [True] * 30},
        {"trips": [10**17] * 30}, {"download": {}}, {"download": 1}, {"download": {"bytes": 2.5e5, "ms": 1}},
        {"download": {"bytes": 10**9, "ms": 1}}, {"upload": {"bytes": -1, "ms": 1}},
        {"upload": {"bytes": measuring.MOST_BYTES, "ms": 0.1}}, {"upload": {"bytes": measuring.PIECE, "ms": 0}},
        {"upload": {"bytes": measuring.PIECE, "ms": 1, "mbps": 9}}, {"reached": []}, {"reached": {"x": True}},
        {"reached": {"1": "ja"}}, {"reached": {"1": 1}}, {"reached": {str(n): True for n in range(21)}},
        {"reached": {"²": True}},
    ],
    ids=str,
)  # fmt: skip
def test_figures_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(FiguresError):
        read(**changes)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{}", b'{"trips": NaN}', b" " * 20_000])
def test_what_is_no_figures_at_all_is_refused(raw: bytes) -> None:
    with pytest.raises(FiguresError):
        measuring.Figures.read(raw)


def test_median_jitter_and_rate_are_reckoned_here() -> None:
    figures = read(trips=[1, 3, 2, None] + [2] * 26, download={"bytes": measuring.PIECE, "ms": 20.9715})
    assert (figures.median, figures.jitter, len(figures.answered)) == (2.0, 0.1, 29)
    assert figures.download is not None and figures.download.mbps == 100.0


# Verdicts


def test_a_sound_pc_passes() -> None:
    assert set(outcomes(reached={"3": True, "4": True}).values()) == {"ok"}
    assert passed()


def test_another_address_fails_where_the_server_would_see_the_planned_one() -> None:
    assert outcomes(seen="10.17.0.99")["alamat"] == "failed"
    assert not passed(seen="10.17.0.99")
    assert not passed(seen=None)


@pytest.mark.parametrize("plan", [Plan("10.17.0.23", seen_directly=False), None])
def test_behind_a_router_the_address_is_information(plan: Plan | None) -> None:
    assert outcomes(seen="203.0.113.7", plan=plan)["alamat"] == "skipped"
    assert passed(seen="203.0.113.7", plan=plan)


def test_an_ipv6_address_is_compared_as_an_address() -> None:
    assert outcomes(seen="fd00::23", plan=Plan("fd00:0:0::0023", seen_directly=True))["alamat"] == "ok"


@pytest.mark.parametrize(("lost", "outcome"), [(3, "ok"), (4, "failed"), (30, "failed")])
def test_more_than_one_lost_answer_in_ten_fails(lost: int, outcome: str) -> None:
    trips = [None] * lost + [2.0] * (30 - lost)
    assert outcomes(trips=trips)["jawaban"] == outcome
    assert passed(trips=trips) == (outcome == "ok")


def test_slow_is_said_and_keeps_nobody_from_passing() -> None:
    slow: dict[str, Any] = {"trips": [300] * 30, "download": {"bytes": measuring.PIECE, "ms": 3000}, "upload": None}
    found = outcomes(**slow)
    assert [found[code] for code in ("waktu", "unduh", "unggah")] == ["failed"] * 3
    assert passed(**slow)


def test_a_required_site_has_to_be_reached_and_an_extra_one_has_not() -> None:
    assert not passed(reached={"3": False, "4": True})
    assert passed(reached={"3": True, "4": False})
    assert not passed(reached={})


@pytest.mark.parametrize(
    ("reached", "seen", "expected"),
    [
        ({"3": True, "4": False}, "10.17.0.23", {"address": "ok", "targets": "ok", "names": "ok"}),
        ({"3": False, "4": True}, "10.17.0.9", {"address": "failed", "targets": "failed", "names": "ok"}),
        ({"3": False, "4": False}, "10.17.0.23", {"address": "ok", "targets": "failed"}),
        ({}, "10.17.0.23", {"address": "ok"}),
    ],
)
def test_the_technicians_lines_are_filled_in_from_it(reached: Any, seen: str, expected: dict[str, str]) -> None:
    lines = measuring.lines_of(read(reached=reached), seen=seen, plan=PLAN, targets=[SITE, EXTRA])
    assert measuring.suggestions(lines) == expected


# Words


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_failure_comes_with_something_to_try(language: str) -> None:
    worst = read(trips=[2000] * 20 + [None] * 10, download=None, upload=None, reached={"3": False, "4": False})
    lines = measuring.lines_of(worst, seen="10.17.0.99", plan=PLAN, targets=[SITE, EXTRA])
    with translation.override(language):
        told = measuring.told(lines)
    assert len(told) == 7
    assert all(line.advice and line.found for line in told)
    assert [line.name for line in told][-2] == ("BPS website" if language == "en" else "Situs BPS")
    assert ("Alamat" in told[0].name) == (language == "id")


def test_the_technicians_own_lines_are_not_among_the_measured() -> None:
    assert measuring.told([{"code": "gateway", "name": "x", "name_en": "x", "required": True, "outcome": "ok"}]) == []
