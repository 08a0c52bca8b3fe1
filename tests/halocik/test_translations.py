"""Indonesian everywhere, English behind the switch: no text is without its English, no text is unmarked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.template.base import Lexer, TokenType
from django.utils import translation

from accounts import forms as account_forms
from accounts.adapter import AccountAdapter
from accounts.import_views import UploadForm
from accounts.models import User
from halocik import messages
from network import forms as network_forms
from tests.halocik.pages import ENGLISH, INDONESIAN, NAMES
from tickets.forms import FORMS

# The catalogue


def test_every_text_has_an_english_one_with_the_same_placeholders_and_none_is_left_over() -> None:
    assert messages.problems() == [], "run `make messages`, then write the missing English in locale/en"


def test_texts_within_f_strings_are_collected(tmp_path: Path) -> None:
    room = tmp_path / "jobs"
    room.mkdir()
    (room / "words.py").write_text("told = f\"{_('%(n)d baris rusak.') % found} {'x' if y else _('Aman')}\"\n")
    assert {message.id for message in messages.collect(tmp_path) if message.id} == {"%(n)d baris rusak.", "Aman"}


def test_no_translation_is_a_guess_and_none_is_kept_of_texts_that_are_gone() -> None:
    catalog = messages.load("en")
    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    assert list(catalog.obsolete) == []


def test_every_form_of_a_plural_is_written() -> None:
    plurals = [message for message in messages.load("en") if isinstance(message.id, tuple)]
    assert plurals
    assert [
        message.id for message in plurals if len(messages._strings(message)) != 2 or not all(messages._strings(message))
    ] == []


def test_english_reads_like_english() -> None:
    """Indonesian words in English are names of the office, and few."""
    told = [str(message.string) for message in messages.load("en") if message.id]
    assert [text for text in told if INDONESIAN.search(NAMES.sub("", text))] == []


def test_indonesian_reads_like_indonesian() -> None:
    told = [messages._first(message) for message in messages.load("en") if message.id]
    assert [text for text in told if ENGLISH.search(messages._PLACEHOLDER.sub("", text))] == []


# The sources

ALLOWED_IN_TEMPLATES: Final = {
    "HaloCIK", "Halo", "CIK", "NIP.", "NUP", "VLAN", "Indonesia", "English", "pegawai.xlsx", "pegawai.csv",
    "perangkat.xlsx", "perangkat.csv",
    "PDF", "SHA-", "certutil", "-hashfile", "SHA", "abcde-fghjk-mnpqr-stuvw",  # a command, and a code as it is printed
    "n", "g", "t", "b",  # keys
}  # fmt: skip
READ_IN_TEMPLATES: Final = {"title", "aria-label", "placeholder", "alt", "data-label", "label"}


class BareText(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        foreign = tag == "svg" and dict(attrs).get("lang") == "id"
        self._unread += tag in {"script", "style"} or foreign
        if tag == "svg" and not foreign:
            self._unread += bool(self._unread)
        for name, value in attrs:
            if name in READ_IN_TEMPLATES:
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "svg"}:
            self._unread = max(0, self._unread - 1)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._look(data)

    def _look(self, text: str) -> None:
        words = [word for word in re.split(r"[\s\d·×,:()→–]+", text) if re.search(r"[A-Za-z]", word)]
        self.found += [f"{self.name}: {word}" for word in words if word not in ALLOWED_IN_TEMPLATES]


def bare_texts(name: str, source: str) -> list[str]:
    """Words of a template outside of its translate tags, and arguments of tags that look like a sentence."""
    kept, arguments, inside = [], [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            kept.append("" if inside else token.contents)
            continue
        kept.append("1" if token.token_type == TokenType.VAR else " ")
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if word in {"blocktranslate", "comment", "endblocktranslate", "endcomment"}:
            inside = not word.startswith("end")
        elif word not in {"translate", "url", "static", "include"} and token.token_type != TokenType.COMMENT:
            told = re.sub(r"(?:css=|\|(?:date|time):)\"[^\"]*\"|_\(\"[^\"]*\"\)", "", token.contents)
            arguments += [text for text in re.findall(r"\"([^\"]*)\"", told) if re.search("[A-Z ]", text)]
        elif word == "include":
            arguments += re.findall(r"(?:title|text|word|label|note|nobody|heading)=\"([^\"]+)\"", token.contents)
    parser = BareText(name)
    parser.feed("".join(kept))
    return parser.found + [f"{name}: {text}" for text in arguments if re.search(r"[A-Za-z]{2}", text)]


def test_no_template_has_words_outside_its_translate_tags() -> None:
    sources = [path for path in (messages.PROJECT / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    assert sources
    assert [text for path in sources for text in bare_texts(path.name, path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Kirim</p>",
        '<p title="Kirim sekarang">1</p>',
        '{% include "a.html" with title="Kirim" %}',
        '{{ x|default:"belum ada" }}',
        "<p>{% translate 'Kirim' %} sekarang</p>",
    ],
)
def test_a_bare_word_is_found(source: str) -> None:
    assert bare_texts("a.html", source)


# The example rows of an import file, and a command's help.
NOT_FOR_SCREENS: Final = {
    "Contoh Pegawai",
    "Ruang TU",
    "Mengimpor pegawai dari berkas CSV atau XLSX. Tanpa --commit hanya menampilkan pratinjau.",
}


def unmarked(path: Path) -> Iterator[str]:
    """String constants that read like Indonesian and are no argument of a gettext function."""
    tree = ast.parse(path.read_text())
    marked = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS
        for part in ast.walk(call)
    }
    marked |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in marked:
            continue
        if (
            node.value not in NOT_FOR_SCREENS
            and " " in node.value
            and INDONESIAN.search(node.value)
            and not ENGLISH.search(node.value)
        ):
            yield f"{path.name}:{node.lineno}: {node.value}"


# Papers and exported tables are records of an Indonesian office, in its language whoever prints them.
PAPERS: Final = tuple(
    messages.PROJECT / place
    for place in (
        "tickets/documents",
        "network/labels.py",
        "dashboard/reports",
        "dashboard/exports.py",
        "network/imports/columns.py",
    )
)


def is_of_a_paper(path: Path) -> bool:
    return any(path.is_relative_to(paper) for paper in PAPERS)


def test_no_code_has_indonesian_sentences_that_are_not_marked() -> None:
    rooms = [room for room in messages.ROOMS if room != "demo"]
    paths = [path for room in rooms for path in (messages.PROJECT / room).rglob("*.py")]
    screens = [path for path in paths if "migrations" not in path.parts and not is_of_a_paper(path)]
    told = [text for path in screens for text in unmarked(path)]
    assert told == []


# What libraries say


def fields() -> Iterator[tuple[str, forms.Field]]:
    modules = (account_forms, network_forms)
    ours = [form for module in modules for form in vars(module).values() if isinstance(form, type)]
    for form in [*ours, *FORMS.values(), UploadForm]:
        for name, field in getattr(form, "base_fields", {}).items():
            yield f"{form.__name__}.{name}", field


def test_fields_of_forms_complain_in_indonesian() -> None:
    with translation.override("id"):
        told = {f"{name} {code}: {text}" for name, field in fields() for code, text in field.error_messages.items()}
        told |= {f"{name}: {validator.message}" for name, field in fields() for validator in field.validators
                 if hasattr(validator, "message")}  # fmt: skip
    assert told
    assert [text for text in told if ENGLISH.search(text.partition(": ")[2])] == []


def test_passwords_are_refused_in_indonesian() -> None:
    told: list[str] = []
    with translation.override("id"):
        for validator in get_default_password_validators():
            told.append(validator.get_help_text())
            for password in ("12345678", "password", "rini", "a"):
                try:
                    validator.validate(password, User(username="rini", full_name="rini"))
                except ValidationError as error:
                    told += error.messages
    assert len(told) > 4
    assert [text for text in told if ENGLISH.search(text)] == []


def test_allauth_complains_in_indonesian() -> None:
    with translation.override("id"):
        told = [str(text) for text in AccountAdapter.error_messages.values()]
        told += [str(text) for text in mfa_adapter().error_messages.values()]
    assert [text for text in told if ENGLISH.search(text)] == []
