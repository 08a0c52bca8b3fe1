"""A requester's rating: one press on the ticket's page or on a page of its own, and the survey behind it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from accounts.viewer import viewer_of
from tickets import actions
from tickets.forms.rating import RatingForm, ScoreForm, SurveyForm
from tickets.models import Rating, Ticket
from tickets.page import TicketPage, load
from tickets.views.ticket import draw, wants_region


@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: HttpRequest, number: str) -> HttpResponse:
    """A link from a mail changes nothing: it names a grade, and the page waits for it to be sent."""
    ticket = _ratable(request, number)
    found = Rating.objects.filter(ticket=ticket).first()
    if request.method == "POST":
        return _rated(request, ticket, RatingForm(request.POST))
    known = {"score": found.score, "words": found.words} if found else {}
    if score := ScoreForm(request.GET).given:
        known["score"] = score
    return _page(request, ticket, RatingForm(initial=known))


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, number: str) -> HttpResponse:
    ticket = _ratable(request, number)
    found = Rating.objects.filter(ticket=ticket).first()
    if found is None:
        return redirect("tickets:rating", number)
    form = SurveyForm(request.POST if request.method == "POST" else None, rating=found)
    if not form.is_valid():
        context = {"ticket": ticket, "form": form}
        return render(request, "tickets/rating/survey.html", context, status=422 if form.is_bound else 200)
    actions.answer(ticket, answers=form.answers, by=viewer_of(request))
    messages.success(request, _("Terima kasih. Jawaban Anda sudah tersimpan."))
    return redirect(ticket)


def _ratable(request: HttpRequest, number: str) -> Ticket:
    """404 not visible, 403 somebody else's, 409 not done, or done too long ago."""
    viewer = viewer_of(request)
    ticket = load(viewer, number)
    actions.require_open_to_rating(ticket, viewer, actions.database_now())
    return ticket


def _rated(request: HttpRequest, ticket: Ticket, form: RatingForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, ticket, form, status=422)
    viewer = viewer_of(request)
    actions.rate(ticket, score=form.cleaned_data["score"], words=form.said, by=viewer)
    thanks = _("Terima kasih atas penilaian Anda.")
    if wants_region(request):
        page = TicketPage(viewer, load(viewer, ticket.number))
        return trigger_client_event(draw(request, page), "toast", {"tone": "good", "text": thanks})
    messages.success(request, thanks)
    return redirect("tickets:survey", ticket.number) if request.POST.get("next") == "survey" else redirect(ticket)


def _page(request: HttpRequest, ticket: Ticket, form: RatingForm, status: int = 200) -> HttpResponse:
    return render(request, "tickets/rating/rating.html", {"ticket": ticket, "form": form}, status=status)
