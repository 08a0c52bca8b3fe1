"""Papers: archival, tagged, and made of data alone."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from jobs import papers

AT: Final = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
TEMPLATE: Final = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: auto)
#set text(lang: "id", font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#set page(width: 120mm)
= #data.title
#data.words
"""
HOSTILE: Final = (
    '#eval("1+1") #import "x": y',
    "*tebal* _miring_ `mentah` $x^2$ = judul",
    "\\ \\u{1F600} // /* */ @label <label> ~ -- --- ...",
    '"}]} ]] } { [',
    "<script>alert(1)</script> %s {{ x }}",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample.typ").write_text(TEMPLATE)
    monkeypatch.setattr(papers, "FOLDER", tmp_path)
    papers._compiler.cache_clear()


def pdf_of(words: str) -> PdfReader:
    return PdfReader(io.BytesIO(papers.render("sample", {"title": "Contoh", "words": words}, AT)))


def text_in(words: str) -> str:
    """What can be copied out of the paper, in one line."""
    return " ".join(pdf_of(words).pages[0].extract_text().replace("\u200b", "").split()).removeprefix("Contoh ")


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_the_words_of_people_stays_text(words: str) -> None:
    assert text_in(words) == " ".join(words.split())


def test_a_paper_is_archival_tagged_titled_and_in_its_language() -> None:
    pdf = pdf_of("halo")
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "id"
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None and pdf.metadata.title == "Contoh"
    assert pdf.metadata.creation_date == AT
    said = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said


def test_the_same_paper_at_the_same_time_is_the_same_file() -> None:
    first, second = (papers.render("sample", {"title": "Contoh", "words": "halo"}, AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("senang \U0001f600 sekali", "senang [U+1F600] sekali"),
        ("日本 dan é", "[U+65E5][U+672C] dan é"),
        ("a\u202eb\u2066c", "a[U+202E]b[U+2066]c"),
        ("nol\x00 bel\x07", "nol[U+0000] bel[U+0007]"),
        ("\ue000 \ud800 \U0010ffff", "[U+E000] [U+D800] [U+10FFFF]"),
    ],
)
def test_what_no_reader_would_see_stands_as_its_code(words: str, shown: str) -> None:
    assert text_in(words) == shown


def test_words_from_right_to_left_are_kept() -> None:
    assert set("שלום") <= set(text_in("nama שלום tamu"))


def test_a_word_wider_than_the_paper_is_broken_and_all_there() -> None:
    pdf = pdf_of("x" * 500)
    assert pdf.pages[0].extract_text().replace("\u200b", "").count("x") == 500
    assert len(pdf.pages[0].extract_text().splitlines()) > 5


def test_the_fonts_hold_every_character_that_is_taken_for_printable() -> None:
    every = " ".join(chr(code) for first, last in papers.PRINTABLE for code in range(first, last + 1))
    assert "[U+" not in text_in(every)


def test_a_qr_code_is_an_image_without_a_program() -> None:
    image = papers.qr_code("https://kantor.example/halocik/verifikasi/abc/")
    assert image.startswith("<svg")
    assert "script" not in image
