"""Eight real threads, each with its own connection, twenty rounds, and beside each race a naive control that must fail.

A control does what the actions must not do (read, check, save); if it never fails, the round does not really race.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from network.models import Device, IPAssignment
from tests.tickets.factories import ALL_OK, Office, make_office, new_key, wib
from tests.tickets.racing import ROUNDS, THREADS, Racer, Track, a_control_that_fails, kinds, won
from tickets import actions, finding
from tickets.integrity import violations
from tickets.models import NumberSeries, StepRun, Ticket, TicketEvent
from tickets.workflow import Status, WorkflowError

pytestmark = pytest.mark.race


@pytest.fixture
def office(committed_db: None, track: Track) -> Iterator[Office]:
    """Committed, for all connections to see. Whatever was raced for, the data must be sound afterwards."""
    yield make_office()
    assert list(violations()) == []


def naive_move(ticket: Ticket, expected: str, **changes: Any) -> Racer:
    """Read, check, save: what every plain view does."""

    def act() -> None:
        row = Ticket.objects.get(pk=ticket.pk)
        if row.status != expected:
            raise WorkflowError("too late")
        for name, value in changes.items():
            setattr(row, name, value)
        with transaction.atomic():
            row.save(update_fields=list(changes))

    return act


def naive_rounds(office: Office, track: Track, *changes: dict[str, Any]) -> None:
    """Races the naive move on one submitted ticket until more than one has won."""
    ticket = office.submit()
    series = Ticket.objects.filter(pk=ticket.pk)
    before = series.values(*{name for change in changes for name in change}).get()
    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            outcomes = track.run(*(naive_move(ticket, "submitted", **change) for change in changes))
            series.update(**before)
            if note(won(outcomes) > 1):
                break


# One action, eight screens


def test_of_a_technicians_eight_screens_one_accepts(office: Office, track: Track) -> None:
    for _ in range(ROUNDS):
        ticket = office.ticket_in("assigned")
        run = ticket.current_run_id
        outcomes = track.run(
            partial(actions.accept, ticket, by=office.technician),
            partial(actions.accept, ticket, by=office.technician, run=run),
        )
        assert won(outcomes) == 1
        assert kinds(outcomes)["WorkflowError"] == THREADS - 1
        assert ticket.events.filter(kind="accept").count() == 1
        assert ticket.runs.filter(step=3).count() == 1


def test_the_naive_accept_has_several_winners(office: Office, track: Track) -> None:
    naive_rounds(office, track, {"room": "R-2"})


def test_eight_failed_tests_are_one(office: Office, track: Track) -> None:
    """A move that leads to a status from which the same move could be made again must not be made twice."""
    ticket = office.ticket_in("working")
    for number in range(ROUNDS):
        ticket = office.do("complete_work", ticket)
        failed = ALL_OK | {"dns": "failed"}
        outcomes = track.run(partial(actions.fail_test, ticket, results=failed, by=office.technician))
        assert won(outcomes) == 1
        ticket = Ticket.objects.get(pk=ticket.pk)
        assert ticket.runs.filter(step=4).count() == number + 2


def test_eight_people_may_bring_the_same_new_words_at_once(office: Office, track: Track) -> None:
    """Each of them teaches the search; whoever comes second waits for the first, and nobody for each other."""
    for number in range(ROUNDS):
        words = [f"aneh{number} unik{number} langka{number}", f"langka{number} unik{number} aneh{number}"]
        outcomes = track.run(*(partial(office.submit, title=title, description=title) for title in words))
        assert won(outcomes) == THREADS
        assert finding.newest(f"unik{number} aneh{number}", 26, 1001)[1] == THREADS


# One action against another


def test_a_ticket_is_approved_or_rejected_never_both(office: Office, track: Track) -> None:
    seen: Counter[str] = Counter()
    for _ in range(ROUNDS):
        ticket = office.submit()
        outcomes = track.run(
            partial(actions.approve, ticket, priority=2, technician=office.technician, by=office.admin),
            partial(actions.reject, ticket, reason="Tidak perlu.", by=office.other_admin),
        )
        assert won(outcomes) == 1
        assert kinds(outcomes)["WorkflowError"] == THREADS - 1
        final = Ticket.objects.get(pk=ticket.pk)
        assert final.status in ("assigned", "rejected")
        assert ticket.events.count() == 2
        seen[final.status] += 1
    naive_rounds(office, track, {"room": "disetujui"}, {"room": "ditolak"})


def test_of_admins_who_approve_with_different_technicians_one_decides(office: Office, track: Track) -> None:
    for _ in range(ROUNDS):
        ticket = office.submit()
        outcomes = track.run(
            partial(actions.approve, ticket, priority=1, technician=office.technician, by=office.admin),
            partial(actions.approve, ticket, priority=4, technician=office.other_technician, by=office.other_admin),
        )
        assert won(outcomes) == 1
        final = Ticket.objects.get(pk=ticket.pk)
        event = ticket.events.get(kind="approve")
        assert event.data == {"priority": final.priority, "technician": final.technician_id}
        assert (final.priority == 1) == (final.technician_id == office.technician.pk)
        assert StepRun.objects.get(ticket=ticket, ended_at=None).technician_id == final.technician_id
    naive_rounds(office, track, {"room": "satu"}, {"room": "dua"})


def test_a_ticket_is_finished_or_reassigned_never_both(office: Office, track: Track) -> None:
    ticket = office.ticket_in("finishing")
    for _ in range(ROUNDS):
        record = office.planned_or_new(ticket)
        run = ticket.current_run_id
        by = ticket.technician
        assert by is not None
        other = office.technician if by == office.other_technician else office.other_technician
        outcomes = track.run(
            partial(actions.finish, ticket, record=record, by=by, run=run),
            partial(actions.reassign, ticket, technician=other, reason="Sibuk.", by=office.admin, run=run),
        )
        assert won(outcomes) == 1
        # After a reassignment the former technician is no longer permitted: 403 comes before 409.
        assert kinds(outcomes)["WorkflowError"] + kinds(outcomes)["PermissionDenied"] == THREADS - 1
        ticket = Ticket.objects.get(pk=ticket.pk)
        if ticket.status == Status.DONE:
            assert ticket.technician == by
            ticket = office.do("reopen", ticket, now=None)
        else:
            assert (ticket.status, ticket.technician) == ("assigned", other)
            ticket = office.do("accept", ticket, by=other, now=None)
            plan = office.planned_or_new(ticket)
            ticket = office.do("identify", ticket, by=other, record=plan, now=None)
        ticket = office.do("complete_work", ticket, by=ticket.technician, now=None)
        ticket = office.do("pass_test", ticket, by=ticket.technician, now=None)
    naive_rounds(office, track, {"room": "selesai"}, {"room": "dialihkan"})


def test_hold_and_complete_work_each_see_what_the_other_did(office: Office, track: Track) -> None:
    ticket = office.ticket_in("working")
    reason = office.reason()
    later = wib("2099-01-01 00:00")
    for _ in range(ROUNDS):
        outcomes = track.run(
            partial(actions.hold, ticket, reason=reason, look_again_at=later, by=office.admin),
            partial(actions.complete_work, ticket, summary="Selesai.", by=office.technician),
        )
        ticket = Ticket.objects.get(pk=ticket.pk)
        if ticket.status == Status.WORKING:
            assert (won(outcomes), ticket.on_hold) == (1, True)
            ticket = office.do("resume", ticket, now=None)
        else:
            # Completed first; one hold of the next step may have followed.
            assert won(outcomes) == 1 + ticket.on_hold
            if ticket.on_hold:
                ticket = office.do("resume", ticket, now=None)
            ticket = office.do("fail_test", ticket, now=None)
    naive_rounds(office, track, {"room": "ditunda"}, {"room": "dikerjakan"})


def test_comments_of_eight_people_at_once_are_all_kept_in_one_chain(office: Office, track: Track) -> None:
    ticket = office.submit()
    for number in range(ROUNDS):
        outcomes = track.run(
            partial(actions.comment, ticket, text="Halo", by=office.requester),
            partial(actions.comment, ticket, text="Hai", by=office.admin),
        )
        assert won(outcomes) == THREADS
        assert ticket.events.count() == 1 + THREADS * (number + 1)
    assert list(ticket.events.values_list("seq", flat=True)) == list(range(1, ticket.events.count() + 1))


# Numbers and keys


def test_ticket_numbers_have_no_gap_though_every_other_submission_is_rolled_back(office: Office, track: Track) -> None:
    def rolled_back() -> None:
        with transaction.atomic():
            office.submit()
            transaction.set_rollback(True)

    for number in range(ROUNDS):
        outcomes = track.run(office.submit, rolled_back)
        assert won(outcomes) == THREADS
        given = sorted(Ticket.objects.values_list("number", flat=True))
        assert given == [f"HC-2026-{n:06d}" for n in range(1, THREADS // 2 * (number + 1) + 1)]


def test_the_naive_number_is_given_twice(office: Office, track: Track) -> None:
    NumberSeries.objects.create(year=2030, last=0)

    def naive_number() -> int:
        series = NumberSeries.objects.get(year=2030)
        series.last += 1
        series.save(update_fields=["last"])
        return series.last

    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            if note(len(set(track.run(naive_number))) < THREADS):
                break
    NumberSeries.objects.filter(year=2030).delete()


def test_one_form_sent_eight_times_is_one_ticket(office: Office, track: Track) -> None:
    for number in range(ROUNDS):
        key = new_key()
        outcomes = track.run(partial(office.submit, key=key))
        assert won(outcomes) == THREADS
        assert len({ticket.pk for ticket in outcomes}) == 1
        assert Ticket.objects.count() == number + 1
    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            title = str(new_key())

            def naive(title: str = title) -> None:
                if not Ticket.objects.filter(title=title).exists():
                    office.submit(title=title)

            track.run(naive)
            if note(Ticket.objects.filter(title=title).count() > 1):
                break


def test_one_comment_sent_eight_times_is_one_event(office: Office, track: Track) -> None:
    ticket = office.submit()
    for number in range(ROUNDS):
        key = new_key()
        outcomes = track.run(partial(actions.comment, ticket, text="Halo", key=key, by=office.requester))
        assert won(outcomes) == THREADS
        assert ticket.events.filter(kind="comment").count() == number + 1
    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            text = str(new_key())

            def naive(text: str = text) -> None:
                if not TicketEvent.objects.filter(text__body=text).exists():
                    actions.comment(ticket, text=text, by=office.requester)

            track.run(naive)
            if note(TicketEvent.objects.filter(text__body=text).count() > 1):
                break


# The registry


def test_one_address_is_planned_for_one_of_eight_tickets(office: Office, track: Track) -> None:
    tickets = [office.ticket_in("identifying", device=None) for _ in range(THREADS)]
    needs = [actions.NeededItem("Kabel")]
    for _ in range(ROUNDS):
        record, line = office.record(), iter(tickets)

        def plan(record: actions.NetworkRecord = record, line: Iterator[Ticket] = line) -> Ticket:
            return actions.identify(
                next(line), needs=needs, device=actions.NewDevice("pc"), record=record, by=office.technician
            )

        outcomes = track.run(plan)
        assert won(outcomes) == 1
        assert kinds(outcomes)["ValidationError"] == THREADS - 1
        assert IPAssignment.objects.live().filter(address=record.address).count() == 1
        winner = next(outcome for outcome in outcomes if isinstance(outcome, Ticket))
        tickets = [ticket for ticket in tickets if ticket.pk != winner.pk] + [office.ticket_in("identifying")]

    def naive() -> None:
        if not Device.objects.filter(pc_name="PC-NAIF").exists():
            Device.objects.create(kind="pc", unit=office.unit, pc_name="PC-NAIF", registered_at=office.now)

    with a_control_that_fails() as note:
        for _ in range(ROUNDS):
            Device.objects.filter(pc_name="PC-NAIF").update(pc_name="")
            track.run(naive)
            if note(Device.objects.filter(pc_name="PC-NAIF").count() > 1):
                break
    Device.objects.filter(pc_name="PC-NAIF").update(pc_name="")


def test_one_device_is_planned_for_by_one_of_eight_tickets(office: Office, track: Track) -> None:
    needs = [actions.NeededItem("Kabel")]
    tickets = [office.ticket_in("identifying") for _ in range(THREADS)]
    for _ in range(ROUNDS):
        device, line = office.device(), iter([(ticket, office.record()) for ticket in tickets])

        def plan(device: Device = device, line: Iterator[tuple[Ticket, actions.NetworkRecord]] = line) -> Ticket:
            ticket, record = next(line)
            return actions.identify(ticket, needs=needs, device=device, record=record, by=office.technician)

        outcomes = track.run(plan)
        assert won(outcomes) == 1
        assert kinds(outcomes)["ValidationError"] == THREADS - 1
        winner = next(outcome for outcome in outcomes if isinstance(outcome, Ticket))
        link = actions.planned(winner)
        assert link is not None
        assert link.address.state == "reserved"
        tickets = [ticket for ticket in tickets if ticket.pk != winner.pk] + [office.ticket_in("identifying")]
