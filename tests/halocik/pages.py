"""What a page says: its texts and the attributes that people read or hear, without what is marked as Indonesian."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Final

# Words that a sentence of the language can hardly do without, and the other language does not have.
INDONESIAN: Final = re.compile(
    r"\b(yang|dan|atau|tidak|belum|sudah|sedang|ini|itu|dengan|untuk|dari|kepada|oleh|dalam|sejak|bila|agar|akan|anda|"
    r"saya|kami|lagi|semua|pilih|tulis|misalnya|menunggu|kata sandi|tiket|langkah|perangkat|jaringan|pemohon|teknisi|"
    r"pegawai|pimpinan|ditunda|selesai|terlambat|menit|jam|hari|tanggal|nama|alamat|ruang|nomor|waktu|berkas|halaman|"
    r"senin|selasa|rabu|kamis|jumat|sabtu|minggu|januari|februari|maret|mei|juni|juli|agustus|oktober|desember)\b",
    re.IGNORECASE,
)
ENGLISH: Final = re.compile(
    r"\b(the|this|that|these|your|you|is|are|was|were|and|or|not|with|without|of|from|for|has|have|must|may|can|cannot|"
    r"please|enter|select|choose|required|log in|ticket|tickets|step|device|requester|technician|employee|"
    r"done|overdue|minutes|hours|today|tomorrow|yesterday|name|address|room|number|search|save|submit|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|january|february|march|may|june|july|august|october|december)\b",
    re.IGNORECASE,
)
# Names that stay as they are: of products, abbreviations, column titles of an import file, other languages' own names.
NAMES: Final = re.compile(
    r"HaloCIK|Admin/PJK TIP|\bpegawai\.(?:xlsx|csv)|columns: [^.]*\. Required: nama and username|"
    r"\bThe column peran holds [^.;]*|role Teknisi \(technician\)|Bahasa Indonesia|\bunduh\b|/jaringan/\S*"
)

READ: Final = {"title", "aria-label", "aria-description", "placeholder", "alt", "data-label"}
_EMPTY: Final = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(HTMLParser):
    """Gathers `said`; what stands inside an element that names its own language is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _tag, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        silent = tag in {"script", "style"} or (tag != "html" and "lang" in values)
        if values.get("id") == "countdown-words":
            silent = False
        if tag not in _EMPTY:
            self._open.append((tag, silent))
        if silent or self._silent:
            return
        self.said += [value for name, value in values.items() if name in READ or values.get("id") == "request-words"]
        if tag == "input" and values.get("type") in {"submit", "button"}:
            self.said.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in {name for name, _silent in self._open}:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._silent or not data.strip():
            return
        inside_words = bool(self._open) and self._open[-1][0] == "script"
        self.said += _strings(json.loads(data)) if inside_words else [" ".join(data.split())]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in _strings(part)]


# Dozens on every page, and they say nothing.
_ICONS: Final = re.compile(r'<svg class="[^"]*"[^>]* aria-hidden="true"[^>]*><use href="[^"]*"/></svg>')


def said(html: str) -> list[str]:
    """Every text of the page, in its order."""
    reader = Reader()
    reader.feed(_ICONS.sub("", html))
    return [text for text in reader.said if re.search(r"[A-Za-z]{2}", text)]
