"""What the pages of the registry have in common."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

sees_registry = permission_required("network.view_all_devices", raise_exception=True)
imports_devices = permission_required("network.import_devices", raise_exception=True)
edits_registry = permission_required("network.edit_registry", raise_exception=True)


def form_page(request: HttpRequest, form: Any, template: str, **context: Any) -> HttpResponse:
    """A page around a form; 422 when it was refused."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
