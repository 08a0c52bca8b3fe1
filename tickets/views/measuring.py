"""The browser test of step 5, opened on the PC that is set up: without log-in, for whoever holds a link's code.

What is asked many times in a row asks no database and holds no worker for long: the code is signed, pieces are small.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final

from csp.constants import SELF
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import Allowance, too_often
from accounts.network_address import client_address
from tickets import actions, measuring
from tickets.models import MeasuringLink, ReachTarget
from tickets.workflow import WorkflowError

#: Of one address in a minute: people who open the page or type a code, and measurements that arrive. Behind the
#: router of a whole office there are several PCs.
MOST_PAGES: Final = 60
MOST_RESULTS: Final = 30
#: Of one address in a minute and process: ten measurements.
_answers: Final = Allowance(10 * (measuring.TRIPS + 5))
_pieces: Final = Allowance(10 * 2 * measuring.MOST_BYTES // measuring.PIECE)

_PIECE: Final = os.urandom(measuring.PIECE)  # nothing on the way can make it smaller
_SIP: Final = 16 * 1024
_GULP_SECONDS: Final = 10

View = Callable[..., HttpResponse]


class CodeForm(forms.Form):
    """What stands beside the link's QR code."""

    kode = forms.CharField(label=_("Kode uji"), max_length=40)
    example = "4-kmfp-7xqw-r2ht"


@login_not_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Where the code is typed at the PC."""
    form = CodeForm(request.GET or None)
    code = measuring.written(form.cleaned_data["kode"]) if form.is_valid() else ""
    if code:
        return redirect("tickets:measure", code)
    return render(request, "tickets/measuring/find.html", {"form": form, "unknown": form.is_bound and not form.errors})


@login_not_required
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The test itself; 410 with a sentence where the link leads nowhere any more."""
    if too_often(request, "measure", most=MOST_PAGES):
        return render(request, "429.html", status=429)
    key = measuring.key_in(token)
    link = MeasuringLink.objects.select_related("run__ticket__device").filter(pk=key).first() if key else None
    if link is None:
        return render(request, "tickets/measuring/find.html", {"form": CodeForm(), "unknown": True}, status=404)
    if why := actions.refusal(link, actions.database_now()):
        return render(request, "tickets/measuring/over.html", {"why": why}, status=410)
    targets = ReachTarget.tried()
    response = _page(request, link, targets)
    # This page alone may ask the admin's sites whether they are there.
    response._csp_replace = {"connect-src": [SELF, *{target.origin for target in targets}]}  # type: ignore[attr-defined]
    return response


def _page(request: HttpRequest, link: MeasuringLink, targets: Sequence[ReachTarget]) -> HttpResponse:
    line = measuring.address(client_address(request), actions.plan_of(link.run.ticket))
    context = {
        "link": link,
        "ticket": link.run.ticket,
        "address": measuring.told([line])[0],
        "targets": targets,
        "limits": measuring,
        "newest": actions.newest_measurement(link.run),
    }
    return render(request, "tickets/measuring/page.html", context)


def _signed(allowance: Allowance) -> Callable[[View], View]:
    """For requests that come many times in a row, past log-in and CSRF: 404 without a code that we have signed, 429
    beyond the allowance; neither asks the database."""

    def wrap(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, token: str) -> HttpResponse:
            if measuring.key_in(token) is None:
                raise Http404
            return HttpResponse(status=429) if allowance.is_used_up(request) else view(request)

        return inner

    return wrap


@_signed(_answers)
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """As little as can be, for the time that it takes."""
    return HttpResponse(status=204)


@_signed(_pieces)
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_PIECE, content_type="application/octet-stream")
    response.headers["Content-Encoding"] = "identity"  # GZipMiddleware need not try
    return response


@_signed(_pieces)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Takes one piece and throws it away, sip by sip. What says that it is more is not read at all."""
    length = _length(request)
    if not 0 < length <= measuring.PIECE:
        return HttpResponse(status=413 if length else 411)
    until = time.monotonic() + _GULP_SECONDS
    while request.read(_SIP):
        if time.monotonic() > until:
            return HttpResponse(status=408)
    return HttpResponse(status=204)


@login_not_required
@csrf_exempt  # the code is the only authority here, and it stands in the address
@require_POST
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the figures; answers with the result as the page shows it."""
    key = measuring.key_in(token)
    link = MeasuringLink.objects.select_related("run").filter(pk=key).first() if key else None
    if link is None:
        raise Http404
    if too_often(request, "measured", most=MOST_RESULTS):
        return _result(request, 429, why=_("Terlalu sering diuji. Tunggu satu menit, lalu coba lagi."))
    if _length(request) > measuring.LARGEST:
        return _result(request, 413, why=_NONSENSE)
    try:
        figures = measuring.Figures.read(request.read(measuring.LARGEST + 1))
        agent = request.headers.get("User-Agent", "")
        newest = actions.keep_measurement(link, figures, origin=client_address(request), user_agent=agent)
    except measuring.FiguresError:
        return _result(request, 422, why=_NONSENSE)
    except WorkflowError as error:
        return _result(request, 409, why=error.message)
    return _result(request, 200, newest=newest)


_NONSENSE: Final = _("Ukurannya tidak masuk akal, jadi tidak dicatat. Muat ulang halaman ini, lalu uji lagi.")


def _result(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, "tickets/measuring/result.html", context, status=status)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else measuring.MOST_BYTES
