"""The calendar: a page for everybody, and for those who publish it an edit page, a preview and the proposals."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.viewer import viewer_of
from worktime import actions
from worktime.draft import Draft, checked
from worktime.editor import Editor, added_words, with_library
from worktime.effect import Effect
from worktime.forms import MonthForm, PublishForm, YearForm
from worktime.models import CalendarProposal, CalendarRevision
from worktime.month import month_of, notes

publishes = permission_required("worktime.add_calendarrevision", raise_exception=True)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = MonthForm(request.GET)
    first = form.chosen(today)
    current = CalendarRevision.objects.current()
    shown = form.cleaned_data.get("revision") or current
    context = {
        "form": MonthForm(initial={"year": first.year, "month": first.month, "revision": shown.number}),
        "month": month_of(shown, first),
        "today": today,
        "current": current,
        "shown": shown,
        "revisions": CalendarRevision.objects.defer("data").select_related("published_by")[:50],
        "notes": notes(current, today),
        "proposal": _open_proposal() if request.user.has_perm("worktime.add_calendarrevision") else None,
    }
    return render(request, "worktime/calendar.html", context)


@publishes
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """GET begins a draft; POST carries one on: `step` is preview, year, rows, library, again or merge."""
    if request.method == "POST":
        return _carry_on(request)
    proposal = _open_proposal() if "proposal" in request.GET else None
    draft = Draft.of(CalendarRevision.objects.current(), proposal)
    form = MonthForm(request.GET)
    year = proposal.years()[-1] if proposal else form.chosen(timezone.localdate()).year
    return _edit_page(request, Editor(draft, year, _zone()))


@publishes
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    draft = _posted(request)
    if draft is None:
        return _begin_again(request)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            revision = actions.publish(
                base=draft.base, data=draft.data, proposal=draft.proposal, by=viewer_of(request), **form.cleaned_data
            )
        except actions.CalendarChanged as error:
            return _preview_page(request, draft, form, changed=error.current)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("Revisi %(number)d diterbitkan.") % {"number": revision.number})
            return redirect("worktime:calendar")
    return _preview_page(request, draft, form)


@publishes
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    done = actions.dismiss(get_object_or_404(CalendarProposal, pk=pk), by=viewer_of(request))
    if done:
        messages.success(request, _("Usulan diabaikan; usulan yang sama tidak dibuat lagi."))
    else:
        messages.info(request, _("Usulan itu sudah diputuskan."))
    return redirect("worktime:calendar")


def _carry_on(request: HttpRequest) -> HttpResponse:
    draft, step = _posted(request), request.POST.get("step", "")
    if draft is None:
        return _begin_again(request)
    if step == "merge":
        merged = draft.merged(CalendarRevision.objects.current())
        return _preview_page(request, merged, PublishForm(initial={"name": request.POST.get("name", "")[:200]}))
    years = YearForm(request.POST)
    years.is_valid()
    year = years.cleaned_data.get("year") or timezone.localdate().year
    if step == "again":
        return _edit_page(request, Editor(draft, year, _zone()))
    editor = Editor(draft, year, _zone(), request.POST)
    if not editor.is_valid():
        return _edit_page(request, editor)
    return _next_page(request, editor.result, step, year, years.cleaned_data.get("go_year") or year)


def _next_page(request: HttpRequest, draft: Draft, step: str, year: int, wanted: int) -> HttpResponse:
    if step == "year":
        return _edit_page(request, Editor(draft, wanted, _zone()))
    if step == "library":
        draft, number = with_library(draft, year)
        return _edit_page(request, Editor(draft, year, _zone()), added_words(number, year))
    if step == "rows":
        return _edit_page(request, Editor(draft, year, _zone()))
    return _preview_page(request, draft, PublishForm(), year=year)


def _posted(request: HttpRequest) -> Draft | None:
    try:
        return Draft.read(request.POST.get("draft", ""), viewer_of(request))
    except signing.BadSignature:
        return None


def _begin_again(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Rancangan ini sudah terlalu lama atau tidak lengkap. Mulai lagi dari kalender terbaru."))
    return redirect("worktime:edit")


def _edit_page(request: HttpRequest, editor: Editor, told: str = "") -> HttpResponse:
    context = {
        "editor": editor,
        "token": editor.draft.token(viewer_of(request)),
        "years": YearForm(initial={"year": editor.year, "go_year": editor.year + 1}),
        "told": told,
    }
    return render(request, "worktime/edit.html", context, status=422 if editor.refused else 200)


def _preview_page(
    request: HttpRequest,
    draft: Draft,
    form: PublishForm,
    changed: CalendarRevision | None = None,
    year: int | None = None,
) -> HttpResponse:
    """What the draft changes in the current calendar; 409 when that is not the one it was made from."""
    current = CalendarRevision.objects.current()
    if changed is None and draft.base != current.number:
        changed = current
    context: dict[str, Any] = {
        "form": form,
        "token": draft.token(viewer_of(request)),
        "effect": Effect(current.calendar, checked(current.zone, draft.data), timezone.localdate()),
        "unchanged": draft.data == current.data,
        "current": current,
        "changed": changed,
        "year": year or request.POST.get("year", ""),
    }
    return render(request, "worktime/preview.html", context, status=409 if changed else 422 if form.errors else 200)


def _open_proposal() -> CalendarProposal | None:
    return CalendarProposal.objects.filter(state=CalendarProposal.State.OPEN).first()


def _zone() -> str:
    return CalendarRevision.objects.current().zone
