"""The bell and its list, a person's wishes, and the admins' list of what was not delivered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import roles
from accounts.models import User
from tests.tickets.factories import Office
from tests.tickets.test_notify_sending import give_addresses
from tickets import notify
from tickets.bell import MOST, Bell, bell_of
from tickets.models import ChatAddress, Delivery, Mute, Outbox, Ticket
from tickets.workflow import Action, Status

pytestmark = pytest.mark.django_db

TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user: User, name: str, /, *args: Any, **query: Any) -> Any:
    return client_of(user).get(reverse(f"tickets:{name}", args=args), query)


def post(user: User, name: str, /, *args: Any, follow: bool = False, **data: Any) -> Any:
    return client_of(user).post(reverse(f"tickets:{name}", args=args), data, follow=follow)


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def told(office: Office) -> Ticket:
    """Requester and technician have been told of an approved ticket."""
    ticket = office.ticket_in(Status.ASSIGNED)
    notify.fan_out()
    return ticket


# The bell


def test_the_bell_counts_what_is_unread_on_every_page(office: Office, told: Ticket) -> None:
    assert "2 pemberitahuan belum dibaca" in text(client_of(office.requester).get(reverse("tickets:list")))
    assert "1 pemberitahuan belum dibaca" in text(client_of(office.technician).get(reverse("dashboard:home")))
    assert "Pemberitahuan, tidak ada yang baru" in text(client_of(office.supervisor).get(reverse("dashboard:home")))


def test_the_bell_alone_answers_nothing_while_nothing_is_new(office: Office, told: Ticket) -> None:
    version = bell_of(office.requester).version
    assert get(office.requester, "bell", v=version).status_code == 204
    assert f'data-version="{version}"' in text(get(office.requester, "bell"))
    office.do(Action.ACCEPT, told)
    notify.fan_out()
    assert "3 pemberitahuan" in text(get(office.requester, "bell", v=version))


def test_reading_one_while_another_comes_is_a_change(office: Office, told: Ticket) -> None:
    before = bell_of(office.requester).version
    first = Delivery.objects.filter(recipient=office.requester).order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(read_at=Now())
    office.do(Action.ACCEPT, told)
    notify.fan_out()
    assert bell_of(office.requester).version != before


def test_the_count_stops_where_nobody_counts_any_more() -> None:
    bell = Bell(unread=MOST + 1, newest=1)
    assert (bell.figure, bell.words) == ("99+", "99+ pemberitahuan belum dibaca")


def test_what_is_told_at_opening_is_not_in_the_bell_before(office: Office, told: Ticket) -> None:
    Delivery.objects.filter(recipient=office.requester).update(due_at=Now() + timedelta(hours=1))
    assert bell_of(office.requester).unread == 0
    assert "Belum ada pemberitahuan" in text(get(office.requester, "notices"))


def test_the_bell_costs_one_query(
    office: Office, told: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.get(pk=office.requester.pk)
    user.has_perm("tickets.view_all_tickets")
    with django_assert_max_num_queries(1):
        bell_of(user)


# The list


def test_the_list_tells_what_happened_newest_first(office: Office, told: Ticket) -> None:
    page = text(get(office.requester, "notices"))
    assert page.index("Tiket Anda disetujui") < page.index("Tiket Anda kami terima")
    assert told.number in page and "belum dibaca" in page


def test_the_list_goes_on_for_many(office: Office) -> None:
    for _ticket in range(30):
        office.submit()
    notify.fan_out()
    first = get(office.requester, "notices")
    assert "30 pemberitahuan" in text(first)
    second = get(office.requester, "notices", after=first.context["page"].next)
    shown = [row["pk"] for page in (first, second) for group in page.context["days"] for row in group["rows"]]
    assert len(shown) == len(set(shown)) == 30


@pytest.mark.parametrize("query", [{"after": "x"}, {"sort": "nope"}, {"before": "%00"}, {"v": "\x00"}])
def test_no_address_breaks_the_list_or_the_bell(office: Office, told: Ticket, query: dict[str, str]) -> None:
    assert get(office.requester, "notices", **query).status_code == 200
    assert get(office.requester, "bell", **query).status_code == 200


def test_opening_a_notice_reads_it_and_leads_to_the_ticket(office: Office, told: Ticket) -> None:
    notice = Delivery.objects.filter(recipient=office.requester).latest("pk")
    assert get(office.requester, "notice-open", notice.pk).status_code == 405
    answer = post(office.requester, "notice-open", notice.pk)
    assert answer.headers["Location"] == told.get_absolute_url()
    assert bell_of(office.requester).unread == 1
    first = Delivery.objects.get(pk=notice.pk).read_at
    post(office.requester, "notice-open", notice.pk)
    assert Delivery.objects.get(pk=notice.pk).read_at == first


def test_nobody_opens_somebody_elses_notice(office: Office, told: Ticket) -> None:
    notice = Delivery.objects.filter(recipient=office.requester).latest("pk")
    assert post(office.admin, "notice-open", notice.pk).status_code == 404
    assert Delivery.objects.get(pk=notice.pk).read_at is None


def test_all_are_read_up_to_what_the_page_showed(office: Office, told: Ticket) -> None:
    newest = get(office.requester, "notices").context["newest"]
    office.do(Action.ACCEPT, told)
    notify.fan_out()
    post(office.requester, "notices-read", newest=newest)
    assert bell_of(office.requester).unread == 1
    post(office.requester, "notices-read", newest="x")
    assert bell_of(office.requester).unread == 1
    assert bell_of(office.technician).unread == 1


def test_a_ticket_that_is_no_longer_seen_leaves_no_trace(office: Office, told: Ticket) -> None:
    notice = Delivery.objects.get(recipient=office.technician)
    office.technician.groups.remove(Group.objects.get(name=roles.TECHNICIAN))
    technician = User.objects.get(pk=office.technician.pk)
    assert bell_of(technician).unread == 0
    assert told.number not in text(get(technician, "notices"))
    assert post(technician, "notice-open", notice.pk).status_code == 404


# Wishes


def test_a_person_chooses_by_topic_and_way(office: Office) -> None:
    give_addresses()
    page = text(get(office.requester, "notice-preferences"))
    assert "Tiket saya" in page and "Tugas saya" not in page and "Tenggat" not in page
    post(office.requester, "notice-preferences", own_bell="on", comments_email="on")
    assert set(Mute.objects.values_list("topic", "channel")) == {("own", "email"), ("comments", "bell")}
    office.submit()
    notify.fan_out()
    assert [row.channel for row in Delivery.objects.filter(recipient=office.requester)] == ["bell"]
    on: Any = {f"{topic}_{channel}": "on" for topic in ("own", "comments") for channel in ("bell", "email")}
    post(office.requester, "notice-preferences", **on)
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    ("who", "topics"),
    [
        ("requester", ["own", "comments"]),
        ("technician", ["own", "tasks", "deadlines", "comments"]),
        ("admin", ["own", "approvals", "deadlines", "comments"]),
        ("supervisor", ["own", "deadlines", "comments"]),
    ],
)
def test_each_role_chooses_among_what_it_may_be_told(office: Office, who: str, topics: list[str]) -> None:
    assert notify.topics_of(getattr(office, who)) == topics


def test_who_has_no_address_is_not_offered_e_mail(office: Office) -> None:
    assert notify.channels_of(office.requester) == ["bell"]


# Chat addresses


def test_a_chat_address_is_kept_and_never_shown_again_in_full(office: Office) -> None:
    page = text(post(office.requester, "chat-add", follow=True, name="Telegram saya", url=TELEGRAM))
    assert "Telegram saya" in page and "tgram://…5544" in page
    assert "abcdefg_hijklmnop" not in page
    assert notify.channels_of(office.requester) == ["bell", "chat"]


@pytest.mark.parametrize("url", ["json://127.0.0.1/x", "", f"{TELEGRAM}?rto=9", "tgram://x\x00"])
def test_a_bad_chat_address_is_refused_at_its_field(office: Office, url: str) -> None:
    answer = post(office.requester, "chat-add", name="X", url=url)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert not ChatAddress.objects.exists()


def test_nobody_has_more_than_five_chat_addresses(office: Office) -> None:
    for number in range(notify.MOST_ADDRESSES):
        post(office.requester, "chat-add", name=f"T{number}", url=TELEGRAM)
    assert post(office.requester, "chat-add", name="T", url=TELEGRAM).status_code == 422


@pytest.fixture
def address(office: Office) -> ChatAddress:
    return notify.add_address(office.requester, "Telegram saya", TELEGRAM)


def test_a_removed_address_takes_along_what_waits_for_it(office: Office, address: ChatAddress) -> None:
    office.submit()
    notify.fan_out()
    assert post(office.stranger, "chat-remove", address.pk).status_code == 404
    post(office.requester, "chat-remove", address.pk)
    assert not ChatAddress.objects.exists() and not Delivery.objects.filter(channel="chat").exists()


@pytest.mark.parametrize("arrives", [True, False])
def test_a_test_message_says_how_it_went(
    office: Office, address: ChatAddress, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    sent: list[str] = []

    def send(url: str, title: str, body: str) -> None:
        sent.append(url)
        if not arrives:
            raise notify.NotSent("Layanan menolak pesan.")

    monkeypatch.setattr("tickets.notify.gateways.send", send)
    assert post(office.stranger, "chat-test", address.pk).status_code == 404
    page = text(post(office.requester, "chat-test", address.pk, follow=True))
    assert ("Uji coba terkirim" in page) is arrives and ("Layanan menolak pesan" in page) is not arrives
    assert "Tunggu beberapa detik" in text(post(office.requester, "chat-test", address.pk, follow=True))
    assert sent == [TELEGRAM]


# What was not delivered


@pytest.fixture
def lost(office: Office) -> Delivery:
    give_addresses()
    office.submit()
    notify.fan_out()
    row = Delivery.objects.get(recipient=office.requester, channel="email")
    Delivery.objects.filter(pk=row.pk).update(state="undelivered", next_try_at=None, error="550 no such user")
    return row


def test_admins_see_what_was_not_delivered_and_why(office: Office, lost: Delivery) -> None:
    page = text(get(office.admin, "undelivered"))
    assert "550 no such user" in page and "pemohon@kantor.example" in page
    assert "1 pesan tidak terkirim" in text(get(office.admin, "notices"))
    assert "tidak terkirim" not in text(get(office.requester, "notices"))
    assert get(office.requester, "undelivered").status_code == 403


@pytest.mark.parametrize("one", [True, False])
def test_an_admin_sends_it_again(office: Office, lost: Delivery, mailoutbox: list[Any], one: bool) -> None:
    assert post(office.technician, "undelivered-again").status_code == 403
    page = text(post(office.admin, "undelivered-again", follow=True, **({"delivery": lost.pk} if one else {})))
    assert "1 pesan dikirim lagi" in page and "Semua pesan sampai" in page
    notify.deliver()
    assert [mail.to for mail in mailoutbox if mail.to == ["pemohon@kantor.example"]]


def test_what_is_still_being_tried_is_told_as_well(office: Office, lost: Delivery) -> None:
    Delivery.objects.filter(channel="email", state="pending").update(attempts=2)
    office.submit()
    Outbox.objects.update(attempts=3)
    page = text(get(office.admin, "undelivered"))
    assert "2 pesan gagal dikirim tetapi masih dicoba lagi" in page
    assert "1 kejadian belum dapat disampaikan" in page


def test_the_admin_of_the_server_says_which_services_may_be_used(office: Office, settings: Settings) -> None:
    settings.NOTIFY_SERVICES = ["discord"]
    assert post(office.requester, "chat-add", name="T", url=TELEGRAM).status_code == 422
