"""A requester rates the service: once a ticket, after `done`, open to correction with what was there before kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.tickets.factories import Office
from tests.tickets.snapshot import snapshot
from tests.tickets.test_notify_sending import give_addresses
from tests.tickets.web import HTMX, office, text_of
from tickets import actions, notify, permissions
from tickets.integrity import violations
from tickets.models import Rating, RatingAnswer, SurveyElement, Ticket
from tickets.workflow import Action, Status, WorkflowError

__all__ = ["office"]

pytestmark = pytest.mark.django_db


def history(model: Any) -> list[tuple[str, int]]:
    return list(model.pgh_event_model.objects.order_by("pk").values_list("pgh_label", "score"))


def rate(office: Office, ticket: Ticket, score: int = 4, **changes: Any) -> Rating:
    return actions.rate(ticket, **{"score": score, "by": office.requester, "now": office.now, **changes})


# Who, when


def test_the_requester_rates_a_ticket_that_is_done(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    before = _of_others()
    rating = rate(office, ticket, 3, words="  Cepat\n dan ramah. ")
    assert (rating.score, rating.words, rating.rater, rating.technician) == (
        3, "Cepat dan ramah.", office.requester, office.technician,
    )  # fmt: skip
    assert rating.event.kind == Action.FINISH
    assert _of_others() == before  # no ticket moves, and nothing stands in the history that others read
    assert list(violations()) == []


def _of_others() -> list[tuple[str, int, str]]:
    return [table for table in snapshot() if not table[0].startswith("tickets_rating")]


@pytest.mark.parametrize("who", ["colleague", "technician", "admin", "supervisor"])
def test_nobody_else_rates(office: Office, who: str) -> None:
    ticket = office.ticket_in(Status.DONE)
    with pytest.raises(PermissionDenied):
        rate(office, ticket, by=getattr(office, who))


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DONE}))
def test_only_what_is_done_is_rated(office: Office, status: str) -> None:
    ticket = office.ticket_in(status)
    with pytest.raises(WorkflowError, match="setelah tiketnya selesai"):
        rate(office, ticket)
    assert not Rating.objects.exists()


def test_a_rating_can_be_given_and_corrected_for_thirty_days(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    assert ticket.closed_at is not None
    last = ticket.closed_at + permissions.RATING_TIME
    rate(office, ticket, 2, words="Lama.")
    corrected = rate(office, ticket, 4, now=last)
    assert (corrected.score, corrected.words) == (4, "Lama.")
    with pytest.raises(WorkflowError):
        rate(office, ticket, 1, now=last + timedelta(seconds=1))
    assert history(Rating) == [("insert", 2), ("update", 4)]


def test_a_ticket_that_is_opened_again_waits_and_keeps_its_one_rating(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    rate(office, ticket, 2)
    ticket = office.do(Action.REOPEN, ticket)
    with pytest.raises(WorkflowError):
        rate(office, ticket)
    for action in (Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        ticket = office.do(action, ticket)
    rate(office, ticket, 3)
    assert Rating.objects.get().score == 3
    assert list(violations()) == []


@pytest.mark.parametrize(("score", "words"), [(0, ""), (5, ""), (3, "x" * 501), (3, "a\x00b")])
def test_what_cannot_be_kept_is_refused_in_words(office: Office, score: int, words: str) -> None:
    ticket = office.ticket_in(Status.DONE)
    with pytest.raises(ValidationError):
        rate(office, ticket, score, words=words)


# The nine


def test_no_answer_is_no_answer(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    with pytest.raises(WorkflowError, match="nilai umum"):
        actions.answer(ticket, answers={1: 4}, by=office.requester, now=office.now)
    rate(office, ticket)
    for answers in ({1: 4, 2: 1, 9: 3}, {1: 3, 9: 3}):
        actions.answer(ticket, answers=answers, by=office.requester, now=office.now)
    assert dict(RatingAnswer.objects.values_list("number", "score")) == {1: 3, 9: 3}
    assert history(RatingAnswer) == [
        ("insert", 4), ("insert", 1), ("insert", 3), ("delete", 1), ("update", 3),
    ]  # fmt: skip
    for answers in ({10: 4}, {1: 5}, {1: 0}):
        with pytest.raises(ValidationError):
            actions.answer(ticket, answers=answers, by=office.requester, now=office.now)


def test_the_nine_elements_stand_as_the_regulation_names_them() -> None:
    names = list(SurveyElement.objects.asked().values_list("name", flat=True))
    assert names == [
        "Persyaratan", "Sistem, mekanisme, dan prosedur", "Waktu penyelesaian", "Biaya/tarif",
        "Produk spesifikasi jenis pelayanan", "Kompetensi pelaksana", "Perilaku pelaksana",
        "Penanganan pengaduan, saran, dan masukan", "Sarana dan prasarana",
    ]  # fmt: skip


def test_answers_keep_the_wording_that_they_were_given_to(office: Office) -> None:
    element = SurveyElement.objects.get(number=4)
    element.question = "Wajarkah biayanya?"
    actions.correct_element(element)
    assert SurveyElement.objects.get(number=4).question == "Wajarkah biayanya?"  # nobody had answered it
    ticket = office.ticket_in(Status.DONE)
    rate(office, ticket)
    actions.answer(ticket, answers={4: 4}, by=office.requester, now=office.now)
    element.scale = ["Mahal sekali", "Mahal", "Murah", "Tanpa biaya"]
    newer = actions.correct_element(element)
    (answer,) = RatingAnswer.objects.all()
    assert (answer.word, answer.element.version, newer.version) == ("Gratis", 1, 2)
    assert list(SurveyElement.objects.asked().values_list("number", flat=True)) == list(range(1, 10))
    with pytest.raises(DatabaseError), transaction.atomic():
        SurveyElement.objects.filter(pk=answer.element_id).update(name="Lain")
    assert list(violations()) == []


# The database's own


def test_the_database_takes_one_rating_of_four_grades_a_ticket(office: Office) -> None:
    rating = rate(office, office.ticket_in(Status.DONE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(score=5)
    rating.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rating.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Rating.pgh_event_model.objects.update(score=1)  # type: ignore[attr-defined]  # by pghistory


def test_verify_integrity_names_a_rating_by_somebody_else(office: Office) -> None:
    ticket = office.ticket_in(Status.DONE)
    rating = rate(office, ticket)
    Rating.objects.filter(pk=rating.pk).update(rater=office.colleague)
    assert [fault for fault in violations() if "rating" in fault] == [
        f"a rating is its ticket's requester's, given while the ticket was done: {ticket.number}"
    ]


# On the pages


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(ticket: Ticket, name: str = "rating") -> str:
    return reverse(f"tickets:{name}", args=[ticket.number])


def test_one_tap_on_the_ticket_is_one_post(office: Office) -> None:
    ticket, client = office.ticket_in(Status.DONE), client_of(office.requester)
    page = text_of(client.get(ticket.get_absolute_url()))
    assert page.count('name="score"') == 4 and "Bagaimana layanan kami?" in page
    region = text_of(client.post(url(ticket), {"score": 4}, headers=HTMX))
    assert "Terima kasih atas penilaian Anda" in region and "9 pertanyaan" in region
    assert Rating.objects.get().score == 4
    client.post(url(ticket), {"score": 3, "words": "Baik."})
    assert client.post(url(ticket), {"score": 2}).status_code == 302
    assert (Rating.objects.get().score, Rating.objects.get().words) == (2, "Baik.")


def test_a_mails_link_preselects_and_changes_nothing(office: Office) -> None:
    ticket, client = office.ticket_in(Status.DONE), client_of(office.requester)
    page = text_of(client.get(f"{url(ticket)}?score=2"))
    assert page.count("checked") == 1 and 'value="2" id="id_score_2" checked' in page.replace(" required", "")
    for query in ("?score=9", "?score=abc", "?score=%00", ""):
        assert "checked" not in text_of(client.get(url(ticket) + query))
    assert not Rating.objects.exists()
    assert client.post(url(ticket), {"words": "Tanpa nilai"}).status_code == 422
    assert client.post(url(ticket), {"score": 4, "next": "survey"}).url == url(ticket, "survey")  # type: ignore[attr-defined]


def test_the_survey_takes_what_is_answered(office: Office) -> None:
    ticket, client = office.ticket_in(Status.DONE), client_of(office.requester)
    assert client.get(url(ticket, "survey")).url == url(ticket)  # type: ignore[attr-defined]
    rate(office, ticket, now=None)
    assert text_of(client.get(url(ticket, "survey"))).count("<fieldset") == 9
    assert client.post(url(ticket, "survey"), {"element1": "7"}).status_code == 422
    assert client.post(url(ticket, "survey"), {"element1": "4", "element2": ""}).status_code == 302
    assert dict(RatingAnswer.objects.values_list("number", "score")) == {1: 4}
    assert "Sangat sesuai" in text_of(client.get(ticket.get_absolute_url()))


def test_a_question_that_was_put_better_meanwhile_is_read_before_it_is_answered(office: Office) -> None:
    ticket, client = office.ticket_in(Status.DONE), client_of(office.requester)
    rate(office, ticket, now=None)
    page = client.get(url(ticket, "survey"))
    element = SurveyElement.objects.get(number=4)
    element.question = "Wajarkah biayanya?"
    actions.correct_element(element)
    answer = client.post(url(ticket, "survey"), {"asked": _asked(page), "element4": "1"})
    assert answer.status_code == 422 and not RatingAnswer.objects.exists()
    assert "Wajarkah biayanya?" in text_of(answer) and "baru saja diperbaiki" in text_of(answer)
    assert client.post(url(ticket, "survey"), {"asked": _asked(answer), "element4": "1"}).status_code == 302


def _asked(page: Any) -> str:
    found = re.search(r'name="asked" value="([0-9a-f]{64})"', text_of(page))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("who", "sees"), [("requester", True), ("admin", True), ("technician", False),
                                           ("supervisor", False)])  # fmt: skip
def test_a_rating_with_a_name_is_its_raters_and_the_admins(office: Office, who: str, sees: bool) -> None:
    ticket = office.ticket_in(Status.DONE)
    rate(office, ticket, 1, words="Kurang ramah.")
    page = text_of(client_of(getattr(office, who)).get(ticket.get_absolute_url()))
    assert ("Kurang ramah." in page) is sees
    assert ("Tidak baik" in page) is sees


# In the bell and by mail


def test_the_mail_asks_once_with_a_link_for_each_grade(office: Office) -> None:
    give_addresses()
    ticket = office.ticket_in(Status.DONE)
    notify.deliver()
    asked = [message for message in mail.outbox if "Bagaimana layanan kami?" in message.body]
    assert [message.to for message in asked] == [["pemohon@kantor.example"]]
    assert [f"{url(ticket)}?score={score}" in asked[0].body for score in (1, 2, 3, 4)] == [True] * 4
    ticket = office.do(Action.REOPEN, ticket)
    for action in (Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        ticket = office.do(action, ticket)
    mail.outbox.clear()
    notify.deliver()
    bodies = [message.body for message in mail.outbox if message.to == ["pemohon@kantor.example"]]
    assert any("menyelesaikan tiket ini" in body for body in bodies)
    assert not any("Bagaimana layanan kami?" in body for body in bodies)


def test_the_bell_asks_until_there_is_a_rating(office: Office) -> None:
    ticket, client = office.ticket_in(Status.DONE), client_of(office.requester)
    notify.fan_out()
    assert text_of(client.get(reverse("tickets:notices"))).count("Beri penilaian") == 1
    rate(office, ticket, now=None)
    assert "Beri penilaian" not in text_of(client.get(reverse("tickets:notices")))


def test_the_nine_are_read_in_the_readers_language(office: Office) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_surveyelement WHERE name = name_en OR question = question_en")
        assert cursor.fetchone() == (0,)
