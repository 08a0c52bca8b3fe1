"""What a person wants to be told, and the chat addresses by which they are reached."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.viewer import viewer_of
from tickets import notify
from tickets.forms.notices import ChatAddressForm, SwitchesForm
from tickets.models import ChatAddress

#: Seconds between two tests of one person.
BETWEEN_TESTS: Final = 10


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if request.method != "POST":
        return _draw(request, viewer)
    form = SwitchesForm(request.POST, user=viewer)
    if form.is_valid():
        form.save()
        messages.success(request, _("Pilihan Anda tersimpan."))
    return redirect("tickets:notice-preferences")


def _draw(
    request: HttpRequest, viewer: User, chat_form: ChatAddressForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "switches": SwitchesForm(user=viewer),
        "chat_form": chat_form or ChatAddressForm(user=viewer),
        "addresses": [(address, notify.masked(address.url)) for address in viewer.chat_addresses.all()],
    }
    return render(request, "tickets/notices/preferences.html", context, status=status)


@require_POST
def add_address(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = ChatAddressForm(request.POST, user=viewer)
    if not form.is_valid():
        return _draw(request, viewer, form, status=422)
    form.save()
    messages.success(request, _("Alamat tersimpan. Kirim uji coba untuk memastikan pesannya sampai."))
    return redirect("tickets:notice-preferences")


def _own(viewer: User, pk: int) -> ChatAddress:
    address = viewer.chat_addresses.filter(pk=pk).first()
    if address is None:
        raise Http404
    return address


@require_POST
def remove_address(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits to be sent there goes with it."""
    _own(viewer_of(request), pk).delete()
    messages.success(request, _("Alamat dihapus."))
    return redirect("tickets:notice-preferences")


@require_POST
def try_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent within the request, which waits for the service a few seconds at most: the person wants to know now."""
    viewer = viewer_of(request)
    address = _own(viewer, pk)
    if not cache.add(f"chat-test:{viewer.pk}", True, BETWEEN_TESTS):
        messages.warning(request, _("Tunggu beberapa detik sebelum mencoba lagi."))
        return redirect("tickets:notice-preferences")
    try:
        notify.try_address(address)
    except notify.NotSent as error:
        messages.error(request, _("Uji coba tidak terkirim. %s") % error)
    else:
        messages.success(request, _("Uji coba terkirim. Periksa aplikasi obrolan Anda."))
    return redirect("tickets:notice-preferences")
