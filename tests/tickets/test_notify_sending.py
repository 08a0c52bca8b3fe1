"""What is due is sent once, whatever the mail server does; the mail server is a real one on a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F, Q
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from tests import smtp_sink
from tests.smtp_sink import Sink
from tests.tickets.factories import Office
from tickets import notify
from tickets.models import ChatAddress, Delivery
from tickets.notify import sending
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink.serving() as sink:
        use(settings, sink.port)
        yield sink


def use(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5


@pytest.fixture
def office(office: Office) -> Office:
    give_addresses()
    return office


def give_addresses() -> None:
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@kantor.example")


def submitted(office: Office, times: int = 1) -> None:
    """Each tells three: requester and two admins."""
    for _time in range(times):
        office.submit()
    notify.fan_out()


def mails() -> Any:
    return Delivery.objects.filter(channel="email")


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in mails().values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def send_all() -> None:
    while notify.send_pending():
        pass


def forward(**time: float) -> None:
    """As if so much time had passed."""
    Delivery.objects.filter(state="pending").update(next_try_at=F("next_try_at") - timedelta(**time))


def test_each_recipient_gets_one_mail(office: Office, sink: Sink) -> None:
    submitted(office)
    send_all()
    send_all()
    assert sorted(to for to, _mail in sink.mails) == [
        "admin_lain@kantor.example", "admin_tip@kantor.example", "pemohon@kantor.example",
    ]  # fmt: skip
    assert states() == {"sent": 3} and sink.connections <= 2


def test_a_server_that_is_down_loses_nothing_and_all_goes_when_it_is_back(office: Office, settings: Settings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use(settings, closed.getsockname()[1])
        submitted(office, times=5)
        for _run in range(3):
            assert notify.send_pending() is False
    assert states() == {"pending": 15}
    assert mails().filter(stranded=True, attempts=1, next_try_at__gt=Now()).count() == 15
    with smtp_sink.serving() as sink:
        use(settings, sink.port)
        notify.deliver()  # no pause has run out; one asks whether the server is back, and the others follow
        assert len(sink.mails) == 15 and states() == {"sent": 15}


def test_the_pauses_of_a_temporary_refusal_grow(office: Office, sink: Sink) -> None:
    sink.answers["pemohon@kantor.example"] = "451 try later"
    submitted(office)
    mails().exclude(recipient=office.requester).exclude(recipient=office.admin).delete()
    pauses = []
    for _attempt in range(4):
        send_all()
        row = mails().annotate(pause=F("next_try_at") - Now()).get(recipient=office.requester)
        pauses.append(round(row.pause.total_seconds() / 10) * 10)
        forward(hours=2)
    assert pauses == [30, 120, 600, 1800]
    assert len(sink.mails) == 1  # the other was not kept waiting
    del sink.answers["pemohon@kantor.example"]
    send_all()
    assert states() == {"sent": 2} and len(sink.mails) == 2


def test_after_a_day_of_refusals_the_message_is_on_the_list_and_can_be_sent_again(office: Office, sink: Sink) -> None:
    sink.answers["pemohon@kantor.example"] = "451 try later"
    submitted(office)
    mails().exclude(recipient=office.requester).delete()
    for attempt in range(len(sending.PAUSES) + 1):
        assert not Delivery.objects.undelivered(), attempt
        if attempt == len(sending.PAUSES):
            mails().update(due_at=F("due_at") - timedelta(hours=26))
        send_all()
        forward(hours=7)
    row = Delivery.objects.undelivered().get()
    assert (row.recipient, row.error) == (office.requester, "451 try later")
    sink.answers.clear()
    assert notify.send_again(Q(pk=row.pk)) == 1
    send_all()
    assert states() == {"sent": 1} and len(sink.mails) == 1


def test_a_server_that_comes_and_goes_makes_nobody_give_up_within_a_day(office: Office, sink: Sink) -> None:
    sink.answers["END"] = "451 try later"
    submitted(office)
    mails().exclude(recipient=office.requester).delete()
    for _attempt in range(len(sending.PAUSES) + 5):
        send_all()
        forward(hours=7)
    assert states() == {"pending": 1}


def test_a_permanent_refusal_is_on_the_list_at_once_and_stops_nobody_else(office: Office, sink: Sink) -> None:
    sink.answers["pemohon@kantor.example"] = "550 5.1.1 no such user"
    submitted(office)
    send_all()
    assert states() == {"sent": 2, "undelivered": 1}
    assert Delivery.objects.undelivered().get().error == "550 5.1.1 no such user"


@pytest.mark.parametrize("command", ["CONNECT", "EHLO", "RCPT", "DATA", "END"])
def test_a_server_that_falls_silent_costs_one_timeout_and_loses_nothing(
    office: Office, sink: Sink, command: str
) -> None:
    sink.hangs_at = command
    submitted(office, times=2)
    assert notify.send_pending() is False
    assert sink.connections == 1 and states() == {"pending": 6} and sink.mails == []
    sink.hangs_at = ""
    send_all()
    forward(minutes=1)
    send_all()
    assert states() == {"sent": 6}
    assert len(sink.mails) == len({str(mail["Message-ID"]) for _to, mail in sink.mails}) == 6


def test_a_server_that_closes_the_session_is_asked_again_later(office: Office, sink: Sink) -> None:
    sink.answers["MAIL"] = "421 too busy"
    submitted(office)
    assert notify.send_pending() is False
    assert states() == {"pending": 3} and mails().filter(stranded=True).count() == 3
    sink.answers.clear()
    notify.deliver()
    assert states() == {"sent": 3}


def test_a_message_that_silences_the_server_does_not_stand_in_the_way_for_ever(office: Office, sink: Sink) -> None:
    submitted(office)
    poison = mails().order_by("pk")[0].recipient.email
    sink.answers[poison] = "421 no"
    assert notify.send_pending() is False
    send_all()
    assert states()["sent"] == 2
    assert mails().get(recipient__email=poison).state == "pending"


def test_a_message_that_cannot_be_written_holds_nobody_up(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(office)
    from tickets.notify import mail

    compose = mail.compose
    monkeypatch.setattr(mail, "compose", lambda row: compose(row) if row.recipient != office.admin else 1 / 0)
    send_all()
    assert states() == {"sent": 2, "pending": 1}
    assert mails().get(state="pending").error == "division by zero"


def test_who_was_switched_off_meanwhile_gets_nothing(office: Office, sink: Sink) -> None:
    submitted(office)
    User.objects.filter(pk=office.requester.pk).update(is_active=False)
    send_all()
    assert states() == {"sent": 2, "withdrawn": 1} and len(sink.mails) == 2


def test_what_is_not_due_yet_is_not_sent(office: Office, sink: Sink) -> None:
    submitted(office)
    Delivery.objects.filter(state="pending").update(next_try_at=Now() + timedelta(minutes=5))
    send_all()
    assert sink.mails == [] and sink.connections == 0


def test_where_nothing_waits_the_server_is_not_called(office: Office, sink: Sink) -> None:
    assert notify.send_pending() is False
    assert sink.connections == 0


def test_a_slow_server_is_not_begun_anew_when_the_lease_draws_to_its_end(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(office)
    monkeypatch.setattr(sending, "BEGIN_WITHIN", 0)
    notify.send_pending()
    assert sink.mails == [] and mails().filter(state="pending", attempts=0, next_try_at__lte=Now()).count() == 3


def test_a_dead_mail_server_keeps_no_chat_waiting(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NOTIFY_SERVICES = ["tgram"]
    ChatAddress.objects.create(user=office.requester, name="T", url="tgram://1:token/2", created_at=office.now)
    sent: list[str] = []
    monkeypatch.setattr("tickets.notify.gateways.send", lambda url, title, body: sent.append(title))
    use(settings, 1)
    submitted(office)
    notify.deliver()
    assert len(sent) == 1 and states() == {"pending": 3}
    assert Delivery.objects.get(channel="chat").state == "sent"


def test_the_ticket_moved_on_and_the_mail_still_comes(office: Office, sink: Sink) -> None:
    ticket = office.ticket_in(Status.WORKING)
    office.do(Action.REASSIGN, ticket)
    notify.deliver()
    assert states() == {"sent": Delivery.objects.filter(channel="email").count()}
