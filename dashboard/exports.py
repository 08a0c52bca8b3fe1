"""All tickets, or all their steps, as a table: what a list shows, without its pages.

Rows stream from the database's cursor into the file, so that memory does not grow with their number. Columns and words
are the office's own, Indonesian; times are those of its zone, lengths of time whole seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery, TextChoices
from django.db.models.functions import Extract
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from jobs import tables
from jobs.work import Job, Progress, kind
from tickets.actions import database_now
from tickets.forms.filters import STATES, TicketFilter
from tickets.models import Category, Hold, Priority, StepRun, Ticket
from tickets.queries import TicketQuerySet
from tickets.sla import Verdict
from tickets.workflow import Action, Status, Step

#: Rows that are fetched at a time.
CHUNK: Final = 5_000


class What(TextChoices):
    TICKETS = "tickets", pgettext_lazy("jamak", "Tiket")
    STEPS = "steps", _("Langkah tiket")


class Format(TextChoices):
    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("CSV")


class Column(NamedTuple):
    title: str
    source: Any  # a field's path, or an expression
    show: Callable[[Any], object] = lambda value: value


def local(at: datetime | None) -> str:
    """2026-11-29 08:12:05, in the office's zone: what every spreadsheet reads as a time."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def word_of(choices: Any) -> Callable[[Any], str]:
    """The choice's label as it is when it is asked for; empty for none."""

    def word(value: Any) -> str:
        return str(choices(value).label) if value not in (None, "") else ""

    return word


def yes_no(value: Any) -> str:
    return "ya" if value else "tidak"


TICKET_COLUMNS: Final = (
    Column("nomor tiket", "number"),
    Column("status", "status", word_of(Status)),
    Column("kategori", "category", word_of(Category)),
    Column("prioritas", "priority", word_of(Priority)),
    Column("permintaan", "title"),
    Column("pemohon", "requester__full_name"),
    Column("nip pemohon", "requester__nip"),
    Column("unit kerja", "unit__name"),
    Column("ruang", "room"),
    Column("teknisi", "technician__full_name"),
    Column("nama pc", "device__pc_name"),
    Column("diajukan", "submitted_at", local),
    Column("ditutup", "closed_at", local),
    Column("waktu kerja bersih (detik)", "net_seconds"),
    Column("ketepatan waktu", "verdict", word_of(Verdict)),
    Column("sop", "sop__number"),
)

_REASONS: Final = Subquery(
    Hold.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(
        told=StringAgg("reason__name", "; ", order_by="started_at")
    ).values("told")
)  # fmt: skip

STEP_COLUMNS: Final = (
    Column("nomor tiket", "ticket__number"),
    Column("langkah", "step"),
    Column("nama langkah", F("step"), word_of(Step)),
    Column("percobaan", "attempt"),
    Column("teknisi", "technician__full_name"),
    Column("unit kerja", "ticket__unit__name"),
    Column("kategori", "ticket__category", word_of(Category)),
    Column("prioritas", "ticket__priority", word_of(Priority)),
    Column("mulai", "started_at", local),
    Column("jatuh tempo", "due_at", local),
    Column("berakhir", "ended_at", local),
    Column("standar paling singkat (menit kerja)", "minimum"),
    Column("standar paling lama (menit kerja)", "maximum"),
    Column("waktu kerja bersih (detik)", "net_seconds"),
    Column("waktu kerja tertunda (detik)", "held_seconds"),
    Column(
        "waktu kotor (detik)", Extract(F("ended_at") - F("started_at"), "epoch"), lambda value: value and int(value)
    ),
    Column("hasil", "outcome", word_of(Action)),
    Column("ketepatan waktu", "verdict", word_of(Verdict)),
    Column("terlalu cepat", "too_fast", yes_no),
    Column("alasan penundaan", _REASONS),
)

COLUMNS: Final = {What.TICKETS: TICKET_COLUMNS, What.STEPS: STEP_COLUMNS}


def chosen_tickets(query: str, viewer: User, now: datetime) -> TicketQuerySet:
    """The tickets of the list whose address has this query string, all of them."""
    form = TicketFilter(QueryDict(query), viewer=viewer)
    tickets = form.narrowed(Ticket.objects.visible_to(viewer), now)
    return STATES[form.group].choose(tickets, now).order_by("pk")


def count(what: What, tickets: TicketQuerySet) -> int:
    found: int = _source(what, tickets).count()
    return found


def rows(what: What, tickets: TicketQuerySet) -> Iterator[Sequence[object]]:
    """Inside a transaction: a cursor that outlives one would be kept whole by the server first."""
    columns = COLUMNS[what]
    shows = [column.show for column in columns]
    sources = [F(column.source) if isinstance(column.source, str) else column.source for column in columns]
    for values in _source(what, tickets).values_list(*sources).iterator(chunk_size=CHUNK):
        yield [show(value) for show, value in zip(shows, values, strict=True)]


def _source(what: What, tickets: TicketQuerySet) -> Any:
    if what == What.TICKETS:
        return tickets
    return StepRun.objects.filter(ticket__in=tickets.order_by().values("pk")).order_by("pk")


def file_name(what: What, format: Format, now: datetime) -> str:
    return f"halocik-{'tiket' if what == What.TICKETS else 'langkah'}-{timezone.localtime(now):%Y%m%d-%H%M}.{format}"


WRITERS: Final = {Format.CSV: (tables.write_csv, "text/csv"), Format.XLSX: (tables.write_xlsx, tables.XLSX)}


@kind("dashboard.export", label=_("Ekspor data"))
def export(job: Job, progress: Progress) -> None:
    """`params`: query (a list's query string), what, format."""
    owner, now = job.owner, database_now()
    if not owner.has_perm("tickets.view_figures"):
        raise ValidationError(_now("Anda tidak lagi berwenang mengekspor data."))
    what, format = What(job.params["what"]), Format(job.params["format"])
    write, content_type = WRITERS[format]
    tickets = chosen_tickets(job.params["query"], owner, now)
    with transaction.atomic(), job.write_result(file_name(what, format, now), content_type) as file:
        total = count(what, tickets)
        with translation.override("id"):
            header = [column.title for column in COLUMNS[what]]
            write(file, header, _told(rows(what, tickets), progress, total))
    job.message = _now("%(count)d baris diekspor.") % {"count": job.done}


def _told(rows: Iterable[Sequence[object]], progress: Progress, total: int) -> Iterator[Sequence[object]]:
    progress(0, total)
    for number, row in enumerate(rows, start=1):
        yield row
        progress(number, max(number, total))
