"""Settings from the environment: what is read, and the sentence that a bad value gets."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from halocik import env


@pytest.mark.parametrize(
    ("raw", "expected"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("off", False)]
)
def test_a_flag_is_read(monkeypatch: pytest.MonkeyPatch, raw: str, expected: bool) -> None:
    monkeypatch.setenv("SOMETHING", raw)
    assert env.flag("SOMETHING") is expected


@pytest.mark.parametrize("raw", ["", "   "])
def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("SOMETHING", raw)
    assert env.flag("SOMETHING", default=True) is True
    assert env.number("SOMETHING", 7) == 7
    assert env.text("SOMETHING", "word") == "word"


@pytest.mark.parametrize(
    ("read", "raw", "expects"),
    [
        (lambda: env.flag("SOMETHING"), "maybe", "1 or 0"),
        (lambda: env.number("SOMETHING", 1), "-1", "a whole number"),
        (lambda: env.number("SOMETHING", 1), "1.5", "a whole number"),
        (lambda: env.choice("SOMETHING", ["INFO", "DEBUG"]), "loud", "one of INFO, DEBUG"),
        (lambda: env.url_path("SOMETHING", ""), "a b/", "a path such as halocik/"),
        (lambda: env.url_path("SOMETHING", ""), "../up", "a path such as halocik/"),
        (lambda: env.web_address("SOMETHING", "http://x/"), "helpdesk.example", "a web address"),
        (lambda: env.web_address("SOMETHING", "http://x/"), "https://helpdesk.example/?a=1", "a web address"),
        (lambda: env.redis("SOMETHING", ""), "http://127.0.0.1", "a Redis address"),
        (lambda: env.redis("SOMETHING", ""), "unix://", "a Redis address"),
        (lambda: env.database("SOMETHING", "postgres:///x"), "mysql://h/n", "a PostgreSQL address"),
        (lambda: env.database("SOMETHING", "postgres:///x"), "postgres://h", "a PostgreSQL address"),
        (lambda: env.database("SOMETHING", "postgres:///x"), "postgres://h:port/n", "a PostgreSQL address"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], object], raw: str, expects: str
) -> None:
    monkeypatch.setenv("SOMETHING", raw)
    with pytest.raises(ImproperlyConfigured, match=f"SOMETHING must be {expects}"):
        read()


def test_a_refused_address_does_not_show_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "mysql://user:hunter2@host/name")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("SOMETHING", "postgres:///x")
    assert "hunter2" not in str(refusal.value)


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "postgres://me:p%40ss@db.example:5433/help%20desk")
    assert env.database("SOMETHING", "postgres:///x") == {
        "ENGINE": "halocik.postgresql",
        "NAME": "help desk",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }


def test_a_database_may_be_reached_by_its_socket_folder() -> None:
    read = env.database("NOT_SET", "postgres://me@/name?host=%2Fsome%20folder%2Frun")
    assert (read["HOST"], read["PORT"]) == ("/some folder/run", "")


@pytest.mark.parametrize(
    ("raw", "expected"), [("halocik", "halocik/"), ("/a/b/", "a/b/"), ("/", "")], ids=["bare", "slashes", "none"]
)
def test_a_path_ends_with_one_slash(monkeypatch: pytest.MonkeyPatch, raw: str, expected: str) -> None:
    monkeypatch.setenv("SOMETHING", raw)
    assert env.url_path("SOMETHING", "other/") == expected


def test_a_web_address_ends_with_one_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "https://helpdesk.example/halocik")
    assert env.web_address("SOMETHING", "http://x/") == "https://helpdesk.example/halocik/"


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "a, b,,c ")
    assert env.words("SOMETHING") == ["a", "b", "c"]
