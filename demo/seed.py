"""Very many tickets in very little time: five years of an office, to measure and to try things out on.

Told by `demo.tale` in processes of their own, a thousand tickets at a time, and written by COPY into bare tables.
"""

from __future__ import annotations

import io
import multiprocessing
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from demo.bare import bare
from demo.crowd import Desk, desks, grow, rest_plans
from demo.load import CATEGORIES, SEED, TURNS, chapters, through, working_minutes_before
from demo.office import PEOPLE, furnish
from demo.rows import COLUMNS, KEYS, Ground, Rows
from demo.story import Untold
from demo.tale import Tale
from tickets.models import NumberSeries, SopRevision, SopStep, Word
from worktime import clock
from worktime.models import CalendarRevision

YEARS: Final = 5
TICKETS_OF_ONE: Final = 170  # that one person submits in that time
OPEN: Final = 360  # beside what happens to be under way
CHUNK: Final = 1_000
WORKERS: Final = 2

_OF_EACH_PERSON: Final = [turn for _, turn in TURNS]
_OFTEN: Final = [weight for weight, _ in TURNS]
# How long `through` takes to the end of each step, and the standard of the next, in working minutes.
_BEHIND: Final = ((0, 10), (4, 5), (6, 10), (11, 60), (33, 10), (39, 10))


class Start(NamedTuple):
    """A ticket before it is told. `steps`: so many are behind it and the next one is open; None for a whole tale."""

    at: datetime
    steps: int | None
    number: str = ""


def seed(count: int, now: datetime, say: Callable[[str], None] = lambda _: None) -> None:
    """Fills an empty database with `count` tickets; the same `now` gives the same ones. All or nothing."""
    first = now - timedelta(days=365 * YEARS)
    with transaction.atomic():
        _earlier_sop()
        office = furnish(random.Random(SEED), first - timedelta(days=10))
        grow(office, max(0, count // TICKETS_OF_ONE - PEOPLE), first - timedelta(days=10))
        revision = CalendarRevision.objects.current()
        sops = list(SopRevision.objects.order_by("-effective_on", "-pk").prefetch_related("steps"))
        ground = Ground(office, revision.calendar, revision.pk, sops, now)
        starts = _numbered(_starts(count, ground, first))
        say(f"{len(office.people)} people; telling {count} tickets …")
        with bare(list(COLUMNS)):
            rest_plans(_fill(ground, starts, say))
            say("building indexes and checking keys …")
        Word.objects.learn_all()
        with connection.cursor() as cursor:
            for table, each in KEYS.items():
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, (count + 1) * each])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _earlier_sop() -> None:
    """An invented revision before the office's first real one, so that tickets of two standards lie side by side."""
    sop = SopRevision.objects.earliest("effective_on")
    steps = list(sop.steps.all())
    sop.pk, sop._state.adding = None, True
    sop.number, sop.title = "SOP-000/17000/2021", f"{sop.title} (revisi rekaan untuk data uji)"
    sop.created_on = sop.revised_on = sop.effective_on = date(2021, 1, 8)
    sop.save(force_insert=True)
    for step in steps:
        step.pk, step._state.adding = None, True
        step.revision, step.minimum, step.maximum = sop, step.minimum + 5, step.maximum + 5
    SopStep.objects.bulk_create(steps)


# When tickets begin


def _starts(count: int, ground: Ground, first: datetime) -> list[Start]:
    """More from year to year, in working time but for one in fifty; some of them still open now, in every status."""
    rng, now, calendar = ground.office.rng, ground.until, ground.calendar
    opened = min(OPEN, count // 4)
    last = now - timedelta(hours=1)
    span, worked = (last - first).total_seconds(), clock.working_seconds(calendar, first, last)
    starts: list[Start] = []
    for _ in range(count - opened):
        so_far = rng.random() ** 0.8
        is_anywhen = rng.random() < 0.02
        at = first + timedelta(seconds=int(span * so_far))
        starts.append(Start(at if is_anywhen else clock.add_working(calendar, first, int(worked * so_far)), None))
    for number in range(opened):
        steps = number % len(_BEHIND)
        behind, standard = _BEHIND[steps]
        starts.append(Start(working_minutes_before(now, behind + rng.uniform(0.2, 1.4) * standard, calendar), steps))
    return sorted(starts, key=lambda start: start.at)


def _numbered(starts: Iterable[Start]) -> list[Start]:
    """In their order, each year from 1; the series remember the last ones."""
    last: dict[int, int] = {}
    numbered = []
    for start in starts:
        year = timezone.localdate(start.at).year
        last[year] = last.get(year, 0) + 1
        numbered.append(start._replace(number=f"HC-{year}-{last[year]:06d}"))
    NumberSeries.objects.bulk_create(NumberSeries(year=year, last=number) for year, number in last.items())
    return numbered


# Telling and writing


def _fill(ground: Ground, starts: Sequence[Start], say: Callable[[str], None]) -> list[tuple[int, str]]:
    """Writes every row; returns the plans that rest on devices."""
    parts = [(first + 1, starts[first : first + CHUNK]) for first in range(0, len(starts), CHUNK)]
    plans: list[tuple[int, str]] = []
    with _tellers(_Teller(ground, desks(ground.office)), parts) as told, connection.cursor() as cursor:
        for number, (texts, resting) in enumerate(told, start=1):
            plans += resting
            for table, text in texts.items():
                copy = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN (FREEZE)"
                cursor.copy_expert(copy, io.BytesIO(text))
            if number * CHUNK % 100_000 == 0:
                say(f"{number * CHUNK} …")
    return plans


Part = tuple[int, Sequence[Start]]
Told = tuple[dict[str, bytes], list[tuple[int, str]]]


class _Teller:
    """Tells a part: its tables' rows, and the plans that rest on devices."""

    def __init__(self, ground: Ground, places: list[Desk]) -> None:
        self.ground, self.places = ground, places

    def __call__(self, part: Part) -> Told:
        first, starts = part
        self.ground.office.rng = rng = random.Random(SEED + first)  # repeatable on purpose
        rows = Rows()
        for pk, start in enumerate(starts, start=first):
            tale = Tale(self.ground, rows, rng.choice(self.places), start.at, pk=pk, number=start.number)
            tale.submit(rng.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0])
            _tell(tale, start.steps)
            tale.close()
        texts = {table: "".join([f"{line}\n" for line in lines]).encode() for table, lines in rows.lines.items()}
        return texts, rows.plans


def _tell(tale: Tale, steps: int | None) -> None:
    try:
        if steps is None:
            chapters(tale, tale.rng.choices(_OF_EACH_PERSON, weights=_OFTEN)[0])
        else:
            through(tale, steps)
            if steps and tale.rng.random() < 0.15:
                tale.hold(0.1, 5_000)
    except Untold:
        return


_teller: _Teller | None = None


def _tell_part(part: Part) -> Told:
    assert _teller is not None  # inherited from the process that forked this one
    return _teller(part)


@contextmanager
def _tellers(teller: _Teller, parts: Sequence[Part]) -> Iterator[Iterable[Told]]:
    """The parts told in order, by processes of their own where there are several; these never touch the database."""
    global _teller
    if len(parts) == 1:
        yield map(teller, parts)
        return
    _teller = teller
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        yield pool.imap(_tell_part, parts)
    _teller = None
