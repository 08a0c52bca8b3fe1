"""From the outbox to deliveries: once, whole, and whatever cannot be fanned out stands aside."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from tests.tickets.factories import Office, wib
from tickets import actions, notify
from tickets.models import Channel, ChatAddress, Delivery, Mute, Outbox, Ticket, TicketEvent, Topic
from tickets.notify import outbox
from tickets.workflow import Action, Notice, Status

pytestmark = pytest.mark.django_db


def channels(user: User) -> list[str]:
    return sorted(Delivery.objects.filter(recipient=user).values_list("channel", flat=True))


def test_an_event_becomes_a_message_for_each_person_and_way(office: Office) -> None:
    User.objects.filter(pk=office.requester.pk).update(email="pemohon@kantor.example")
    ChatAddress.objects.create(user=office.requester, name="T", url="tgram://1:token/2", created_at=office.now)
    ChatAddress.objects.create(user=office.requester, name="U", url="tgram://1:token/3", created_at=office.now)
    office.submit()
    assert notify.fan_out() == 1
    assert channels(office.requester) == ["bell", "chat", "chat", "email"]
    assert channels(office.admin) == ["bell"]  # no address
    assert channels(office.technician) == []
    assert notify.fan_out() == 0 and Outbox.objects.count() == 0


def test_an_event_is_told_however_old_it_is(office: Office) -> None:
    office.at("2026-01-05 09:00")
    office.submit()
    notify.fan_out()
    assert channels(office.requester) == ["bell"]


def test_what_is_muted_is_not_told_that_way(office: Office) -> None:
    User.objects.filter(pk=office.requester.pk).update(email="pemohon@kantor.example")
    Mute.objects.create(user=office.requester, topic=Topic.OWN, channel=Channel.EMAIL)
    ticket = office.ticket_in(Status.WORKING)
    office.do(Action.COMMENT, ticket, by=office.technician)
    notify.fan_out()
    assert set(channels(office.requester)) == {"bell", "email"}
    assert Delivery.objects.filter(recipient=office.requester, channel="email").get().event.kind == Action.COMMENT


def test_an_event_of_two_topics_is_told_unless_both_are_muted(office: Office) -> None:
    office.technician.set_roles(["Teknisi", "Admin/PJK TIP"])
    done = office.ticket_in(Status.DONE)
    notify.fan_out()
    for topic, expected in ((Topic.TASKS, 1), (Topic.APPROVALS, 1)):
        Mute.objects.create(user=office.technician, topic=topic, channel=Channel.BELL)
        done = office.do(Action.REOPEN, done)
        notify.fan_out()
        told = Delivery.objects.filter(recipient=office.technician, event__kind=Action.REOPEN)
        assert told.count() == expected
        done = finish(office, done)


def finish(office: Office, ticket: Ticket) -> Ticket:
    for action in (Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH):
        ticket = office.do(action, ticket)
    return ticket


def test_a_row_that_cannot_be_fanned_out_stands_aside_and_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = office.submit(), office.submit()
    usual = notify.recipients

    def failing(event: TicketEvent) -> object:
        return 1 / 0 if event.ticket_id == bad.pk else usual(event)

    monkeypatch.setattr(outbox, "recipients", failing)
    assert notify.fan_out() == 1
    row = Outbox.objects.annotate(pause=F("next_try_at") - Now()).get()
    assert row.event.ticket_id == bad.pk and row.attempts == 1
    assert timedelta(seconds=15) < row.pause <= outbox.SET_ASIDE[0]
    assert set(Delivery.objects.values_list("event__ticket", flat=True)) == {good.pk}
    Outbox.objects.update(next_try_at=Now(), attempts=40)
    assert notify.fan_out() == 0
    assert Outbox.objects.annotate(pause=F("next_try_at") - Now()).get().pause > timedelta(minutes=59)
    monkeypatch.undo()
    Outbox.objects.update(next_try_at=Now())
    assert notify.fan_out() == 1 and Delivery.objects.filter(event__ticket=bad).exists()


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("2026-10-12 10:00", "2026-10-12 10:00"),  # within working time: at once
        ("2026-10-12 12:20", "2026-10-12 13:00"),  # lunch
        ("2026-10-12 22:00", "2026-10-13 07:30"),  # night
        ("2026-10-17 09:00", "2026-10-19 07:30"),  # weekend
    ],
)
def test_a_threshold_seen_out_of_working_time_is_told_at_opening(
    office: Office, monkeypatch: pytest.MonkeyPatch, seen: str, told: str
) -> None:
    User.objects.filter(pk=office.technician.pk).update(email="teknisi@kantor.example")
    ticket = office.ticket_in(Status.ASSIGNED)
    notify.fan_out()
    actions.flag_overdue(wib(seen))
    monkeypatch.setattr(outbox, "database_now", lambda: wib(seen))
    notify.fan_out()
    rows = Delivery.objects.filter(event__ticket=ticket, event__kind__in=Notice.values)
    assert {row.due_at for row in rows} == {wib(told)}
    assert not Delivery.objects.in_bell_of(office.admin, wib(told) - timedelta(seconds=1)).filter(pk__in=rows).exists()
    assert Delivery.objects.in_bell_of(office.admin, wib(told)).filter(pk__in=rows).exists()


def test_other_events_are_told_at_once_at_any_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    night: datetime = wib("2026-10-12 22:00")
    monkeypatch.setattr(outbox, "database_now", lambda: night)
    office.submit()
    notify.fan_out()
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {night}


def test_the_database_takes_no_message_twice(office: Office) -> None:
    office.submit()
    notify.fan_out()
    row = Delivery.objects.all()[0]
    row.pk = None
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        row.save(force_insert=True)
