"""The tag library says times as the office says them, in both languages, and marks where one is."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from halocik.templatetags import ui

EIGHT_TWELVE = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)  # Monday 08.12 in Jakarta


@pytest.fixture(autouse=True)
def jakarta() -> Iterator[None]:
    with timezone.override("Asia/Jakarta"), translation.override("id"):
        yield


def get(address: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_silent_for_screen_readers() -> None:
    drawn = ui.icon("search")
    assert 'aria-hidden="true"' in drawn
    assert "#search" in drawn


def test_an_icon_with_a_label_says_it() -> None:
    assert "Cari &lt;tiket&gt;</span>" in ui.icon("search", "Cari <tiket>")


def test_a_thousand_icons_cost_next_to_nothing() -> None:
    template = Template('{% for i in many %}{% icon "check" %}{% endfor %}')
    started = datetime.now(UTC)
    template.render(Context({"many": range(1000)}))
    assert datetime.now(UTC) - started < timedelta(milliseconds=200)  # ten times the usual, for a busy machine


def test_every_icon_that_templates_name_is_in_the_sprite_list() -> None:
    names = {
        line.partition("#")[0].strip() for line in (settings.BASE_DIR / "static/icons.txt").read_text().split("\n")
    }
    drawn = re.compile(r"""\{% icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)"|nav_link "[^"]+" "([a-z0-9-]+)\"""")
    missing = {
        name
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        for found in drawn.findall(page.read_text())
        for name in found
        if name and name not in names
    }
    assert not missing


@pytest.mark.parametrize(
    ("language", "expected"), [("id", "Sen, 23 Nov 2026 08.12 WIB"), ("en", "Mon, 23 Nov 2026 08:12 WIB")]
)
def test_a_moment_is_full_and_names_its_zone(language: str, expected: str) -> None:
    with translation.override(language):
        assert ui.moment(EIGHT_TWELVE) == expected


@pytest.mark.parametrize(("language", "expected"), [("id", "08.12"), ("en", "08:12")])
def test_clock_time_follows_the_language(language: str, expected: str) -> None:
    with translation.override(language):
        assert ui.clocktime(EIGHT_TWELVE) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (EIGHT_TWELVE, "hari ini 08.12"),
        (EIGHT_TWELVE - timedelta(days=1), "kemarin 08.12"),
        (EIGHT_TWELVE + timedelta(days=1), "besok 08.12"),
        (EIGHT_TWELVE - timedelta(days=5), "18 Nov 08.12"),
        (EIGHT_TWELVE - timedelta(days=365), "23 Nov 2025"),
        (datetime(2026, 11, 22, 17, 30, tzinfo=UTC), "hari ini 00.30"),  # today by Jakarta's calendar, not by UTC's
    ],
)
def test_a_short_moment_is_said_as_a_colleague_would(value: datetime, expected: str) -> None:
    with time_machine.travel(EIGHT_TWELVE, tick=False):
        assert ui.shortmoment(value) == expected


def test_a_day_needs_no_time() -> None:
    assert ui.day(date(2026, 8, 17)) == "Sen, 17 Agu 2026"


@pytest.mark.parametrize(
    "filter_", [ui.clocktime, ui.day, ui.moment, ui.shortmoment, ui.span, ui.countdown, ui.iso, ui.when]
)
@pytest.mark.parametrize("nothing", [None, "", "tomorrow"])
def test_what_is_no_time_shows_as_nothing(filter_: Any, nothing: Any) -> None:
    assert filter_(nothing) == ""


def test_when_is_a_time_element_with_the_full_moment_on_it() -> None:
    with time_machine.travel(EIGHT_TWELVE, tick=False):
        drawn = draw("{% when at %}", at=EIGHT_TWELVE)
    assert drawn == (
        '<time datetime="2026-11-23T08:12:00+07:00" title="Sen, 23 Nov 2026 08.12 WIB">hari ini 08.12</time>'
    )


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "kurang dari 1 menit"),
        (59, "kurang dari 1 menit"),
        (60, "1 menit"),
        (3900, "1 jam 5 menit"),
        (7200, "2 jam"),
        (timedelta(minutes=12), "12 menit"),
        (412 * 3600 + 180, "412 jam"),
        (-300, "5 menit"),
    ],
)
def test_a_span_is_hours_and_minutes(seconds: Any, expected: str) -> None:
    assert ui.span(seconds) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (300, "sisa 5 menit"),
        (241, "sisa 5 menit"),
        (240, "sisa 4 menit"),
        (61, "sisa 2 menit"),
        (59, "sisa kurang dari 1 menit"),
        (0, "sisa kurang dari 1 menit"),
        (-1, "terlambat kurang dari 1 menit"),
        (-779, "terlambat 12 menit"),
    ],
)
def test_a_countdown_counts_begun_minutes_left_and_full_minutes_late(left: int, expected: str) -> None:
    assert ui.countdown(left) == expected


def test_the_browser_gets_the_words_of_both_grammatical_numbers() -> None:
    words = ui.countdown_words()
    assert words["left"] == "sisa %(span)s"
    assert len(words["hours"]) == len(words["minutes"]) == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Siti Rahmawati", "SR"),
        ("Nurul Hidayah, S.ST., M.Si.", "NH"),
        ("Suharto", "S"),
        ("ahmad bin 3 yusuf", "AY"),
        ("", "?"),
        ("3", "?"),
    ],
)
def test_initials_come_from_the_name_without_its_titles(name: str, expected: str) -> None:
    assert ui.initials(name) == expected


def test_query_with_changes_one_parameter_and_keeps_the_rest() -> None:
    context = {"request": get("/?q=printer&status=a&status=b&after=9")}
    assert ui.query_with(context, after=None, before="3") == "?q=printer&status=a&status=b&before=3"


def test_query_with_escapes_what_people_type() -> None:
    assert ui.query_with({"request": get("/")}, q='"><b>&') == "?q=%22%3E%3Cb%3E%26"


def test_navigation_leaves_out_pages_that_do_not_exist() -> None:
    assert ui.nav_link({"request": get()}, "nowhere:at-all", "home", "Beranda") == ""


@pytest.mark.parametrize(("below", "exact", "mark"), [("", False, "page"), ("x/", False, "true"), ("x/", True, "")])
def test_navigation_marks_the_page_and_its_section(below: str, exact: bool, mark: str) -> None:
    address = reverse("accounts:profile")
    drawn = ui.nav_link({"request": get(address + below)}, "accounts:profile", "user", "Profil", exact=exact)
    assert ('aria-current="' + mark + '"' in drawn) if mark else "aria-current" not in drawn


def test_navigation_leaves_a_page_below_to_the_link_that_leads_to_it() -> None:
    address = reverse("accounts:profile") + "x/"
    drawn = ui.nav_link({"request": get(address)}, "accounts:profile", "user", "Profil", but=address)
    assert "aria-current" not in drawn


def test_an_address_breaks_between_its_parts() -> None:
    drawn = ui.breakable("https://a.example/halo<cik>/")
    assert drawn == "https://<wbr>a<wbr>.example/<wbr>halo&lt;cik&gt;/"
    assert drawn.replace("<wbr>", "") == "https://a.example/halo&lt;cik&gt;/"


def test_addresses_within_a_text_become_links_that_break_between_their_parts() -> None:
    drawn = ui.linked("Buka <https://a.example/b?c=1&d=2>")
    assert 'href="https://a.example/b?c=1&amp;d=2"' in drawn
    assert "https://<wbr>a<wbr>.example/<wbr>b?c=1&amp;d=2</a>" in drawn
    assert drawn.startswith("Buka &lt;")


@pytest.mark.parametrize(("cookie", "expected"), [("dark", "dark"), ("light", "light"), ("x", "auto"), ("", "auto")])
def test_the_theme_of_a_stranger_is_what_the_browser_remembers(cookie: str, expected: str) -> None:
    assert ui.chosen_theme({"request": get(**{settings.THEME_COOKIE_NAME: cookie})}) == expected


def test_the_theme_of_a_person_beats_the_browser() -> None:
    request = get(**{settings.THEME_COOKIE_NAME: "light"})
    request.user.theme = "dark"  # type: ignore[union-attr]
    assert ui.chosen_theme({"request": request}) == "dark"


def test_without_a_request_the_theme_follows_the_device() -> None:
    assert ui.chosen_theme({}) == "auto"


@pytest.mark.parametrize(
    ("level", "expected"), [("success", "good"), ("error", "late"), ("warning", "soon"), ("?", "blue")]
)
def test_message_levels_become_tones(level: str, expected: str) -> None:
    assert ui.tone(level) == expected


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_pages_for_failures_need_neither_context_nor_database(template: str) -> None:
    drawn = render_to_string(template)
    assert "<h1" in drawn
    assert "HaloCIK" in drawn


@pytest.mark.parametrize("name", ["dashboard:home", "tickets:create", *ui._NAVIGATION])
def test_the_navigation_is_drawn_as_from_the_page_itself(name: str) -> None:
    for below in ("", "lain/"):
        request = get(reverse(name) + below)
        stand_in = {"nav_at": ui.nav_path({"request": request})}
        for link in ui._NAVIGATION:
            assert ui.nav_link(stand_in, link, "home", "Ke sana") == ui.nav_link(
                {"request": request}, link, "home", "Ke sana"
            )
        here = ui.nav_link({"request": request}, "dashboard:home", "home", "Beranda", exact=True)
        assert ui.nav_link(stand_in, "dashboard:home", "home", "Beranda", exact=True) == here
