"""PDFs from templates/documents/*.typ: archival (PDF/A-2a), tagged (PDF/UA-1), with typst's own fonts.

Text of people reaches a template as data alone, so that nothing in it is ever markup.
"""

from __future__ import annotations

import io
import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.conf import settings

FOLDER: Final = Path(settings.BASE_DIR) / "templates" / "documents"
STANDARDS: Final = ("a-2a", "ua-1")

#: A longer run without a space gets places to break at; no paper is wide enough for it.
LONGEST_UNBROKEN: Final = 24
_UNBROKEN: Final = re.compile(rf"\S{{{LONGEST_UNBROKEN}}}(?=\S)")
# Controls (those that turn the direction of writing among them), private use, halves of pairs, what Unicode has not
# assigned: a reader would not see them, an archive does not take them.
_UNSEEN: Final = {"Cc", "Cf", "Cn", "Co", "Cs"}
# What the fonts are known to hold: Latin, Greek, Cyrillic, punctuation, a few signs.
PRINTABLE: Final = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9), (0x400, 0x45F),
    (0x2010, 0x2015), (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2039, 0x203A),
    (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2260, 0x2260), (0x2264, 0x2265),
)  # fmt: skip

# A compiler keeps the template and its fonts between papers; it is one thread's at a time.
_turn: Final = threading.Lock()


def render(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of `template` (a name in FOLDER without its end), dated `at`. Raises typst.TypstError.

    Where the fonts lack a character of `data`, its code stands in its place: [U+1F600].
    """
    try:
        return _compiled(template, _clean(data, _seen), at)
    except typst.TypstError:
        return _compiled(template, _clean(data, _held_by_fonts), at)


def qr_code(link: str) -> str:
    """An SVG image of the code, without a margin."""
    image = io.BytesIO()
    code = segno.make(link, error="m", micro=False, mask=4)  # choosing the best of eight masks takes most of the time
    code.save(image, kind="svg", border=0, xmldecl=False, nl=False)
    return image.getvalue().decode()


class Drawing(str):
    """Text of our own, an image or an address. It is passed on as it is."""

    __slots__ = ()


def _compiled(template: str, data: Any, at: datetime) -> bytes:
    with _turn:
        paper = _compiler(template).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=list(STANDARDS),
            timestamp=int(at.timestamp()),
        )
    assert isinstance(paper, bytes)
    return paper


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(FOLDER / f"{template}.typ", root=FOLDER, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    """Typst's own: the same paper on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _clean(value: Any, shown: Any) -> Any:
    if isinstance(value, Drawing):
        return value
    if isinstance(value, str):
        return _UNBROKEN.sub("\\g<0>\u200b", shown(value))
    if isinstance(value, Mapping):
        return {name: _clean(part, shown) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part, shown) for part in value]
    return value


def _seen(text: str) -> str:
    """`text` with a code in the place of each character that is not to be seen; lines stay lines."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_code(one) if one != "\n" and unicodedata.category(one) in _UNSEEN else one for one in text)


def _held_by_fonts(text: str) -> str:
    """As `_seen`, and a code for whatever the fonts may lack as well."""
    return "".join(one if _is_held(one) else _code(one) for one in _seen(text))


def _is_held(one: str) -> bool:
    return one == "\n" or any(first <= ord(one) <= last for first, last in PRINTABLE)


def _code(one: str) -> str:
    return f"[U+{ord(one):04X}]"
