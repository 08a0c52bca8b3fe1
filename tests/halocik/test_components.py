"""The small components draw what they are given, escaped, and say what colour alone cannot."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

NOW = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)
HOSTILE = '<script>alert("1")</script>'
COMPONENTS = sorted((settings.BASE_DIR / "templates/components").glob("*.html"))


@pytest.fixture(autouse=True)
def jakarta() -> Any:
    with timezone.override("Asia/Jakarta"), translation.override("id"):
        yield


def draw(name: str, **context: Any) -> str:
    request = RequestFactory().get("/?q=printer")
    request.user = AnonymousUser()
    return " ".join(render_to_string(f"components/{name}.html", context | {"request": request}).split())


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_first_what_it_takes(path: Any) -> None:
    first = path.read_text().split("\n", 1)[0]
    assert first.startswith("{#")
    assert "Context" in first or "Blocks" in first


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("badge", {"tone": "late", "word": HOSTILE}),
        ("empty", {"icon": "inbox", "title": HOSTILE, "text": HOSTILE}),
        ("notice", {"tone": "soon", "text": HOSTILE}),
        ("person", {"person": HOSTILE, "note": HOSTILE}),
        ("facts", {"facts": [{"label": HOSTILE, "value": HOSTILE}]}),
        ("files", {"files": [{"name": HOSTILE, "url": "/x", "size": 10}]}),
        ("chips", {"label": HOSTILE, "chips": [{"label": HOSTILE, "url": "?a=1", "active": True}]}),
    ],
)
def test_what_people_typed_is_escaped(name: str, context: dict[str, Any]) -> None:
    drawn = draw(name, **context)
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_badge_has_icon_word_and_tone() -> None:
    drawn = draw("badge", tone="late", icon="clock-exclamation", word="Terlambat")
    assert "tone-late" in drawn
    assert "#clock-exclamation" in drawn
    assert "Terlambat</span>" in drawn


def clock(left: int, resumes: datetime | None = None) -> Any:
    return SimpleNamespace(
        due=NOW + timedelta(seconds=left), now=NOW, left=left, soon=60, stops=None, resumes=resumes
    )  # fmt: skip


def draw_clock(clock: Any) -> str:
    return Template("{% clock clock %}").render(Context({"clock": clock}))


@pytest.mark.parametrize(
    ("left", "css", "words"),
    [(300, "is-fine", "sisa 5 menit"), (60, "is-soon", "sisa 1 menit"), (-720, "is-late", "terlambat 12 menit")],
)
def test_a_countdown_says_its_time_without_javascript(left: int, css: str, words: str) -> None:
    drawn = draw_clock(clock(left))
    assert css in drawn
    assert words in drawn
    assert f'data-left="{left}"' in drawn


def test_a_clock_that_stands_does_not_tick_and_says_when_it_goes_on() -> None:
    drawn = draw_clock(clock(300, resumes=datetime(2027, 1, 4, 0, 30, tzinfo=UTC)))
    assert "data-countdown " not in drawn
    assert "dilanjutkan" in drawn


def test_paging_keeps_the_filters_and_offers_only_what_there_is() -> None:
    drawn = draw("pagination", count_text="3 tiket", next="9")
    assert 'href="?q=printer&amp;after=9"' in drawn
    assert 'rel="prev"' not in drawn


def test_nobody_is_a_dash() -> None:
    assert "–" in draw("person", person=None)
    assert "belum ada" in draw("person", person=None, nobody="belum ada")


@pytest.mark.parametrize("template", ["403.html", "404.html", "409.html"])
def test_error_pages_speak_to_strangers_too(template: str) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    drawn = render_to_string(template, {"message": "Tiket ini sudah disetujui."}, request=request)
    assert "<h1" in drawn
    assert 'class="tabbar"' not in drawn


def test_the_conflict_page_says_the_sentence_of_the_error() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert "Lanjutkan dulu." in render_to_string("409.html", {"message": "Lanjutkan dulu."}, request=request)
