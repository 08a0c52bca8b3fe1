"""The SOP's equipment: what there is, each item's movements, and an admin's receipts and counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.viewer import viewer_of
from tickets import actions
from tickets.forms.stock import STATES, CorrectionForm, EquipmentListForm, MovementListForm, ReceiptForm
from tickets.models import Equipment

sees_stock = permission_required("tickets.view_equipment", raise_exception=True)
keeps_stock = permission_required("tickets.change_equipment", raise_exception=True)


@require_safe
@sees_stock
def equipment_list(request: HttpRequest) -> HttpResponse:
    form = EquipmentListForm(request.GET)
    chosen = form.chosen("state") or "active"
    context = {
        "form": form,
        "page": form.page(form.rows()),
        "chips": [
            {"label": label, "url": f"?state={name}", "active": name == chosen} for name, label in STATES.items()
        ],
        "filtered": bool(form.chosen("q")) or chosen != "active",
    }
    return render(request, "tickets/equipment/list.html", context)


@require_safe
@sees_stock
def equipment(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Equipment, pk=pk))


@require_POST
@keeps_stock
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, "receipt", ReceiptForm(request.POST, prefix="receipt"), actions.receive_stock)


@require_POST
@keeps_stock
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, "correction", CorrectionForm(request.POST, prefix="correction"), actions.correct_stock)


def _acted(request: HttpRequest, pk: int, name: str, form: Form, act: Callable[..., Equipment]) -> HttpResponse:
    item = get_object_or_404(Equipment, pk=pk)
    if form.is_valid():
        try:
            item = act(item, by=viewer_of(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Tersimpan. Stok sekarang %s.") % item.amount)
            return redirect(item)
    return _page(request, item, status=422, **{name: form})


def _page(request: HttpRequest, item: Equipment, status: int = 200, **bound: Any) -> HttpResponse:
    movements = MovementListForm(request.GET)
    context = {
        "item": item,
        "page": movements.page(movements.rows(item)),
        "receipt": ReceiptForm(prefix="receipt"),
        "correction": CorrectionForm(prefix="correction", initial={"expected": item.stock}),
        **bound,
    }
    return render(request, "tickets/equipment/detail.html", context, status=status)
