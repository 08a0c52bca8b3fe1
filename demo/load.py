"""Ninety days of an office that lives, ending now."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from unittest.mock import patch

from django.db import connection, transaction

from demo import texts
from demo.away import send_away
from demo.bells import fill_bells
from demo.office import Office, analyse, furnish
from demo.ratings import rate_tickets
from demo.reality import look_around
from demo.stock import count_shelves, fill_shelves
from demo.story import Story, Untold, step_minutes
from tickets import actions
from tickets.models import SopRevision
from worktime import clock
from worktime.models import CalendarRevision

DAYS: Final = 90
TICKETS: Final = 580
SEED: Final = 53

# How the stories go: weight, and how it turns from the straight way.
TURNS: Final = (
    (60, "straight"), (14, "late"), (7, "held"), (6, "failed"), (3, "reopened"), (4, "rejected"), (3, "cancelled"),
    (2, "declined"), (1, "reassigned"),
)  # fmt: skip
_MOST_DEVICES: Final = 3
CATEGORIES: Final = {"new": 14, "move": 16, "fault": 52, "replacement": 8, "other": 10}


@contextmanager
def one_transaction(now: datetime) -> Iterator[None]:
    """All or nothing. Savepoints inside of it would only cost: nobody catches an error half way. Nor does anybody
    publish a calendar or an SOP meanwhile, so that one reading is enough."""
    connection.ensure_connection()
    calendar, sop = CalendarRevision.objects.current(), SopRevision.objects.in_force(now)
    with (
        transaction.atomic(),
        patch.object(connection.features, "uses_savepoints", False),
        patch.object(CalendarRevision.objects, "current", lambda: calendar),
        patch.object(SopRevision.objects, "in_force", lambda at: sop),
        _without_garbage_collection(),
    ):
        yield


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Few cycles are made here, and looking for them costs more than they hold."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def load(now: datetime) -> None:
    """Fills an empty database; the same `now` gives the same office."""
    with one_transaction(now):
        fill(now)
        fill_bells(now)
    analyse()


def fill(now: datetime) -> None:
    office = furnish(random.Random(SEED), now - timedelta(days=DAYS + 10))  # repeatable on purpose
    calendar = CalendarRevision.objects.current().calendar
    fill_shelves(office.admins[0], now - timedelta(days=DAYS))
    starts = _starts(office.rng, calendar, now)
    busy: dict[int, datetime] = {}
    for start in starts:
        _tell(Story(office, calendar, start, now), busy)
    _tell_of_today(_Today(office, calendar, now, busy))
    send_away(office, now)
    look_around(office, now)
    rate_tickets(now)
    count_shelves(office.admins[0], now)


def _starts(rng: random.Random, calendar: clock.Calendar, now: datetime) -> list[datetime]:
    """Moments of submission: by day and hour as people ask, a few outside working time, none in the last hour."""
    first = now - timedelta(days=DAYS)
    span = int((now - timedelta(hours=1) - first).total_seconds())
    starts: list[datetime] = []
    while len(starts) < TICKETS:
        at = first + timedelta(seconds=rng.randrange(span))
        if clock.is_working(calendar, at) or rng.random() < 0.02:
            starts.append(at)
    return sorted(starts)


def _tell(story: Story, busy: dict[int, datetime]) -> None:
    """A whole story of the past. A person asks for one thing at a time, so that a device is in one ticket's hands."""
    rng = story.rng
    idle = [person for person in story.office.people if busy.get(person.pk, story.at) <= story.at]
    story.requester = rng.choice(idle)
    if story.requester == story.technician:
        story.technician = next(t for t in story.office.technicians if t != story.requester)
    turn = rng.choices([name for _, name in TURNS], weights=[weight for weight, _ in TURNS])[0]
    category = rng.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
    if category in ("new", "replacement") and story.requester.devices.count() >= _MOST_DEVICES:
        category = "fault"
    try:
        story.submit(category)
        chapters(story, turn)
        busy[story.requester.pk] = story.at
    except Untold:
        busy[story.requester.pk] = story.until + timedelta(days=1)


def chapters(story: Story, turn: str) -> None:
    rng = story.rng
    late_step = rng.randint(1, 6) if turn == "late" else 0

    def minutes(step: int) -> float:
        return step_minutes(rng, step, late=step == late_step)

    if turn == "rejected":
        story.act(actions.reject, minutes(1), story.admin, reason=story.pick(texts.REJECTIONS))
        return
    story.approve(minutes(1))
    if turn == "declined":
        story.act(actions.decline, minutes(2), story.technician, reason=story.pick(texts.DECLINES))
        story.technician = next(t for t in story.office.technicians if t not in (story.technician, story.requester))
        story.approve(minutes(1))
    if turn == "cancelled":
        story.act(actions.cancel, 1, story.requester, reason=story.pick(texts.CANCELLATIONS))
        return
    story.accept(minutes(2))
    if rng.random() < 0.15:
        story.say(0.5, story.requester, story.pick(texts.COMMENTS))
    story.identify(minutes(3))
    if turn == "reassigned":
        story.hand_over(4)
        story.accept(minutes(2))
        story.identify(minutes(3))
    if turn == "held":
        story.hold(5, rng.uniform(30, 400))
    _carry_out(story, minutes, failing=turn == "failed")
    if turn == "reopened":
        story.act(actions.reopen, rng.uniform(20, 500), story.requester, reason=story.pick(texts.REOPENINGS))
        _carry_out(story, minutes, failing=False)


def _carry_out(story: Story, minutes: Callable[[int], float], *, failing: bool) -> None:
    """Steps 4 to 6, with one way back where the test fails."""
    story.work(minutes(4))
    if story.rng.random() < 0.12:
        story.say(0.2, story.technician, story.pick(texts.NOTES), internal=True)
    if failing:
        story.fail_test(minutes(5))
        story.work(minutes(4) / 2)
    story.pass_test(minutes(5))
    story.finish(minutes(6))


class _Today:
    """Sets a story's start so many working minutes before now, with a requester of its own."""

    def __init__(self, office: Office, calendar: clock.Calendar, now: datetime, busy: dict[int, datetime]) -> None:
        self.office, self.calendar, self.now, self.busy = office, calendar, now, busy
        self.told: list[Story] = []

    def story(self, minutes_ago: float, category: str = "fault", requester: str = "") -> Story:
        start = working_minutes_before(self.now, minutes_ago, self.calendar)
        story = Story(self.office, self.calendar, start, self.now)
        idle = [p for p in self.office.people[13:] if self.busy.get(p.pk, self.now) <= self.now]
        story.requester = next((p for p in self.office.people if p.username == requester), idle[0])
        self.busy[story.requester.pk] = self.now + timedelta(days=1)
        story.technician, story.admin = self.office.technicians[len(self.told) % 2], self.office.admins[0]
        self.told.append(story)
        story.submit(category)
        return story


def working_minutes_before(now: datetime, minutes: float, calendar: clock.Calendar) -> datetime:
    """The moment from which so many working minutes have passed until now, to the second."""
    low, high = now - timedelta(days=30), now
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if clock.working_seconds(calendar, middle, now) >= minutes * 60:
            low = middle
        else:
            high = middle
    return low.replace(microsecond=0)


# Today's tickets, oldest first: minutes of working time ago, category, requester, and the steps that are behind it.
# With what follows they show every status, on time and late.
_TODAY: Final = (
    (95, "replacement", "", 3), (90, "other", "", 6), (60, "fault", "", 5), (52, "move", "", 4),
    (40, "fault", "pegawai", 3), (20, "other", "", 1), (16, "move", "", 0), (14, "new", "", 2), (8, "fault", "", 1),
    (5, "new", "", 0), (3, "fault", "", 0),
)  # fmt: skip


def _tell_of_today(today: _Today) -> None:
    on_hold = through(today.story(150), 3)
    _hold_open(on_hold)
    second_attempt = through(today.story(85), 4)
    second_attempt.fail_test(6)
    rejected = today.story(34, "other")
    rejected.act(actions.reject, 4, rejected.admin, reason=texts.REJECTIONS[1])
    cancelled = today.story(32)
    cancelled.act(actions.cancel, 3, cancelled.requester, reason=texts.CANCELLATIONS[0])
    for minutes_ago, category, requester, steps in _TODAY:
        through(today.story(minutes_ago, category, requester), steps)


def through(story: Story, step: int) -> Story:
    """Walks the story quickly through the steps up to and including `step`."""
    walk: list[Callable[[], None]] = [
        partial(story.approve, 4),
        partial(story.accept, 2),
        partial(story.identify, 5),
        partial(story.work, 22),
        partial(story.pass_test, 6),
        partial(story.finish, 6),
    ]
    for chapter in walk[:step]:
        chapter()
    return story


def _hold_open(story: Story) -> None:
    try:
        story.hold(8, 5_000)
    except Untold:
        return
