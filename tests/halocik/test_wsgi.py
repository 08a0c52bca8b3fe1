"""What is refused before Django reads it."""

from typing import Any

import pytest

from halocik.wsgi import guarded, is_legible


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "multipart/form-data; boundary=x", "text/html; charset=utf-8", 'text/html; Charset = "UTF8"'],
)
def test_utf_8_is_read_under_each_of_its_names(content_type: str) -> None:
    assert is_legible(content_type)


@pytest.mark.parametrize("charset", ["hex", "zlib", "unicode_escape", "utf-7", "utf-16", "iso-8859-1", "no-such"])
def test_other_charsets_are_refused_before_anything_is_decoded(charset: str) -> None:
    assert not is_legible(f"multipart/form-data; boundary=x; charset={charset}")


def test_a_charset_in_disguise_is_refused_too() -> None:
    assert not is_legible("text/plain; charset*=utf-8''hex")


@pytest.mark.parametrize(("charset", "status"), [("utf-8", "200 OK"), ("hex", "400 Bad Request")])
def test_the_application_is_asked_for_legible_requests_alone(charset: str, status: str) -> None:
    said: list[str] = []

    def inner(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    environ = {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    guarded(inner)(environ, lambda line, *_rest: said.append(line))  # type: ignore[arg-type]
    assert said == [status]
