"""One list, one form, and an answer that is always the same."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bench.floor.models import Note, Thing


class NoteForm(forms.Form):
    title = forms.CharField(max_length=120)
    text = forms.CharField(widget=forms.Textarea)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the same")


@login_required
def things(request: HttpRequest, state: int = 3) -> HttpResponse:
    newest = Thing._default_manager.filter(state=state).order_by("-made_at")[:25]
    return render(request, "floor/list.html", {"things": newest})


@login_required
def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            Note._default_manager.create(author=request.user, **form.cleaned_data)
        return redirect("list")
    return render(request, "floor/note.html", {"form": form})
