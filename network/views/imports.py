"""Devices from a table and to one: both are long work, shown by their jobs."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.viewer import viewer_of
from jobs.models import Job
from jobs.tables import MAX_BYTES
from jobs.views import own_job
from jobs.work import start
from network.forms import ByAction, DeviceListForm
from network.imports import columns, work
from network.views.base import form_page, imports_devices, sees_registry

FORMATS: Final = [(work.XLSX, "XLSX (Excel)"), (work.CSV, "CSV")]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas CSV atau XLSX"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("Berkas terlalu besar; paling besar %(size)d MB.") % {"size": MAX_BYTES // 1024**2})
        return file


class CommitForm(forms.Form):
    """`skip`: the rows without an error, though there are others."""

    skip = forms.BooleanField(required=False)


class ExportForm(ByAction, DeviceListForm):
    """The filters of the list, and what to make of it."""

    form = forms.ChoiceField(label=gettext_lazy("Jenis berkas"), choices=FORMATS, widget=forms.RadioSelect)
    field_order = ("form", "q", "kind", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("service", "sort", "after", "before"):
            del self.fields[name]
        self.fields["q"].label = gettext_lazy("Awal nama PC, alamat IP, alamat MAC, atau NUP")


@imports_devices
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        job = start(work.PREVIEW, by=viewer_of(request), upload=form.cleaned_data["file"])
        return redirect("network:import-preview", job.pk)
    return form_page(request, form, "network/import.html", columns=columns.COLUMNS, most=work.MAX_ROWS)


@imports_devices
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do: its progress, then its result, and the button that stores it."""
    job = own_job(request, pk, kind=work.PREVIEW)
    context = {"job": job, "stored": _stored(job), "shown": work.MOST_SHOWN}
    return render(request, "network/import_preview.html", context)


@imports_devices
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts to store the previewed file; once, however often the button is pressed."""
    form = CommitForm(request.POST)
    with transaction.atomic():
        job = own_job(request, pk, kind=work.PREVIEW, state=Job.State.DONE)
        Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        stored, counts = _stored(job), job.result["counts"]
        skip = form.is_valid() and form.cleaned_data["skip"]
        if stored is None and (skip or not counts["error"]) and counts["added"] + counts["updated"]:
            params = {"preview": job.pk, "sha256": job.result["sha256"], "skip": skip}
            stored = start(work.IMPORT, by=viewer_of(request), params=params)
    if stored is None:
        messages.error(request, _("Belum ada yang disimpan: perbaiki dahulu baris yang bermasalah."))
        return redirect("network:import-preview", pk)
    return redirect(stored)


@imports_devices
@require_safe
def example(request: HttpRequest, form: str) -> HttpResponse:
    """The file to fill in."""
    if form not in work.CONTENT_TYPES:
        raise Http404
    disposition = content_disposition_header(True, f"perangkat.{form}") or ""
    headers = {"Content-Disposition": disposition}
    return HttpResponse(work.example(form), content_type=work.CONTENT_TYPES[form], headers=headers)


@sees_registry
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = ExportForm(sent, initial={**request.GET.dict(), "form": work.XLSX})
    if request.method == "POST" and form.is_valid():
        chosen = {name: request.POST.get(name, "") for name in ("q", "kind", "unit")}
        params = {"format": form.cleaned_data["form"], "filter": chosen}
        return redirect(start(work.EXPORT, by=viewer_of(request), params=params))
    return form_page(request, form, "network/export.html")


def _stored(preview: Job) -> Job | None:
    """The job that stores this preview's file, unless it came to nothing."""
    vain = [Job.State.FAILED, Job.State.CANCELLED]
    return Job.objects.filter(kind=work.IMPORT, params__preview=preview.pk).exclude(state__in=vain).first()
