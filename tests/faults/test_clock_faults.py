"""The look under faults: late, doubled, killed, with an emptied broker, on machines whose clock is wrong."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import time_machine
from django.conf import settings

from halocik import heartbeat
from tests import processes
from tests.tickets.factories import Office
from tickets import actions
from tickets.models import StepRun, Ticket, TicketEvent
from tickets.tasks import look
from tickets.workflow import Notice, Status

WORKER = ("worker", "--queues", "clock", "--concurrency", "1", "--without-gossip", "--without-mingle")
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def flagged() -> int:
    return TicketEvent.objects.filter(kind=Notice.OVERDUE).count()


def due_in(office: Office, seconds: int) -> Ticket:
    """A ticket of step 2 (five minutes) that is due so many seconds from now."""
    office.now = actions.database_now() - timedelta(minutes=5, seconds=-seconds)
    ticket = office.submit()
    return office.do("approve", ticket)


def empty_the_broker() -> None:
    with contextlib.closing(redis.Redis.from_url(settings.REDIS_URL)) as client:
        client.flushdb()


def a_worker_serves() -> bool:
    return "clock" in heartbeat.seen()


def test_beat_and_worker_flag_within_20_seconds_of_the_due_time_though_the_broker_is_emptied(
    office: Office, tmp_path: Path
) -> None:
    """An emptied broker delays the look to that of beat, 15 seconds later, and loses no flag."""
    empty_the_broker()
    beat = ("beat", "--pidfile=", "--schedule", str(tmp_path / "schedule"))
    with processes.running(*WORKER), processes.running(*beat):
        processes.until(a_worker_serves)
        ticket = due_in(office, 5)
        look.delay()
        empty_the_broker()
        processes.until(lambda: flagged() == 1, seconds=40)
    run = StepRun.objects.get(ticket=ticket, ended_at=None)
    assert run.overdue_at is not None and run.due_at is not None
    assert run.overdue_at - run.due_at <= timedelta(seconds=20)


def test_a_look_delivered_four_times_and_two_workers_killed_on_the_way_flag_once(office: Office) -> None:
    empty_the_broker()
    for _number in range(20):
        due_in(office, -5)
    for _delivery in range(4):
        look.delay()
    for _killed in range(2):
        with processes.running(*WORKER):
            processes.until(lambda: processes.connections_of_others() > 0 or a_worker_serves())
    with processes.running(*WORKER):
        look.delay()
        processes.until(lambda: flagged() == 20)
    assert flagged() == 20


@pytest.mark.parametrize("days", [-400, 1, 400])
def test_a_process_whose_clock_is_wrong_moves_no_flag(office: Office, days: int) -> None:
    due_in(office, 90)  # a minute before, it would be told that it is soon due
    with time_machine.travel(actions.database_now() + timedelta(days=days)):
        assert actions.flag_overdue() == 0
    due_in(office, -5)
    with time_machine.travel(actions.database_now() + timedelta(days=days)):
        actions.flag_overdue()
    assert flagged() == 1


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (Debian: faketime)")
def test_a_machine_whose_clock_is_a_day_ahead_starts_and_ends_runs_at_the_databases_time(office: Office) -> None:
    ticket = due_in(office, 60)
    script = (
        "from tickets import actions; from tickets.models import Ticket; from accounts.models import User\n"
        f"ticket = Ticket.objects.get(pk={ticket.pk})\n"
        f"actions.accept(ticket, by=User.objects.get(pk={office.technician.pk}))\n"
        "import datetime; print(actions.flag_overdue(), datetime.datetime.now().isoformat())\n"
    )
    with processes.python(script, LD_PRELOAD=str(FAKETIME), FAKETIME="+1d") as ahead:
        printed, _ = ahead.communicate(timeout=60)
    flags, wrong = printed.split()
    assert wrong[:10] > actions.database_now().isoformat()[:10], "the process did not see the wrong time"
    assert flags == "0"
    accepted = StepRun.objects.get(ticket=ticket, ended_at=None)
    assert accepted.started_at <= actions.database_now()
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IDENTIFYING
