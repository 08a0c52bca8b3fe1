"""The page akun/impor/: upload, look at what would happen, then store all of it or nothing.

Between the two steps the rows lie in the cache in PostgreSQL, under the user and a random word; what comes back from
the browser is only that word.
"""

from secrets import token_urlsafe

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import import_files, imports
from accounts.viewer import viewer_of
from jobs.plans import Line

_KEPT = 30 * 60  # seconds between preview and commit
may_import = permission_required("accounts.import_users", raise_exception=True)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas CSV atau XLSX"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self) -> list[Line]:
        return import_files.read(self.cleaned_data["file"])


class CommitForm(forms.Form):
    token = forms.RegexField(r"\A[\w-]{10,64}\Z")


@may_import
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not (form.is_bound and form.is_valid()):
        return _show(request, form, status=422 if request.method == "POST" else 200)
    lines = form.cleaned_data["file"]
    plan = imports.plan(lines, by=viewer_of(request))
    token = ""
    if not plan.count("error"):
        token = token_urlsafe(24)
        cache.set(_key(request, token), lines, _KEPT)
    return _show(request, UploadForm(), plan=plan, token=token, status=200 if token else 422)


@may_import
@require_POST
def commit(request: HttpRequest) -> HttpResponse:
    form = CommitForm(request.POST)
    key = _key(request, form.cleaned_data["token"]) if form.is_valid() else ""
    lines = cache.get(key) if key else None
    if lines is None:
        messages.error(request, _("Pratinjau ini sudah kedaluwarsa. Unggah berkasnya sekali lagi."))
        return redirect("accounts:import")
    try:
        plan = imports.apply(lines, by=viewer_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:import")
    if plan.count("error"):
        return _show(request, UploadForm(), plan=plan, status=422)
    cache.delete(key)
    messages.success(request, _("Impor selesai: %(added)d ditambahkan, %(updated)d diperbarui.") % plan.counts)
    return redirect("accounts:import")


@may_import
@require_GET
def template_csv(request: HttpRequest) -> HttpResponse:
    return _download("pegawai.csv", import_files.example_csv(), "text/csv; charset=utf-8")


@may_import
@require_GET
def template_xlsx(request: HttpRequest) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download("pegawai.xlsx", import_files.example_xlsx(), kind)


def _download(name: str, content: bytes, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _show(
    request: HttpRequest, form: UploadForm, *, plan: imports.Plan | None = None, token: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "plan": plan, "token": token, "columns": imports.COLUMNS}
    return render(request, "accounts/import.html", context, status=status)


def _key(request: HttpRequest, token: str) -> str:
    return f"employees-import:{request.user.pk}:{token}"
