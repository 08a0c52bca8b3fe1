"""A person's long work: the list, one job with its progress, its files."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.viewer import viewer_of
from jobs import files, work
from jobs.models import Job, JobFile
from jobs.paging import ListForm, Sort


class JobListForm(ListForm):
    SORTS: ClassVar = {"newest": Sort(gettext_lazy("Terbaru"), ("-pk",))}


def own_job(request: HttpRequest, pk: int, **which: str) -> Job:
    """404 for anybody but its owner."""
    return get_object_or_404(Job.objects.of(viewer_of(request)), pk=pk, **which)


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    page = JobListForm(request.GET).page(Job.objects.of(viewer_of(request)))
    return render(request, "jobs/list.html", {"page": page})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "jobs/detail.html", {"job": own_job(request, pk)})


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """What a page asks while the job runs; once it is over, the page is drawn anew, whichever it is."""
    job = own_job(request, pk)
    response = render(request, "jobs/partials/progress.html", {"job": job})
    if job.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = own_job(request, pk)
    if work.cancel(job):
        messages.success(request, _("Pekerjaan dibatalkan."))
    else:
        messages.warning(request, _("Pekerjaan ini sudah berakhir."))
    return redirect(job)


@require_safe
def file(request: HttpRequest, pk: int, name: UUID) -> HttpResponseBase:
    found = get_object_or_404(JobFile, job=own_job(request, pk), name=name)
    return files.download(found.name, found.label, found.content_type)
