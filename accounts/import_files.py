"""The employees' file itself: reading an upload, making the example to fill in.

The one place where this room reaches up to another: jobs.tables is pure and knows no room.
"""

import io

from accounts import imports
from jobs import tables

_EXAMPLE = [
    [
        "199001012015031001",
        "Contoh Pegawai",
        "contoh.pegawai",
        "contoh@example.com",
        "1700",
        "0812 3456 7890",
        "Ruang TU",
        "Pegawai",
    ],
]


def read(upload: tables.Upload) -> list[imports.Line]:
    """The rows of a CSV or XLSX file. Raises ValidationError with one sentence for the user."""
    table = tables.read_rows(upload, max_rows=imports.MAX_ROWS)
    return imports.lines_of(table.header, [(row.line, row.cells) for row in table.rows])


def example_csv() -> bytes:
    stream = io.BytesIO()
    tables.write_csv(stream, imports.COLUMNS, _EXAMPLE)
    return stream.getvalue()


def example_xlsx() -> bytes:
    stream = io.BytesIO()
    tables.write_xlsx(stream, imports.COLUMNS, _EXAMPLE)
    return stream.getvalue()
