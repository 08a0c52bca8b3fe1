"""Rows of a table before they are stored: what each would do, and all that is wrong with it at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jobs.tables import Table

STATES = ("added", "updated", "unchanged", "error")

Line = tuple[int, dict[str, str]]  # number of the line of the file, cells by column


@dataclass(kw_only=True)
class PlannedRow:
    """One row and what it would do."""

    line: int
    cells: dict[str, str]
    is_new: bool
    changed: list[str] = field(default_factory=list)  # columns that differ from what is stored
    errors: dict[str, list[str]] = field(default_factory=dict)  # by column

    def refuse(self, column: str, *sentences: str) -> None:
        self.errors.setdefault(column, []).extend(sentences)

    @property
    def state(self) -> str:
        if self.errors:
            return "error"
        if self.is_new:
            return "added"
        return "updated" if self.changed else "unchanged"


RowT = TypeVar("RowT", bound=PlannedRow)


def counts(rows: Iterable[PlannedRow]) -> dict[str, int]:
    """How many rows there are of each state."""
    found = Counter(row.state for row in rows)
    return {state: found[state] for state in STATES}


def lines_of(
    table: Table, *, known: Sequence[str], required: Sequence[str], empty: str | Promise, ignored: Sequence[str] = ()
) -> list[Line]:
    """The rows as cells by column. Raises ValidationError for missing or unknown columns, or (`empty`) no rows."""
    missing = [column for column in required if column not in table.header]
    if missing:
        raise ValidationError(_("Kolom ini belum ada: %(names)s.") % {"names": ", ".join(missing)})
    unknown = [name or "–" for name in table.header if name not in known and name not in ignored]
    if unknown:
        raise ValidationError(
            _("Kolom ini tidak dikenal: %(names)s. Yang dikenal: %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(known)}
        )
    if not table.rows:
        raise ValidationError(str(empty))
    places = [(at, column) for at, column in enumerate(table.header) if column in known]
    return [(line, {column: " ".join(cells[at].split()) for at, column in places}) for line, cells in table.rows]


def refuse_duplicates(rows: Iterable[RowT], names: Callable[[RowT], Iterable[tuple[str, object]]]) -> None:
    """Each name (column and value) once in the file; the later rows say on which line the first one stands."""
    first: dict[tuple[str, object], int] = {}
    for row in rows:
        for column, value in names(row):
            line = first.setdefault((column, value), row.line)
            if line != row.line:
                row.refuse(column, _("Sama dengan baris %(line)d.") % {"line": line})
