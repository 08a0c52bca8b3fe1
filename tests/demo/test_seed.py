"""A seed of a few hundred tickets, told as a million are: it breaks no invariant, and the history agrees with it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from demo.seed import YEARS, seed
from tests.tickets.factories import make_office
from tickets import actions, recount
from tickets.models import Hold, NumberSeries, SopRevision, StepRun, Ticket, TicketEvent
from tickets.workflow import Action, Notice, Status

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)  # Friday 14.30 in Jakarta
COUNT = 240

pytestmark = pytest.mark.django_db


def guards() -> set[tuple[str, ...]]:
    """What stands at the tables: indexes, keys, checks and triggers that are switched on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename::text, indexname::text FROM pg_indexes WHERE schemaname = 'public'"
            " UNION SELECT conrelid::regclass::text, conname::text FROM pg_constraint"
            " UNION SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        return set(cursor.fetchall())


def test_a_seed_is_an_office_like_any_other() -> None:
    before = guards()
    seed(COUNT, NOW)
    call_command("verify_integrity", stdout=StringIO())
    assert list(recount.differences(NOW)) == []
    assert guards() == before

    tickets = Ticket.objects.all()
    assert tickets.count() == COUNT
    assert set(tickets.values_list("status", flat=True)) == set(Status.values)
    assert set(tickets.done().values_list("verdict", flat=True)) == {"on_time", "late"}
    assert tickets.earliest("submitted_at").submitted_at < NOW - timedelta(days=365 * (YEARS - 1))
    assert {ticket.sop_id for ticket in tickets} == set(SopRevision.objects.values_list("pk", flat=True))
    assert sum(NumberSeries.objects.values_list("last", flat=True)) == COUNT
    assert min(ticket.runs.count() for ticket in tickets.done()) >= 6
    assert Hold.objects.filter(ended_at=None).exists()
    assert StepRun.objects.filter(overdue_at__isnull=False, ended_at=None).exists()
    told = set(TicketEvent.objects.values_list("kind", flat=True))
    assert told >= {Action.FAIL_TEST, Action.REOPEN, Action.REASSIGN, Action.DECLINE, Action.RESUME, Notice.ESCALATED}


def test_what_is_submitted_after_a_seed_follows_on() -> None:
    seed(12, NOW)
    last = Ticket.objects.latest("pk")
    ticket = actions.submit(
        by=last.requester, requester=last.requester, category="fault", title="Internet mati", device_text="PC",
        unit=last.unit, room="Aula", contact="0812", now=NOW,
    )  # fmt: skip
    assert ticket.pk > last.pk
    assert int(ticket.number[-6:]) == int(Ticket.objects.exclude(pk=ticket.pk).latest("number").number[-6:]) + 1
    call_command("verify_integrity", stdout=StringIO())


def test_seeding_refuses_production_and_a_database_in_use(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refuses production"):
        call_command("seed", tickets=12)
    settings.PRODUCTION = False
    make_office().submit()
    with pytest.raises(CommandError, match="a database of its own"):
        call_command("seed", tickets=12)
