"""The pages of the SOP's revisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dashboard.metrics import Share
from dashboard.revision_forms import LISTS, Proposal
from tests.tickets.factories import Office, make_office
from tickets.models import SopRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(**changes: Any) -> dict[str, Any]:
    """The page's form as it is drawn, with some fields changed."""
    proposal = Proposal(SopRevision.objects.newest())
    today = timezone.localdate()
    sent: dict[str, Any] = {"period": "90d"}
    forms: list[Any] = [proposal.head, *proposal.steps.values()]
    for form in forms:
        sent |= {form.add_prefix(name): form[name].value() for name in form.fields}
    return sent | {"number": "SOP-054/17000/2026", "revised_on": today, "effective_on": today, **changes}


def test_a_revision_is_published_and_stands_in_the_list_with_who_published_it(office: Office) -> None:
    client = client_of(office.admin)
    answer = client.post(
        reverse("dashboard:sop-revision-new"), filled(publish="1", **{"step4-maximum": 90}), follow=True
    )
    revision = SopRevision.objects.newest()
    assert answer.redirect_chain == [(reverse("dashboard:sop-revision", args=[revision.pk]), 302)]
    assert revision.total_maximum == 135
    assert str(office.admin) in answer.content.decode()


def test_every_list_of_the_document_comes_back_as_it_was_drawn(office: Office) -> None:
    before = SopRevision.objects.newest()
    client_of(office.admin).post(reverse("dashboard:sop-revision-new"), filled(publish="1"))
    after = SopRevision.objects.newest()
    assert after.pk != before.pk
    assert {name: getattr(after, name) for name in LISTS} == {name: getattr(before, name) for name in LISTS}


def test_without_publishing_the_proposal_is_held_against_the_past_alone(office: Office) -> None:
    office.now = timezone.now() - timedelta(days=1)
    office.ticket_in("assigned")
    answer = client_of(office.admin).post(reverse("dashboard:sop-revision-new"), filled(**{"step1-maximum": 20}))
    assert answer.status_code == 200
    assert [found.on_time.whole for found in answer.context["replays"]] == [1, 0, 0, 0, 0, 0, 0]
    assert SopRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step4-maximum", "5"),
        ("step1-minimum", "0"),
        ("step1-minimum", "satu"),
        ("revised_on", "0001-01-01"),
        ("effective_on", "31-02-2026"),
        ("effective_on", "2026-01-01"),
        ("number", ""),
        ("legal_basis", "\x00"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(office: Office, field: str, value: str) -> None:
    sent = filled(publish="1", owner="Tim yang diketik", **{field: value})
    answer = client_of(office.admin).post(reverse("dashboard:sop-revision-new"), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "invalid-feedback" in text
    assert "Tim yang diketik" in text
    assert SopRevision.objects.count() == 1


def test_who_began_from_an_older_revision_is_told_and_keeps_what_was_typed(office: Office) -> None:
    sent = filled(publish="1", owner="Tim yang diketik")
    client = client_of(office.admin)
    client.post(reverse("dashboard:sop-revision-new"), filled(publish="1", number="SOP-060/17000/2026"))
    answer = client.post(reverse("dashboard:sop-revision-new"), sent)
    assert answer.status_code == 409
    assert "SOP-060/17000/2026" in answer.content.decode()
    assert "Tim yang diketik" in answer.content.decode()


def test_a_revision_to_come_says_from_when_it_holds(office: Office) -> None:
    day = timezone.localdate() + timedelta(days=40)
    client = client_of(office.admin)
    client.post(reverse("dashboard:sop-revision-new"), filled(publish="1", effective_on=day))
    pk = SopRevision.objects.newest().pk
    assert "Revisi ini baru berlaku pada" in client.get(reverse("dashboard:sop-revision", args=[pk])).content.decode()
    assert client.get(reverse("dashboard:sop")).context["sop"].pk != pk


def test_changed_times_redraw_the_comparison_alone(office: Office) -> None:
    headers = {"HX-Request": "true", "HX-Target": "what-if"}
    url = reverse("dashboard:sop-revision-new")
    drawn = client_of(office.admin).post(url, filled(), headers=headers).content.decode()
    refused = client_of(office.admin).post(url, filled(**{"step4-maximum": "5"}), headers=headers)
    assert drawn.lstrip().startswith('<section class="card" id="what-if"')
    assert (refused.status_code, "ditandai merah" in refused.content.decode()) == (200, True)


def test_the_page_begins_with_the_times_in_force_held_against_the_past(office: Office) -> None:
    office.now = timezone.now() - timedelta(days=1)
    office.ticket_in("assigned")
    answer = client_of(office.admin).get(reverse("dashboard:sop-revision-new"))
    assert [(found.on_time, found.gained) for found in answer.context["replays"]][0] == (Share(1, 1), 0)
