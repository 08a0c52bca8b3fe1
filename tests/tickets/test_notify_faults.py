"""Workers beside workers, workers that are killed: the number of messages is the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import F
from pytest_django import Settings

from tests import processes, smtp_sink
from tests.smtp_sink import Sink
from tests.tickets.factories import Office, make_office
from tests.tickets.racing import Track
from tests.tickets.test_notify_sending import give_addresses, use
from tickets import notify
from tickets.integrity import violations
from tickets.models import Delivery, Outbox

pytestmark = pytest.mark.race


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    """Committed, for all processes to see; everybody has an address."""
    office = make_office()
    give_addresses()
    yield office
    assert list(violations()) == []


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink.serving() as sink:
        use(settings, sink.port)
        yield sink


def worker(sink: Sink, *lines: str) -> str:
    """A worker's process that speaks to the sink; `lines` are what it does."""
    script = (
        "from django.conf import settings; from tickets import notify; from tickets.models import Delivery",
        "settings.EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'",
        f"settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = '127.0.0.1', {sink.port}, 60",
        *lines,
    )
    return "\n".join(script) + "\n"


def ids(sink: Sink) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for _to, mail in sink.mails)


def test_workers_side_by_side_send_each_message_once(office: Office, track: Track, sink: Sink) -> None:
    for _ticket in range(12):
        office.submit()
    track.run(notify.fan_out)
    assert Outbox.objects.count() == 0 and Delivery.objects.count() == 12 * 3 * 2
    track.run(notify.deliver)
    assert len(sink.mails) == 36 and set(ids(sink).values()) == {1}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_fanning_out_beside_acts_misses_nothing(office: Office, track: Track) -> None:
    for _round in range(5):
        track.run(notify.fan_out, partial(office.submit))
    notify.fan_out()
    assert Delivery.objects.count() == 5 * 4 * 3 * 2


def test_a_worker_killed_while_it_sends_loses_nothing(office: Office, sink: Sink) -> None:
    office.submit()
    notify.fan_out()
    sink.hangs_at = "MAIL"
    sending = processes.python(worker(sink, "notify.send_pending()"))
    with sending:
        assert sink.reached.wait(30)
        sending.kill()
    sink.hangs_at = ""
    assert notify.send_pending() is False and sink.mails == []  # the lease still runs
    Delivery.objects.filter(state="pending").update(next_try_at=F("next_try_at") - timedelta(seconds=90))
    notify.deliver()
    assert len(sink.mails) == 3 and set(ids(sink).values()) == {1}


def test_a_worker_killed_while_it_fans_out_has_told_nothing_twice_and_loses_nothing(office: Office, sink: Sink) -> None:
    office.submit()
    fanning = processes.python(
        worker(
            sink,
            "import time; from tickets.notify import outbox",
            "create = Delivery.objects.bulk_create",
            "def slow(rows): create(rows); print(Delivery.objects.count(), flush=True); time.sleep(60)",
            "outbox.Delivery.objects.bulk_create = slow",
            "notify.fan_out()",
        )
    )
    with fanning:
        assert fanning.stdout is not None
        assert fanning.stdout.readline() == "6\n"
        assert Delivery.objects.count() == 0
        assert notify.fan_out() == 0  # another worker leaves the row to it
        fanning.kill()
    processes.until(lambda: processes.connections_of_others() == 0)
    assert (Delivery.objects.count(), Outbox.objects.count()) == (0, 1)
    notify.deliver()
    assert (Delivery.objects.count(), Outbox.objects.count(), len(sink.mails)) == (6, 0, 3)
