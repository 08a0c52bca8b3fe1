"""Tables from strangers and for Excel."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from jobs import tables
from jobs.tables import neutralise, read_rows, write_csv, write_xlsx


def csv(text: str | bytes) -> io.BytesIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def xlsx(*rows: list[Any]) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def refusal(stream: io.BytesIO, **options: int) -> str:
    with pytest.raises(ValidationError) as caught:
        read_rows(stream, **options)
    return caught.value.messages[0]


# Reading CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read_rows(csv(f"nip{delimiter}nama\n1{delimiter}Rini\n"))
    assert table == (["nip", "nama"], [(2, ["1", "Rini"])])


def test_a_delimiter_inside_quotes_counts_for_nothing() -> None:
    table = read_rows(csv('"a,b,c,d";nama\n1;"Rini; S.ST."\n'))
    assert table == (["a,b,c,d", "nama"], [(2, ["1", "Rini; S.ST."])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_excels_encodings_are_read(encoding: str) -> None:
    assert read_rows(csv("nama\nRené\n".encode(encoding))).rows == [(2, ["René"])]


def test_the_hint_that_excel_writes_for_itself_is_no_row() -> None:
    assert read_rows(csv("sep=;\nnip;nama\n1;Rini\n")) == (["nip", "nama"], [(3, ["1", "Rini"])])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(newline: str) -> None:
    assert read_rows(csv(f"nip{newline}1{newline}2{newline}")).rows[-1].cells == ["2"]


def test_empty_lines_are_left_out_and_still_counted() -> None:
    assert read_rows(csv("nip;nama\n\n;\n1;Rini\n")).rows == [(4, ["1", "Rini"])]


def test_short_rows_are_filled_up() -> None:
    assert read_rows(csv("a;b;c\n1\n")).rows == [(2, ["1", "", ""])]


def test_header_names_are_stripped_and_in_lower_case() -> None:
    assert read_rows(csv(" NIP ;Nama   Lengkap;;\n1;2\n")).header == ["nip", "nama lengkap"]


def test_an_apostrophe_that_hides_a_formula_is_taken_back() -> None:
    assert read_rows(csv("telepon\n'+62 812\n'biasa\n")).rows == [(2, ["+62 812"]), (3, ["'biasa"])]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "kosong"),
        (b"\n\n;;\n", "kosong"),
        (b"nip;nip\n", "dua kali"),
        (b"a;b\n1;2;3\n", "Baris 2"),
        (b"a\n1\x002\n", "bukan CSV"),
        (b"a\n\x07\n", "Baris 2"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d", "bukan CSV"),
        (b"\xff\xfea", "bukan CSV"),
        (b'a\n"tak ditutup\n', "tanda kutip"),
        (b'a\n"x"y\n', "tanda kutip"),
        (b"a\n" + b"x" * 2001 + b"\n", "terlalu panjang"),
        (b"a\n" + b"x" * 140_000 + b"\n", "tanda kutip"),
        (b";".join(str(n).encode() for n in range(51)) + b"\n", "50 kolom"),
        (b"a\n1\n2\n3\n4\n", "3 baris"),
        (b"x" * (tables.MAX_BYTES + 1), "terlalu besar"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    assert says in refusal(csv(content), max_rows=3)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        header, rows = read_rows(io.BytesIO(content))
    except ValidationError as error:
        assert error.messages[0]  # noqa: PT017
    else:
        assert all(len(row.cells) == len(header) for row in rows)


# Reading XLSX


def test_a_spreadsheet_is_read_by_content_not_by_name() -> None:
    assert read_rows(xlsx(["NIP", "Nama"], ["199003122014032001", " Rini "])) == (
        ["nip", "nama"],
        [(2, ["199003122014032001", "Rini"])],
    )


def test_numbers_lose_the_zeros_that_excel_adds() -> None:
    assert read_rows(xlsx(["a", "b", "c"], [1700, 1700.0, 1.5])).rows[0].cells == ["1700", "1700", "1.5"]


def test_a_nip_that_excel_has_rounded_is_refused() -> None:
    assert "membulatkannya" in refusal(xlsx(["nip"], [199003122014032001]))


def test_dates_and_truth_become_words() -> None:
    from datetime import date, datetime

    cells = read_rows(xlsx(["a", "b", "c"], [date(2026, 3, 1), datetime(2026, 3, 1, 8, 12), True])).rows[0].cells  # noqa: DTZ001
    assert cells == ["2026-03-01 00:00:00", "2026-03-01 08:12:00", "ya"]


def test_a_formula_counts_by_the_value_that_was_stored_with_it() -> None:
    assert read_rows(xlsx(["a", "b"], ["=1+1", "x"])).rows == [(2, ["", "x"])]


def test_a_sheet_with_too_many_rows_is_refused() -> None:
    assert "3 baris" in refusal(xlsx(["a"], *([n] for n in range(1, 6))), max_rows=3)


def test_a_sheet_with_too_many_columns_is_refused() -> None:
    assert "50 kolom" in refusal(xlsx([f"k{n}" for n in range(60)], ["x"] * 60))


def test_a_cell_far_away_does_not_take_the_server_with_it() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "a", "x"
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    assert read_rows(stream).rows == []


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MAX_UNPACKED_BYTES + 1))
    stream.seek(0)
    assert "terlalu besar" in refusal(stream)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 200])
def test_a_broken_spreadsheet_is_refused_with_a_sentence(content: bytes) -> None:
    assert "tidak dapat dibaca" in refusal(csv(content))


def test_a_zip_that_is_no_spreadsheet_is_refused_with_a_sentence() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("halo.txt", "halo")
    stream.seek(0)
    assert "tidak dapat dibaca" in refusal(stream)


def _with_entity_bomb() -> io.BytesIO:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e0 "haha">{entities}]>'
    source, target = xlsx(["a"], ["x"]), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = doctype + text.replace("<t>x</t>", "<t>&e11;</t>")
                assert "&e11;" in text
            new.writestr(name, text)
    target.seek(0)
    return target


def test_an_entity_bomb_is_refused_with_a_sentence() -> None:
    assert "tidak dapat dibaca" in refusal(_with_entity_bomb())


def test_a_spreadsheet_cut_off_anywhere_is_refused_or_read() -> None:
    whole = xlsx(["a"], ["x"]).getvalue()
    for length in range(4, len(whole), 97):
        try:
            read_rows(io.BytesIO(whole[:length]))
        except ValidationError:
            continue


# Writing

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", '=HYPERLINK("http://evil")', "{=1}"]


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_cell_that_starts_a_formula_is_neutralised(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Rini", "1700", "", "a=b", "0812-34", "{=1}"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == text


def test_nothing_is_written_as_nothing() -> None:
    assert neutralise(None) == ""


def test_a_csv_that_was_written_is_read_back() -> None:
    stream = io.BytesIO()
    write_csv(stream, ["nama", "telepon"], [["Rini; S.ST.", "+62 812"], ["René", None]])
    assert stream.getvalue().startswith(b"\xef\xbb\xbf")
    stream.seek(0)
    assert read_rows(stream) == (["nama", "telepon"], [(2, ["Rini; S.ST.", "+62 812"]), (3, ["René", ""])])


def test_a_spreadsheet_holds_hostile_strings_as_text() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, ["a"], [[text] for text in HOSTILE])
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert sheet is not None
    assert [cell.data_type for (cell,) in sheet.iter_rows(min_row=2)] == ["s"] * len(HOSTILE)
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(io.BytesIO(stream.getvalue())).read(name)
        for name in zipfile.ZipFile(io.BytesIO(stream.getvalue())).namelist()
    )


def test_a_spreadsheet_that_was_written_is_read_back() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, ["nip", "nama"], [["199003122014032001", "Rini"], [None, "x" * 40_000]])
    stream.seek(0)
    with pytest.raises(ValidationError):  # our own limit for a cell is lower than Excel's
        read_rows(stream)
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert sheet is not None
    assert sheet["A2"].value == "199003122014032001"
    assert len(str(sheet["B3"].value)) == 32_767


def test_numbers_are_written_as_numbers() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, ["a", "b"], [[12, "12"]])
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert sheet is not None
    assert [(cell.data_type, cell.value) for cell in sheet[2]] == [("n", 12), ("s", "12")]


def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.tables.MAX_XLSX_ROWS", 3)
    stream = io.BytesIO()
    write_xlsx(stream, ["a"], ([number] for number in range(5)))
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    told = [[cell for (cell,) in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert told == [["a", 0, 1], ["a", 2, 3], ["a", 4]]
