"""The language belongs to the thread, as Django has it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.utils import translation
from django.utils.translation import get_language, gettext, trans_real


def test_the_language_is_kept_where_django_looks_for_it() -> None:
    assert isinstance(trans_real._active, threading.local)  # type: ignore[attr-defined]
    with translation.override("en"):
        assert (get_language(), gettext("Lanjutkan")) == ("en", "Resume")
    with translation.override("id"):
        assert (get_language(), gettext("Lanjutkan")) == ("id", "Lanjutkan")


def test_each_thread_has_a_language_of_its_own() -> None:
    meeting = threading.Barrier(2)

    def speak(language: str) -> tuple[str | None, str]:
        with translation.override(language):
            meeting.wait(5)
            return get_language(), gettext("Lanjutkan")

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(speak, ["id", "en"])) == [("id", "Lanjutkan"), ("en", "Resume")]


def test_a_language_that_was_overridden_comes_back() -> None:
    with translation.override("en"):
        with translation.override("id"):
            pass
        assert get_language() == "en"
