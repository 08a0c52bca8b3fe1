"""The links of wall displays: made, seen and revoked by whoever may."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.links import public_link
from accounts.models import User
from accounts.viewer import viewer_of
from dashboard.models import Display, hashed, new_token
from jobs.instants import database_now

manages = permission_required("dashboard.manage_displays", raise_exception=True)

#: Revoked ones that are shown; the rest is kept.
REVOKED_SHOWN: Final = 10


class DisplayForm(forms.ModelForm[Display]):
    class Meta:
        model = Display
        fields = ("name", "theme", "language")

        help_texts = {"name": _("Supaya Anda mengenalinya lagi, misalnya “TV ruang TI”.")}

    use_required_attribute = False

    def make(self, by: User) -> tuple[Display, str] | None:
        """The new display and its token, which is known from now on to the link alone; None where the input falls
        short."""
        if not self.is_valid():
            return None
        token = new_token()
        facts = self.cleaned_data | {"token_hash": hashed(token), "made_by": by, "made_at": database_now()}
        try:
            with transaction.atomic():
                return Display.objects.create(**facts), token
        except IntegrityError:
            self.add_error("name", ValidationError(_now("Nama ini sudah dipakai layar lain. Pilih nama lain.")))
            return None


@require_http_methods(["GET", "HEAD", "POST"])
@manages
def displays(request: HttpRequest) -> HttpResponse:
    """The list; a new link stands on the answer to its form, once. Sent twice, the name is taken."""
    if request.method != "POST":
        return _page(request, DisplayForm())
    form = DisplayForm(request.POST)
    made = form.make(by=viewer_of(request))
    if made is None:
        return _page(request, form, status=422)
    display, token = made
    link = public_link(reverse("dashboard:wall", args=[token]))
    return _page(request, DisplayForm(), status=201, made=display, link=link)


def _page(request: HttpRequest, form: DisplayForm, *, status: int = 200, **context: Any) -> HttpResponse:
    known = Display.objects.select_related("made_by", "revoked_by")
    context |= {
        "form": form,
        "live": known.live().order_by("name"),
        "revoked": known.exclude(revoked_at=None).order_by("-revoked_at", "-pk")[:REVOKED_SHOWN],
    }
    return render(request, "dashboard/displays.html", context, status=status)


@require_POST
@manages
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    display = get_object_or_404(Display, pk=pk)
    Display.objects.live().filter(pk=pk).update(revoked_at=database_now(), revoked_by=viewer_of(request))
    messages.success(request, _now("Tautan “%s” dicabut; layarnya berhenti dalam 15 detik.") % display)
    return redirect("dashboard:displays")
