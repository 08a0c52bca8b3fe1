"""`laporan/`: the monthly reports, and the export of tickets and steps. For who may see the office's figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.viewer import viewer_of
from dashboard import exports, reports
from dashboard.models import MonthlyReport, ReportFile
from dashboard.periods import Period, Unit
from jobs import files, work
from jobs.paging import ListForm, Sort, capped_count, count_words
from jobs.work import Job, Progress, kind
from tickets.actions import database_now

sees_figures = permission_required("tickets.view_figures", raise_exception=True)

_TYPES = {ReportFile.Format.PDF: "application/pdf", ReportFile.Format.XLSX: exports.WRITERS[exports.Format.XLSX][1]}


class ReportList(ListForm):
    SORTS = {"newest": Sort(_("Bulan terbaru"), ("-month", "-pk"))}


class ExportForm(forms.Form):
    """`query`: the address of the ticket list whose tickets are wanted."""

    what = forms.ChoiceField(label=_("Isi"), choices=exports.What.choices, initial=exports.What.TICKETS)
    format = forms.ChoiceField(label=_("Format"), choices=exports.Format.choices, initial=exports.Format.XLSX)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """One that no page would read is 400 here, and no failure of a worker."""
        query = str(self.cleaned_data["query"])
        QueryDict(query)
        return query


class MonthForm(forms.Form):
    """One of the months that have no report yet."""

    month = forms.ChoiceField(label=_("Bulan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        months = reports.months_without(database_now())
        field.choices = [(day.isoformat(), Period.around(day, Unit.MONTH).words) for day in months]


@kind("dashboard.report", label=_("Laporan bulanan"))
def make_report(job: Job, progress: Progress) -> None:
    """`params`: month, its first day."""
    month = parse_date(job.params["month"])
    assert month is not None
    progress(0, 1)
    report = reports.file_month(month)
    job.message = _now("Laporan %(month)s tersimpan di halaman Laporan.") % {"month": report.month_words}


@require_safe
@sees_figures
def report_list(request: HttpRequest) -> HttpResponse:
    """A list's filters in the address are those of the export."""
    return _page(request, ExportForm(initial={"query": request.GET.urlencode()}), MonthForm())


@require_POST
@sees_figures
def export(request: HttpRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, form, MonthForm(), status=422)
    return redirect(work.start("dashboard.export", by=viewer_of(request), params=form.cleaned_data))


@require_POST
@sees_figures
def make(request: HttpRequest) -> HttpResponse:
    form = MonthForm(request.POST)
    if not form.is_valid():
        return _page(request, ExportForm(), form, status=422)
    return redirect(work.start("dashboard.report", by=viewer_of(request), params=form.cleaned_data))


@require_safe
@sees_figures
def download(request: HttpRequest, month: str, format: str) -> HttpResponseBase:
    """The file as it was made; `month` as 2026-10."""
    try:
        first = parse_date(f"{month}-01")
    except ValueError:
        first = None
    if first is None or format not in ReportFile.Format.values:
        raise Http404
    file = get_object_or_404(ReportFile.objects.select_related("report"), report__month=first, format=format)
    return files.download(file.name, file.label, _TYPES[ReportFile.Format(format)])


def _page(request: HttpRequest, export_form: ExportForm, month: MonthForm, *, status: int = 200) -> HttpResponse:
    query = str(export_form["query"].value() or "")
    chosen = exports.chosen_tickets(query, viewer_of(request), database_now())
    context = {
        "page": ReportList(request.GET).page(MonthlyReport.objects.prefetch_related("files")),
        "export_form": export_form,
        "month_form": month,
        "chosen": count_words(capped_count(chosen)),
        "query": query,
    }
    return render(request, "dashboard/reports.html", context, status=status)
