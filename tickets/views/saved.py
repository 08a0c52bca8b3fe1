"""Saved views and chosen columns of the ticket list, and the list as a file."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.viewer import viewer_of
from tickets import actions, columns, listing
from tickets.forms.filters import TicketFilter
from tickets.forms.views import ColumnsForm, ViewForm
from tickets.models import ListChoice, SavedView, Ticket


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    return _page(request, viewer_of(request))


def _page(request: HttpRequest, viewer: User, bound: ViewForm | None = None, status: int = 200) -> HttpResponse:
    """One's own, each with its form, and what others share. `bound` is the one whose input fell short."""
    found = SavedView.objects.visible_to(viewer).in_order()
    own = [view for view in found if view.owner_id == viewer.pk]
    forms = [bound if bound and bound.instance == view else _form_of(view, viewer) for view in own]
    context = {
        "forms": forms,
        "new": bound if bound and not bound.instance.pk else None,
        "shared": [view for view in found if view.owner_id != viewer.pk],
        "default": ListChoice.objects.filter(user=viewer).values_list("view", flat=True).first(),
    }
    return render(request, "tickets/views.html", context, status=status)


def _form_of(view: SavedView, viewer: User) -> ViewForm:
    return ViewForm(instance=view, owner=viewer, auto_id=f"view-{view.pk}-%s")


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """The list as it is shown, under a name."""
    viewer = viewer_of(request)
    form = ViewForm(request.POST, owner=viewer)
    view = form.keep()
    if view is None:
        return _page(request, viewer, form, status=422)
    messages.success(request, _("Tampilan “%s” disimpan.") % view)
    return redirect(view.get_absolute_url())


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, owner=viewer_of(request))


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    viewer, view = viewer_of(request), _own(request, pk)
    form = ViewForm(request.POST, instance=view, owner=viewer, auto_id=f"view-{pk}-%s")
    if form.keep() is None:
        return _page(request, viewer, form, status=422)
    messages.success(request, _("Tampilan diperbarui."))
    return redirect("tickets:views")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Locked first, as by who makes it their default: neither meets the other's work half done."""
    with transaction.atomic():
        get_object_or_404(SavedView.objects.select_for_update(), pk=pk, owner=viewer_of(request)).delete()
    messages.success(request, _("Tampilan dihapus."))
    return redirect("tickets:views")


@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    """The list opens with this view from now on; pressed again, no longer."""
    viewer = viewer_of(request)
    with transaction.atomic():
        view = get_object_or_404(SavedView.objects.visible_to(viewer).select_for_update(no_key=True), pk=pk)
        choice, _made = ListChoice.objects.get_or_create(user=viewer)
        choice.view = None if choice.view_id == view.pk else view
        choice.save(update_fields=["view"])
    return redirect("tickets:views")


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    form = ColumnsForm(request.POST, viewer=viewer_of(request))
    query = form.keep() if form.is_valid() else ""
    return redirect(reverse("tickets:list") + query)


@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The view's rows and columns, all of them."""
    viewer, now = viewer_of(request), actions.database_now()
    form = TicketFilter(request.GET, viewer=viewer)
    rows = form.ordered(form.narrowed(Ticket.objects.visible_to(viewer), now), now)
    names = form.column_names or ListChoice.of(viewer).names
    body = listing.as_csv(rows, columns.chosen(names, viewer), get_language() or "id")
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"tiket-{timezone.localtime(now):%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
