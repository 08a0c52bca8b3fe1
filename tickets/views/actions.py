"""One view per action."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tickets.workflow import Action

View = Callable[..., HttpResponse]


def view_of(action: Action) -> View:
    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        raise Http404

    return view
