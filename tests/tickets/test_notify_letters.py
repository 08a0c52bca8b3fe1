"""What a message says: in the reader's language, with a link that works, and nothing that only staff may read."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from tests.halocik.pages import ENGLISH, INDONESIAN, NAMES, said
from tests.tickets.factories import Office, wib
from tests.tickets.test_notify_sending import give_addresses
from tickets import actions, notify
from tickets.models import Delivery, HoldReason, Ticket
from tickets.notify.letters import letter_of
from tickets.notify.words import WORDS
from tickets.page import TicketPage, load
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db

# What people and the office wrote, which is in no language.
WRITTEN = re.compile(r"Pasang jaringan PC baru|Alasan yang jelas\.?|Apa kabarnya\?|Gateway diam\.?|Xyz \d+")


@pytest.fixture
def office(office: Office) -> Office:
    give_addresses()
    return office


def sent(user: User) -> list[Any]:
    notify.deliver()
    return [message for message in mail.outbox if message.to == [f"{user.username}@kantor.example"]]


def everything(office: Office) -> None:
    """Every event and role that there are words for."""
    for status in (Status.DONE, Status.REJECTED, Status.CANCELLED):
        ticket = office.ticket_in(status)
        if status == Status.DONE:
            office.do(Action.REOPEN, ticket)
    office.do(Action.CANCEL, office.ticket_in(Status.WORKING))
    ticket = office.ticket_in(Status.WORKING)
    for by in (office.requester, office.technician):
        office.do(Action.COMMENT, ticket, by=by)
    office.do(Action.CHANGE_PRIORITY, ticket)
    office.do(Action.HOLD, ticket, by=office.admin)
    actions.remind_of_holds(office.now + timedelta(days=2))
    office.do(Action.RESUME, ticket)
    office.do(Action.REASSIGN, ticket)
    office.do(Action.FAIL_TEST, office.ticket_in(Status.TESTING))
    office.do(Action.DECLINE, office.ticket_in(Status.ASSIGNED))
    for status in (Status.SUBMITTED, Status.WORKING):
        run = office.ticket_in(status).current_run
        assert run is not None and run.warn_at and run.due_at and run.escalate_at
        for at in (run.warn_at, run.due_at, run.escalate_at):
            actions.flag_overdue(at + timedelta(seconds=1))
    notify.fan_out()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_speaks_the_readers_language_alone(office: Office, language: str) -> None:
    User.objects.update(language=language, full_name="Xyz 1")
    everything(office)
    Delivery.objects.filter(state="pending").update(next_try_at=F("next_try_at") - timedelta(days=9))
    notify.deliver()
    told = set(Delivery.objects.filter(channel="email", state="sent").values_list("event__kind", "role"))
    assert {pair for pair in WORDS if pair not in told} <= {("reject", "technician")}  # nobody is there to be told
    wrong = INDONESIAN if language == "en" else ENGLISH
    for message in mail.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        html = str(message.alternatives[0][0])
        texts = [str(message.subject), *str(message.body).splitlines(), *said(html)]
        links = re.compile(r"https?://\S+")
        found = [text for text in texts if wrong.search(NAMES.sub("", WRITTEN.sub("", links.sub("", text))))]
        assert found == [], message.subject
        assert "%(" not in html and "%(" not in str(message.body)


def test_a_mail_names_the_ticket_and_leads_to_it_behind_the_sub_path(office: Office, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://kantor.example/halocik/"
    ticket = office.submit()
    (message,) = sent(office.requester)
    assert message.subject == f"[{ticket.number}] Tiket Anda kami terima · Pasang jaringan PC baru"
    link = f"https://kantor.example/halocik/tiket/{ticket.number}/"
    assert link in message.body and f'href="{link}"' in message.alternatives[0][0]
    assert "https://kantor.example/halocik/akun/pemberitahuan/" in message.body
    headers = message.message()
    assert headers["Auto-Submitted"] == "auto-generated" and headers["Message-ID"].endswith("@kantor.example>")


def test_the_same_message_has_the_same_id_and_another_has_another(office: Office) -> None:
    office.submit()
    notify.deliver()
    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(set(ids)) == 3
    Delivery.objects.filter(channel="email").update(state="undelivered", sent_at=None)
    notify.send_again(Q())
    notify.deliver()
    assert sorted(message.message()["Message-ID"] for message in mail.outbox[3:]) == sorted(ids)


@pytest.mark.parametrize("title", ["Satu\nBcc: semua@kantor.example", "Satu\r\nSubject: lain", "  Satu \t dua "])
def test_a_title_cannot_write_headers(office: Office, title: str) -> None:
    ticket = office.submit()
    Ticket.objects.filter(pk=ticket.pk).update(title=title)
    (message,) = sent(office.requester)
    written: EmailMessage = message.message()
    assert "\n" not in message.subject and written["Bcc"] is None
    assert written["To"] == "pemohon@kantor.example"


def test_what_people_write_is_no_markup_in_a_mail(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.do(Action.COMMENT, ticket, by=office.technician, text="<script>alert(1)</script>\n<b>tebal</b>")
    message = sent(office.requester)[-1]
    html = str(message.alternatives[0][0])
    assert "<script" not in html and "&lt;b&gt;tebal&lt;/b&gt;" in html
    assert "<b>tebal</b>" in message.body


def test_a_reason_is_in_the_mail_that_its_reader_gets(office: Office) -> None:
    office.ticket_in(Status.REJECTED)
    assert "“Alasan yang jelas.”" in sent(office.requester)[-1].body


def test_an_internal_note_reaches_no_mail(office: Office) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.do(Action.COMMENT, ticket, by=office.technician, text="RAHASIA", internal=True)
    notify.deliver()
    assert mail.outbox and not any("RAHASIA" in str(message.message()) for message in mail.outbox)


def letter(office: Office, kind: str, user: User) -> Any:
    notify.fan_out()
    row = Delivery.objects.filter(event__kind=kind, recipient=user).latest("pk")
    with translation.override("id"):
        return letter_of(row)


def test_the_requester_learns_who_works_and_by_when(office: Office) -> None:
    """Steps 2 to 6 take at most 95 working minutes; approved at 08:01."""
    office.ticket_in(Status.ASSIGNED)
    assert letter(office, "approve", office.requester).sentence == (
        "Teknisi yang mengerjakannya. Perkiraan selesai: Sen, 12 Okt 2026 09.36 WIB."
    )


def test_the_finish_told_is_that_of_the_tickets_page_with_the_technicians_queue(office: Office) -> None:
    """Before it stands a ticket in step 4, begun at the same minute: 60 + 10 + 10 working minutes."""
    office.ticket_in(Status.WORKING)
    office.at("2026-10-12 08:00")
    ticket = office.ticket_in(Status.ASSIGNED)
    page = TicketPage(office.requester, load(office.requester, ticket.number), now=office.now)
    assert page.expectation is not None
    assert (page.expectation.ahead, page.expectation.finish) == (0, wib("2026-10-12 09:36"))
    office.do(Action.CHANGE_PRIORITY, Ticket.objects.order_by("pk")[0], priority=1)
    assert "Perkiraan selesai: Sen, 12 Okt 2026 10.56 WIB." in letter(office, "approve", office.requester).sentence


def test_whoever_has_to_act_learns_until_when(office: Office) -> None:
    office.ticket_in(Status.ASSIGNED)
    assert letter(office, "approve", office.technician).due_words == "Jatuh tempo: Sen, 12 Okt 2026 08.06 WIB"
    assert letter(office, "approve", office.requester).due_words == ""


def test_a_ticket_on_hold_has_no_due_time_and_says_why_it_stands(office: Office) -> None:
    office.ticket_in(Status.WORKING, on_hold=True)
    found = letter(office, "hold", office.requester)
    assert found.due is None
    reason = str(HoldReason.objects.get(code="menunggu-perangkat")).lower()
    assert found.sentence == f"Teknisi menundanya: {reason}. Dilihat lagi Sel, 13 Okt 2026 08.04 WIB."
