"""The texts of the screens: collects them, brings the catalogues up to date, compiles them. Needs no gettext tools.

    python -m halocik.messages update    collect, and bring locale/en up to date (what is new stays empty)
    python -m halocik.messages compile   write the .mo files that are older than their .po
    python -m halocik.messages check     say what is missing, left over or has other placeholders; 1 if anything

The text in the code is Indonesian; English stands in locale/en. locale/id holds only our own words for texts of
libraries, whose ids are English; it is written by hand.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = PROJECT / "locale"
ROOMS = ("accounts", "jobs", "worktime", "network", "tickets", "dashboard", "demo", "halocik")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_VOLATILE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team):.*\n', re.MULTILINE
)
_TEXT_IN_F_STRING = re.compile(r"""\bf["'].*\{.*\b(_|_now|\w*gettext\w*)\(""")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def collect(project: Path = PROJECT) -> Catalog:
    """Every text marked in the code and the templates."""
    catalog = Catalog(project="HaloCIK", charset="utf-8")
    for path in _sources(project):
        name = path.relative_to(project).as_posix()
        for _line, texts, _comments, context in extract("python", io.BytesIO(_as_python(path)), keywords=KEYWORDS):
            catalog.add(texts, locations=[(name, 0)], context=context)
    return catalog


def _sources(project: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted(path for path in (project / room).rglob("*.py") if "migrations" not in path.parts)
    templates = [project / "templates", *(project / room / "templates" for room in ROOMS)]
    yield from sorted(path for folder in templates for path in folder.rglob("*") if path.suffix in {".html", ".txt"})


def _as_python(path: Path) -> bytes:
    """A template becomes the calls it makes; its indentation means nothing to Python."""
    if path.suffix == ".py":
        source = path.read_text()
        return "\n".join([source, *_calls_in_f_strings(source)]).encode()
    from django.utils.translation.template import templatize

    source = templatize(path.read_text(), origin=str(path))
    return "\n".join(line.lstrip() for line in source.splitlines()).encode()


def _calls_in_f_strings(source: str) -> Iterator[str]:
    """Before Python 3.12 an f-string is one token, and what it calls is not seen by who reads tokens."""
    if not _TEXT_IN_F_STRING.search(source):
        return
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.JoinedStr):
            yield from (ast.unparse(inner) for inner in ast.walk(part) if isinstance(inner, ast.Call))


def load(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="HaloCIK", version="1", header_comment="#", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update(language: str = "en") -> None:
    """New texts come in empty, texts no longer used go."""
    catalog = load(language)
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_VOLATILE.sub("", buffer.getvalue().decode()))


def compile_all() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with target.open("wb") as compiled:
            write_mo(compiled, catalog)


def problems(language: str = "en") -> list[str]:
    """One sentence for each text that is missing, left over, or whose translation has other placeholders."""
    wanted, present = collect(), load(language)
    found = []
    for message in wanted:
        translated = present.get(message.id, message.context) if message.id else None
        if message.id and (translated is None or not all(_strings(translated))):
            found.append(f"not translated: {_first(message)!r} ({message.locations[0][0]})")
    for message in present:
        if not message.id:
            continue
        if wanted.get(message.id, message.context) is None:
            found.append(f"no longer used: {_first(message)!r}")
        names = _placeholders(_first(message))
        if any(text and _placeholders(text) != names for text in _strings(message)[-1:]):
            found.append(f"other placeholders: {_first(message)!r}")
    return found


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text.replace("%%", ""))}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m halocik.messages")
    parser.add_argument("act", choices=["update", "compile", "check"])
    act = parser.parse_args().act
    if act == "update":
        update()
    if act != "check":
        compile_all()
        return 0
    found = problems()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
