"""What was found is stored as one row per finding; what is not as the registry has it makes the drift list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jobs.instants import database_now
from network import actions
from network.actions import reality
from network.drift import Drift, lines_of
from network.models import Device, Observation, Subnet, Workgroup
from network.probe.packets import Status
from tests.network.factories import make_device, make_subnet, make_workgroup

DAY = timedelta(days=1)
AT = "10.17.0.23"
MAC = "3C:52:82:1A:0B:4F"
AS_RECORDED = Status("PC-23", "BPS1700", MAC)


@pytest.fixture
def subnet(db: None) -> Subnet:
    return make_subnet(seen_directly=True, gateway="10.17.0.1", exclusions=(("10.17.0.200", "10.17.0.250"),))


@pytest.fixture
def workgroup(db: None) -> Workgroup:
    return make_workgroup()


@pytest.fixture
def now(db: None) -> datetime:
    return database_now()


@pytest.fixture
def held(subnet: Subnet, workgroup: Workgroup, now: datetime) -> Device:
    device = make_device(mac=MAC)
    record: dict[str, Any] = {"address": AT, "pc_name": "PC-23", "workgroup": workgroup}
    actions.activate(device, **record, by=None, now=now - 60 * DAY)
    device.refresh_from_db()
    return device


def find(subnet: Subnet, said: Status | None, at: datetime, address: str = AT) -> Observation | None:
    return next(iter(reality.record(subnet, {address: said}, now=at)), None)


def drift(now: datetime) -> list[tuple[str, Drift]]:
    return [(line.found.address, line.kind) for line in lines_of(Observation.objects.drift(now).order_by("address"))]


# What is stored


def test_an_answer_is_stored_with_the_device_that_holds_the_address(
    subnet: Subnet, held: Device, now: datetime
) -> None:
    row = find(subnet, AS_RECORDED, now)
    assert row is not None
    assert (row.device, row.answered, row.name, row.workgroup, row.mac) == (held, True, "PC-23", "BPS1700", MAC)
    assert row.since == row.at == row.answered_at == now


def test_the_same_again_is_the_same_row_seen_once_more(subnet: Subnet, held: Device, now: datetime) -> None:
    for days in (3, 2, 1):
        find(subnet, AS_RECORDED, now - days * DAY)
    row = Observation.objects.get()
    assert (row.since, row.at, row.answered_at) == (now - 3 * DAY, now - DAY, now - DAY)


def test_another_finding_is_another_row_and_the_newest_is_the_current_one(
    subnet: Subnet, held: Device, now: datetime
) -> None:
    find(subnet, AS_RECORDED, now - 2 * DAY)
    find(subnet, Status("DESKTOP-X", "WORKGROUP", MAC), now - DAY)
    find(subnet, AS_RECORDED, now)
    rows = Observation.objects.order_by("pk").values_list("name", "is_current")
    assert list(rows) == [("PC-23", False), ("DESKTOP-X", False), ("PC-23", True)]


def test_a_silent_device_carries_on_what_it_last_said(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, AS_RECORDED, now - DAY)
    row = find(subnet, None, now)
    assert row is not None
    assert (row.answered, row.name, row.answered_at, row.at) == (False, "PC-23", now - DAY, now)


def test_a_device_that_never_answered_is_known_as_silent_alone(subnet: Subnet, held: Device, now: datetime) -> None:
    row = find(subnet, None, now)
    assert row is not None
    assert (row.device, row.answered, row.name, row.answered_at) == (held, False, "", None)


def test_silence_where_nobody_is_expected_is_nothing(subnet: Subnet, now: datetime) -> None:
    assert find(subnet, None, now, "10.17.0.77") is None
    assert not Observation.objects.exists()


def test_what_an_earlier_device_said_is_not_put_into_a_later_one_s_mouth(
    subnet: Subnet, held: Device, workgroup: Workgroup, now: datetime
) -> None:
    find(subnet, AS_RECORDED, now - 2 * DAY)
    actions.decommission(held, reason="Rusak", by=None, now=now - DAY)
    heir = make_device()
    actions.activate(heir, address=AT, pc_name="PC-24", workgroup=workgroup, by=None, now=now - DAY)
    row = find(subnet, None, now)
    assert row is not None
    assert (row.device, row.name, row.answered_at) == (heir, "", None)


def test_a_finding_that_comes_late_does_not_turn_the_clock_back(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, AS_RECORDED, now)
    row = find(subnet, None, now - DAY)
    assert row is not None and row.at == now


# Only where it is allowed


def test_nothing_is_stored_of_a_subnet_whose_mark_was_taken_off_meanwhile(
    subnet: Subnet, held: Device, now: datetime
) -> None:
    Subnet.objects.filter(pk=subnet.pk).update(seen_directly=False)
    assert reality.record(subnet, {AT: AS_RECORDED}, now=now) == []


def test_the_database_refuses_a_row_outside_a_directly_seen_subnet(subnet: Subnet, now: datetime) -> None:
    dark = make_subnet("10.18.0.0/24")
    facts: dict[str, Any] = {"answered": False, "since": now, "at": now}
    for wrong in ({"subnet": dark, "address": "10.18.0.7"}, {"subnet": subnet, "address": "10.18.0.7"}):
        with pytest.raises(IntegrityError, match="observation_seen_directly"), transaction.atomic():
            Observation.objects.create(**facts, **wrong)


def test_taking_the_mark_off_forgets_what_was_seen(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, AS_RECORDED, now)
    find(subnet, AS_RECORDED, now, "10.17.0.77")
    subnet.cidr, subnet.gateway = "10.17.0.0/26", "10.17.0.1"
    actions.save_subnet(subnet, exclusions=(), by=None)
    assert list(Observation.objects.values_list("address", flat=True)) == [AT]
    subnet.seen_directly = False
    actions.save_subnet(subnet, exclusions=(), by=None)
    assert not Observation.objects.exists()


def test_a_look_at_a_subnet_that_is_not_marked_is_refused_before_anything_is_sent(db: None) -> None:
    dark = make_subnet("10.18.0.0/24")
    with pytest.raises(ValidationError, match="tidak boleh ditanyai"):
        reality.look_at("10.18.0.7")
    with pytest.raises(ValidationError, match="tidak boleh ditanyai"):
        reality.scan(dark, tell=lambda done, total: None)


# Who is asked


def test_a_scan_asks_what_a_device_may_have(subnet: Subnet) -> None:
    asked = reality.addresses_to_ask(subnet)
    assert len(asked) == subnet.capacity() == 254 - 1 - 51
    assert not {"10.17.0.0", "10.17.0.1", "10.17.0.200", "10.17.0.250", "10.17.0.255"} & set(asked)
    assert asked[0] == "10.17.0.2" and asked[-1] == "10.17.0.254"


def test_of_a_very_large_subnet_those_are_asked_of_which_something_is_known(
    workgroup: Workgroup, now: datetime
) -> None:
    large = make_subnet("10.32.0.0/16", seen_directly=True)
    actions.activate(make_device(), address="10.32.7.7", pc_name="PC-7", workgroup=workgroup, by=None)
    reality.record(large, {"10.32.200.9": AS_RECORDED}, now=now)
    assert reality.addresses_to_ask(large) == ["10.32.7.7", "10.32.200.9"]
    assert reality.addresses_to_ask(make_subnet("fd00::/64", seen_directly=True)) == []


# Drift


def test_what_agrees_is_no_drift(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, Status("pc-23", "bps1700", MAC), now)
    assert drift(now) == []


@pytest.mark.parametrize(
    ("said", "which"),
    [
        (Status("DESKTOP-X", "BPS1700", MAC), ["pc_name"]),
        (Status("PC-23", "WORKGROUP", MAC), ["workgroup"]),
        (Status("PC-23", "BPS1700", "3C:52:82:00:00:01"), ["mac"]),
        (Status("DESKTOP-X", "WORKGROUP", ""), ["pc_name", "workgroup"]),
    ],
)
def test_what_differs_says_which_fact(
    subnet: Subnet, held: Device, now: datetime, said: Status, which: list[str]
) -> None:
    find(subnet, said, now)
    [line] = lines_of(Observation.objects.drift(now))
    assert line.kind == Drift.DIFFERS
    assert [fact.name for fact in line.facts if fact.differs] == which


def test_a_fact_that_is_not_told_or_not_recorded_does_not_differ(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, Status("PC-23", "", ""), now)
    assert drift(now) == []
    Device.objects.filter(pk=held.pk).update(mac="")
    find(subnet, AS_RECORDED, now)
    assert drift(now) == []


def test_a_pc_that_is_switched_off_is_no_drift(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, AS_RECORDED, now - 3 * DAY)
    find(subnet, None, now)
    assert drift(now) == []


def test_a_pc_that_never_answered_is_no_drift(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, None, now - 40 * DAY)
    find(subnet, None, now)
    assert drift(now) == []


def test_a_pc_that_used_to_answer_and_does_no_longer_is(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, AS_RECORDED, now - 20 * DAY)
    assert drift(now) == []  # nobody has looked since
    find(subnet, None, now)
    assert drift(now) == [(AT, Drift.SILENT)]
    find(subnet, AS_RECORDED, now)
    assert drift(now) == []


def test_what_differs_stays_on_the_list_while_the_pc_is_off(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, Status("DESKTOP-X", "BPS1700", MAC), now - DAY)
    find(subnet, None, now)
    assert drift(now) == [(AT, Drift.DIFFERS)]


def test_what_answers_unregistered_is_and_is_remembered_for_two_weeks(subnet: Subnet, now: datetime) -> None:
    find(subnet, Status("LAPTOP-TAMU", "WORKGROUP", ""), now - DAY, "10.17.0.77")
    find(subnet, None, now, "10.17.0.77")
    assert drift(now) == [("10.17.0.77", Drift.UNREGISTERED)]
    assert drift(now + 14 * DAY) == []


def test_an_address_that_is_planned_is_not_unregistered(subnet: Subnet, workgroup: Workgroup, now: datetime) -> None:
    find(subnet, Status("PC-NEW", "WORKGROUP", ""), now, "10.17.0.77")
    device = make_device()
    actions.reserve(device, address="10.17.0.77", pc_name="PC-NEW", workgroup=workgroup, by=None, now=now)
    assert drift(now) == []
    find(subnet, Status("PC-NEW", "WORKGROUP", ""), now, "10.17.0.77")
    assert drift(now) == []


def test_an_address_that_was_released_and_still_answers_is_unregistered(
    subnet: Subnet, held: Device, now: datetime
) -> None:
    find(subnet, AS_RECORDED, now - 2 * DAY)
    actions.decommission(held, reason="Ditarik", by=None, now=now - DAY)
    assert drift(now) == []  # what was said while it was held tells nothing of now
    find(subnet, AS_RECORDED, now)
    assert drift(now) == [(AT, Drift.UNREGISTERED)]


def test_a_finding_from_before_a_change_says_nothing_about_it(
    subnet: Subnet, held: Device, workgroup: Workgroup, now: datetime
) -> None:
    find(subnet, AS_RECORDED, now - 2 * DAY)
    record = actions.Record(held.unit, "12", AT, "PC-NEW", workgroup)
    actions.change_record(held, record, reason="Ganti nama", by=None, now=now - DAY)
    assert drift(now) == []
    find(subnet, AS_RECORDED, now)
    assert drift(now) == [(AT, Drift.DIFFERS)]


def test_a_line_knows_whose_name_or_mac_it_is(subnet: Subnet, held: Device, now: datetime) -> None:
    find(subnet, Status("pc-23", "BPS1700", ""), now, "10.17.0.77")
    find(subnet, Status("OTHER", "BPS1700", MAC), now, "10.17.0.78")
    find(subnet, Status("NOBODY", "BPS1700", ""), now, "10.17.0.79")
    assert [line.known for line in lines_of(Observation.objects.drift(now).order_by("address"))] == [held, held, None]
