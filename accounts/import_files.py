"""The employees' file itself: reading an upload, making the example to fill in.

The one place where this room reaches up to another: jobs.tables and jobs.plans are pure and know no room.
"""

import io

from django.utils.translation import gettext as _

from accounts import imports
from jobs import plans, tables

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


def read(upload: tables.Upload) -> list[plans.Line]:
    """The rows of a CSV or XLSX file. Raises ValidationError with one sentence for the user."""
    table = tables.read_rows(upload, max_rows=imports.MAX_ROWS)
    return plans.lines_of(
        table,
        known=imports.COLUMNS,
        required=imports.REQUIRED,
        empty=_("Berkas hanya berisi judul kolom, belum ada pegawai."),
    )


def example_csv() -> bytes:
    stream = io.BytesIO()
    tables.write_csv(stream, imports.COLUMNS, _EXAMPLE)
    return stream.getvalue()


def example_xlsx() -> bytes:
    stream = io.BytesIO()
    tables.write_xlsx(stream, imports.COLUMNS, _EXAMPLE)
    return stream.getvalue()
