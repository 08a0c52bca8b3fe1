"""Reading and writing tables (CSV, XLSX) that people exchange with Excel, without trusting them.

Reading refuses with a ValidationError whose sentence the user can read. Writing never produces a live formula.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, NamedTuple, Protocol
from xml.etree.ElementTree import ParseError

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 50
MAX_CELL_LENGTH = 2000
MAX_XLSX_ROWS = 1_048_576  # of a sheet, its header counted
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_XLSX_CELL_LENGTH = 32_767
_EXACT_DIGITS = 15  # what a number in a spreadsheet keeps; the rest of a NIP becomes zeros
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DELIMITERS = (";", ",", "\t")


class Upload(Protocol):
    """What is needed of Django's UploadedFile or of an open binary file."""

    def read(self, size: int = -1, /) -> bytes: ...


class Row(NamedTuple):
    line: int  # as the spreadsheet counts: the header is usually line 1
    cells: list[str]  # stripped; as many as the header has


class Table(NamedTuple):
    header: list[str]  # stripped and in lower case, no duplicates
    rows: list[Row]  # without empty ones


def read_rows(upload: Upload, *, max_rows: int = MAX_ROWS) -> Table:
    """Read a CSV or XLSX file, told apart by content. Raises ValidationError with one sentence for the user."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError(_("Berkas terlalu besar; paling besar %(size)d MB.") % {"size": MAX_BYTES // 1024**2})
    lines = _read_xlsx(data, max_rows) if data.startswith(b"PK\x03\x04") else _read_csv(data)
    filled = ((number, cells) for number, cells in lines if any(cells))
    header = _header(next(filled, (1, []))[1])
    rows: list[Row] = []
    for number, cells in filled:
        if len(rows) == max_rows:
            raise ValidationError(_("Berkas berisi lebih dari %(count)d baris; bagilah.") % {"count": max_rows})
        rows.append(Row(number, _fit(cells, len(header), number)))
    return Table(header, rows)


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    names = [" ".join(cell.lower().split()) for cell in cells]
    if not names:
        raise ValidationError(_("Berkas ini kosong."))
    if len(names) > MAX_COLUMNS:
        raise ValidationError(_("Berkas berisi lebih dari %(count)d kolom.") % {"count": MAX_COLUMNS})
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise ValidationError(_("Kolom ini ada dua kali: %(names)s.") % {"names": ", ".join(twice)})
    return names


def _fit(cells: list[str], width: int, number: int) -> list[str]:
    if any(cells[width:]):
        raise ValidationError(_("Baris %(line)d berisi lebih banyak kolom daripada judulnya.") % {"line": number})
    return (cells + [""] * width)[:width]


def as_read(text: str) -> str:
    """What a cell with this text is read as."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def _clean(text: str, number: int) -> str:
    """The cell's text without the apostrophe that `neutralise` puts before a formula's first character."""
    text = as_read(text)
    if len(text) > MAX_CELL_LENGTH:
        raise ValidationError(_("Baris %(line)d berisi sel yang terlalu panjang.") % {"line": number})
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\r\n" for character in text):
        raise ValidationError(_("Baris %(line)d berisi karakter yang tidak dapat dibaca.") % {"line": number})
    return text


# CSV


def _decode(data: bytes) -> str:
    unicode_text = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's "Unicode text"
    encodings = ["utf-16"] if unicode_text else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(_("Berkas ini bukan CSV atau XLSX yang dapat dibaca."))


def _delimiter(line: str) -> str:
    unquoted = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=unquoted.count)


def _read_csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decode(data)
    first, _newline, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower() in {f"sep={delimiter}" for delimiter in (";", ",")}:  # a hint for Excel, no row
        text, first, skipped = rest, rest.partition("\n")[0], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    try:
        for cells in reader:
            number = reader.line_num + skipped
            yield number, [_clean(cell, number) for cell in cells]
    except csv.Error as error:
        raise ValidationError(
            _("Baris %(line)d tidak dapat dibaca; periksa tanda kutipnya.") % {"line": reader.line_num + skipped}
        ) from error


# XLSX


def _read_xlsx(data: bytes, max_rows: int) -> Iterator[tuple[int, list[str]]]:
    unreadable = ValidationError(_("Berkas XLSX ini tidak dapat dibaca; simpan ulang dari Excel atau sebagai CSV."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise ValidationError(_("Isi berkas XLSX ini terlalu besar."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # Two more than allowed, for the header and for noticing that there are too many; empty lines count here.
        lines = sheet.iter_rows(max_row=2 * max_rows + 2, max_col=MAX_COLUMNS + 1, values_only=True)
        for number, values in enumerate(lines, start=1):
            yield number, [_clean(_as_text(value, number), number) for value in values]
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
        AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise unreadable from error


def _as_text(value: object, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (int, float)):
        if abs(value) >= 10**_EXACT_DIGITS:
            raise ValidationError(
                _("Baris %(line)d: angka %(value)s terlalu panjang, Excel sudah membulatkannya. Ubah selnya ke Teks.")
                % {"line": number, "value": f"{value:.0f}"}
            )
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# Writing


def neutralise(value: object) -> str:
    """The text of a CSV cell; one that a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def write_csv(stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """UTF-8 with a byte-order mark and semicolons: what Excel with Indonesian settings opens as it should."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([neutralise(name) for name in header])
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    text.detach()


def write_xlsx(stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Numbers as numbers, every other cell typed as text: nothing becomes a formula, a link or a rounded number.

    What one sheet cannot hold goes on in the next.
    """
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": False}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
        lines = iter(rows)
        while True:
            sheet = book.add_worksheet()
            sheet.set_column(0, len(header) - 1, 22, text)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(header):
                sheet.write_string(0, column, name, bold)
            filled = 0
            for filled, row in enumerate(islice(lines, MAX_XLSX_ROWS - 1), start=1):
                for column, cell in enumerate(row):
                    if type(cell) is int:
                        sheet.write_number(filled, column, cell)
                    elif cell is not None:
                        sheet.write_string(filled, column, str(cell)[:_MAX_XLSX_CELL_LENGTH], text)
            if filled < MAX_XLSX_ROWS - 1:
                return
