"""The long work of import and export: look at a file, store it, write one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs import plans, tables
from jobs.work import Job, Progress, kind
from network.forms import DeviceListForm
from network.imports import columns, writing
from network.imports.plan import DeviceRow, plan
from network.models import IPAssignment

MAX_ROWS: Final = 20_000
PREVIEW: Final = "network.preview"
IMPORT: Final = "network.import"
EXPORT: Final = "network.export"
CSV: Final = "csv"
XLSX: Final = "xlsx"
CONTENT_TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: How many rows of each sort a page shows; all of the bad ones are in a file.
MOST_SHOWN: Final = 200


def _to_preview(job: Job) -> str:
    return reverse("network:import-preview", args=[job.pk])


@kind(PREVIEW, label=gettext_lazy("Pemeriksaan berkas impor"), link=_to_preview)
def look(job: Job, progress: Progress) -> None:
    """Every row's errors at once, and what would be added and changed. Stores nothing."""
    lines = _read(job)
    progress(0, len(lines))
    rows = plan(lines, progress)
    job.result = {"counts": plans.counts(rows), "sha256": job.input.sha256, **_shown(rows)}
    job.message = _counted(job.result["counts"])
    _write_bad_rows(job, rows)


@kind(IMPORT, label=gettext_lazy("Impor perangkat"), atomic=True, link=lambda _job: reverse("network:device-list"))
def store(job: Job, progress: Progress) -> None:
    """The file of the preview, all of it or, with `skip`, the rows without an error; as the registry is now."""
    if not job.owner.has_perm("network.import_devices"):
        raise ValidationError(_("Anda tidak lagi berwenang mengimpor perangkat."))
    preview = Job.objects.of(job.owner).filter(pk=job.params["preview"], kind=PREVIEW).first()
    if preview is None or preview.input.sha256 != job.params["sha256"]:
        raise ValidationError(_("Berkasnya sudah tidak ada. Unggah sekali lagi."))
    lines = _read(preview)
    progress(0, len(lines))
    try:
        rows = writing.write(lines, skip=job.params["skip"], by=job.owner, tell=progress)
    except writing.BadRows as bad:
        faults = plans.counts(bad.rows)["error"]
        raise ValidationError(
            _("Registri berubah sejak pratinjau: %d baris kini bermasalah. Unggah berkasnya sekali lagi.") % faults
        ) from bad
    job.result = {"counts": plans.counts(rows)}
    job.message = _counted(job.result["counts"])
    _write_bad_rows(job, rows)


@kind(EXPORT, label=gettext_lazy("Ekspor perangkat"))
def export(job: Job, progress: Progress) -> None:
    """The devices in service that the list shows the job's owner under the filters of `params`."""
    form = DeviceListForm(job.params["filter"])
    devices = form.devices_for(job.owner).in_service().order_by(*DeviceListForm.SORTS["nama"].key)
    addresses = dict(IPAssignment.objects.active().values_list("device_id", "address"))
    total = devices.count()

    def rows() -> Iterator[list[str]]:
        found = devices.prefetch_related(None).iterator(chunk_size=2000)
        for number, device in enumerate(found):
            progress(number, total)
            yield columns.cells_of(device, addresses.get(device.pk, ""))

    with job.write_result(f"perangkat.{job.params['format']}", CONTENT_TYPES[job.params["format"]]) as file:
        _writer(job.params["format"])(file, columns.COLUMNS, rows())
    job.message = _("%d perangkat.") % total


def example(form: str) -> bytes:
    """The file to fill in."""
    stream = io.BytesIO()
    _writer(form)(stream, columns.COLUMNS, columns.EXAMPLE)
    return stream.getvalue()


def _writer(form: str) -> Any:
    return tables.write_xlsx if form == XLSX else tables.write_csv


def _read(job: Job) -> list[plans.Line]:
    try:
        with job.input.open() as file:
            table = tables.read_rows(file, max_rows=MAX_ROWS)
    except OSError as error:
        raise ValidationError(_("Berkasnya sudah tidak ada. Unggah sekali lagi.")) from error
    empty = _("Berkas hanya berisi judul kolom, belum ada perangkat.")
    return plans.lines_of(table, known=columns.COLUMNS, required=(), empty=empty, ignored=columns.FAULTS)


def _counted(counts: dict[str, int]) -> str:
    said = _("%(added)d ditambahkan, %(updated)d diperbarui, %(unchanged)d tetap.") % counts
    return f"{said} {_('%(error)d baris bermasalah.') % counts}" if counts["error"] else said


def _shown(rows: Iterable[DeviceRow]) -> dict[str, Any]:
    """What the page of a preview shows."""
    bad: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for row in rows:
        name = row.cells[columns.NAME] or row.device.pc_name or row.cells[columns.NUMBER] or "–"
        if row.errors:
            faults = [(column, sentence) for column, found in row.errors.items() for sentence in found]
            bad.append({"line": row.line, "name": name, "errors": faults})
        elif row.state != "unchanged" and len(changed) < MOST_SHOWN:
            changed.append({"line": row.line, "name": name, "is_new": row.is_new, "changes": row.changes})
    return {"bad": bad[:MOST_SHOWN], "changed": changed}


def _write_bad_rows(job: Job, rows: Sequence[DeviceRow]) -> None:
    """As they were uploaded, with what is wrong beside each: to be mended and uploaded again."""
    bad = [row for row in rows if row.errors]
    if not bad:
        return
    with job.write_result(_("baris-bermasalah.xlsx"), CONTENT_TYPES[XLSX]) as file:
        tables.write_xlsx(file, [*columns.COLUMNS, *columns.FAULTS], map(_with_faults, bad))


def _with_faults(row: DeviceRow) -> list[str]:
    faults = "; ".join(f"{column}: {' '.join(found)}" for column, found in row.errors.items())
    return [*(row.cells[column] for column in columns.COLUMNS), str(row.line), faults]
