"""The replay of past runs against other standards, held against each run's verdict given anew."""

from __future__ import annotations

import pytest

from dashboard.metrics import Share
from dashboard.whatif import Replay, Standard, replay
from tests.tickets.factories import STANDARDS, Office, make_office, wib
from tickets import sla
from tickets.models import StepRun, Ticket
from tickets.sla import Verdict
from tickets.workflow import Step

pytestmark = pytest.mark.django_db

OWN = {Step(number): standard for number, standard in STANDARDS.items()}
SINCE = wib("2026-10-01 00:00")


def _walked() -> Office:
    """Tickets with runs before lunch and across it, late and quick ones, a hold, a failed test, one cut off."""
    office = make_office()
    for minutes in (1, 4, 9, 25):
        ticket = office.submit()
        for action in ("approve", "accept", "identify", "complete_work", "pass_test", "finish"):
            office.wait(minutes=minutes)
            ticket = office.do(action, ticket)
    office.at("2026-10-12 11:50")
    across_lunch = office.ticket_in("working")
    office.at("2026-10-12 13:06")
    office.do("complete_work", across_lunch)
    office.wait(minutes=3)
    failed = office.do("fail_test", across_lunch)
    office.wait(minutes=2)
    held = office.do("hold", failed)
    office.wait(minutes=30)
    office.do("complete_work", office.do("resume", held))
    office.do("reassign", office.ticket_in("testing"))
    return office


def by_hand(standards: dict[Step, Standard]) -> list[Replay]:
    """Every run's verdict anew, by the rules of `sla` alone."""
    runs = [run for run in StepRun.objects.exclude(ended_at=None) if run.verdict != Verdict.CUT_OFF]
    told = []
    for step, (minimum, maximum) in standards.items():
        mine = [run for run in runs if run.step == step]
        then = [sla.verdict(net=run.net_seconds or 0, maximum=maximum, counts=True) for run in mine]
        told.append(
            Replay(
                step,
                Share([run.verdict for run in mine].count(Verdict.ON_TIME), len(mine)),
                Share(then.count(Verdict.ON_TIME), len(mine)),
                sum(run.too_fast for run in mine),
                sum(too_fast(run, minimum, maximum) for run in mine),
            )
        )
    done = list(Ticket.objects.done())
    limit = 60 * sum(maximum for _minimum, maximum in standards.values())
    on_time = Share([ticket.verdict for ticket in done].count(Verdict.ON_TIME), len(done))
    then_on_time = Share(sum((ticket.net_seconds or 0) <= limit for ticket in done), len(done))
    return [*told, Replay(None, on_time, then_on_time)]


def too_fast(run: StepRun, minimum: int, maximum: int) -> bool:
    assert run.ended_at is not None
    time = sla.spent(
        run.calendar.calendar,
        run.started_at,
        [(hold.started_at, hold.ended_at) for hold in run.holds.all() if hold.ended_at],
        run.ended_at,
    )
    forward = run.outcome not in ("decline", "fail_test", "reject")
    return forward and run.attempt == 1 and sla.is_too_fast(time, minimum=minimum, maximum=maximum)


def test_the_replay_gives_each_run_the_verdict_that_the_rules_give_it() -> None:
    _walked()
    proposals = [
        OWN,
        OWN | {Step.WORK: (3, 8), Step.TEST: (2, 4)},
        OWN | {Step.SUBMISSION: (2, 5), Step.FINISH: (10, 30)},
        dict.fromkeys(Step, (1, 1)),
        dict.fromkeys(Step, (30, 400)),
    ]
    for standards in proposals:
        assert replay(SINCE, standards) == by_hand(standards)


def test_against_their_own_standards_nothing_changes() -> None:
    _walked()
    for found in replay(SINCE, OWN):
        assert (found.on_time, found.too_fast) == (found.on_time_then, found.too_fast_then)
        assert found.gained == 0


def test_what_ended_before_the_period_does_not_count() -> None:
    _walked()
    assert {found.on_time for found in replay(wib("2026-10-13 00:00"), OWN)} == {Share(0, 0)}
