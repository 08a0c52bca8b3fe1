"""A ticket's documents: the list that waits for those being made, the download, the public page that verifies one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.limits import too_often
from accounts.viewer import viewer_of
from jobs import files
from tickets import documents
from tickets.models import Document
from tickets.page import TicketPage, load

#: A person looks at a few papers; a program that tries codes is stopped.
MOST_A_MINUTE = 60


class CodeForm(forms.Form):
    """What stands beneath a document's QR code."""

    kode = forms.CharField(label=_("Kode verifikasi"), max_length=60)


@require_safe
def document_list(request: HttpRequest, number: str) -> HttpResponse:
    """The ticket page's list, drawn anew while one of its documents is being made."""
    user = viewer_of(request)
    page = TicketPage(user, load(user, number))
    return render(request, "tickets/partials/document_list.html", {"page": page})


@require_safe
def download(request: HttpRequest, number: str, name: UUID) -> HttpResponseBase:
    """The PDF as it was made; 404 unless its ticket may be seen."""
    ticket = load(viewer_of(request), number)
    document = Document.objects.filter(ticket=ticket, name=name).first()
    if document is None:
        raise Http404
    return files.download(document.name, document.file_name, "application/pdf")


@login_not_required
@require_safe
def verify_any(request: HttpRequest) -> HttpResponse:
    """Where somebody without a camera types the code."""
    form = CodeForm(request.GET or None)
    code = documents.written_code(form.cleaned_data["kode"]) if form.is_valid() else ""
    return redirect("tickets:verify", code) if code else render(request, "tickets/verify.html", {"form": form})


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a document's QR code opens: genuine or not, and nothing of any person."""
    if too_often(request, "verify", most=MOST_A_MINUTE):
        return render(request, "429.html", status=429)
    document = documents.genuine(code)
    if document is None:
        return render(request, "tickets/verify.html", {"form": CodeForm(), "unknown": True}, status=404)
    return render(request, "tickets/verify.html", {"document": document})
