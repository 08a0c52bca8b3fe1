"""The columns of the ticket list: on the page, in its file, and in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.models import Ticket

Cell = tuple[str | Promise, Callable[[Ticket], object]]


@dataclass(frozen=True)
class Column:
    """One column of the page: tickets.templatetags.cells draws it by its name. In a file it is several."""

    name: str
    label: str | Promise
    cells: tuple[Cell, ...]
    for_staff: bool = False


def _local(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


COLUMNS: Final = {
    column.name: column
    for column in (
        Column(
            "title",
            _("Permintaan"),
            (
                (_("Nomor"), lambda ticket: ticket.number),
                (_("Permintaan"), lambda ticket: ticket.title),
                (_("Kategori"), lambda ticket: ticket.get_category_display()),
                (_("Diajukan"), lambda ticket: _local(ticket.submitted_at)),
            ),
        ),
        Column(
            "requester",
            _("Pemohon"),
            (
                (_("Pemohon"), lambda ticket: ticket.requester),
                (_("Unit kerja"), lambda ticket: ticket.unit.name),
            ),
            for_staff=True,
        ),
        Column(
            "place",
            _("Tempat"),
            ((_("Ruang"), lambda ticket: ticket.room), (_("Kontak"), lambda ticket: ticket.contact)),
        ),
        Column("status", _("Status"), ((_("Status"), lambda ticket: ticket.get_status_display()),)),
        Column(
            "time",
            _("Waktu"),
            (
                (_("Jatuh tempo"), lambda ticket: _local(ticket.current_run.due_at if ticket.current_run else None)),
                (_("Ketepatan waktu"), lambda ticket: ticket.get_verdict_display()),
            ),
        ),
        Column(
            "closed",
            _("Ditutup"),
            (
                (_("Ditutup"), lambda ticket: _local(ticket.closed_at)),
                (_("Waktu kerja bersih (menit)"), lambda ticket: _minutes(ticket.net_seconds)),
            ),
        ),
        Column(
            "technician",
            _("Teknisi"),
            (
                (_("Teknisi"), lambda ticket: ticket.technician),
                (_("Prioritas"), lambda ticket: ticket.get_priority_display() if ticket.priority else ""),
            ),
        ),
    )
}
ALWAYS: Final = "title"
DEFAULT: Final = ("title", "requester", "status", "time", "technician")


def _minutes(seconds: int | None) -> object:
    return "" if seconds is None else seconds // 60


def offered(viewer: User) -> list[Column]:
    sees_all = viewer.has_perm("tickets.view_all_tickets")
    return [column for column in COLUMNS.values() if sees_all or not column.for_staff]


def chosen(names: Iterable[str], viewer: User) -> list[Column]:
    """Those that are named and may be shown, in their own order; the usual ones where none is named."""
    wanted = {*names} & {*COLUMNS} or {*DEFAULT}
    return [column for column in offered(viewer) if column.name in wanted | {ALWAYS}]


def written(columns: Iterable[Column]) -> str:
    """As an address and the database keep them."""
    return ",".join(column.name for column in columns)
