"""A view that is deleted while others make it theirs, and a question that eight admins put better at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office, make_office
from tests.tickets.racing import THREADS, Track, won
from tickets import actions
from tickets.integrity import violations
from tickets.models import ListChoice, SavedView, SurveyElement
from tickets.workflow import Status

pytestmark = pytest.mark.race
ROUNDS = 10


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    yield make_office(now=actions.database_now())
    assert list(violations()) == []


def test_a_view_is_deleted_while_others_make_it_theirs(office: Office, track: Track) -> None:
    """Whoever comes late finds nothing; nobody meets the database's refusal."""
    people = {who: _signed_in(getattr(office, who)) for who in ("admin", "supervisor", "technician")}
    for _ in range(ROUNDS):
        view = SavedView.objects.create(owner=office.admin, name="Bersama", query="?state=held", shared=True)
        delete = partial(_post, people["admin"], "view-delete", view.pk)
        prefer = (partial(_post, people[who], "view-default", view.pk) for who in ("supervisor", "technician"))
        answers = track.run(delete, *prefer)
        assert set(answers) <= {302, 404}
        assert not SavedView.objects.exists() and not ListChoice.objects.exclude(view=None).exists()


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _post(client: Client, name: str, pk: int) -> int:
    return client.post(reverse(f"tickets:{name}", args=[pk])).status_code


def test_a_question_that_many_put_better_at_once_has_one_wording_in_use(office: Office, track: Track) -> None:
    ticket = office.ticket_in(Status.DONE)
    actions.rate(ticket, score=4, by=office.requester, now=office.now)
    actions.answer(ticket, answers={4: 4}, by=office.requester, now=office.now)
    element = SurveyElement.objects.get(number=4)
    assert won(track.run(partial(actions.correct_element, element))) == THREADS
    versions = list(SurveyElement.objects.filter(number=4).order_by("version").values_list("version", "active"))
    assert versions == [(number, number == THREADS + 1) for number in range(1, THREADS + 2)]
