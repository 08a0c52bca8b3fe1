"""One ticket's life, driven through the real actions in simulated time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from accounts.models import User
from demo import texts
from demo.office import Office
from network.models import Device
from tickets import actions
from tickets.models import Priority, Ticket
from worktime import clock

T = TypeVar("T")


class Untold(Exception):
    """The next act would lie after now, so the ticket stays as it is; the rest is in the future."""


class Story:
    """A ticket and the moment it has come to. Each act takes working minutes first."""

    def __init__(self, office: Office, calendar: clock.Calendar, start: datetime, until: datetime) -> None:
        self.office, self.rng = office, office.rng
        self.calendar, self.at, self.until = calendar, start, until
        self.requester = self.rng.choice(office.people)
        self.technician = self.rng.choice([t for t in office.technicians if t != self.requester])
        self.admin = self.rng.choice(office.admins)
        self.ticket: Ticket
        self.device: Device | None = None
        self.record: actions.NetworkRecord

    def wait(self, minutes: float) -> None:
        """Lets working time pass; raises Untold where that leads beyond now."""
        at = clock.add_working(self.calendar, self.at, round(minutes * 60))
        if at > self.until:
            raise Untold
        self.at = at

    def act(self, action: Callable[..., Ticket], minutes: float, by: User, **facts: Any) -> None:
        self.wait(minutes)
        self.ticket = action(self.ticket, by=by, now=self.at, **facts)

    def pick(self, choices: Sequence[T]) -> T:
        return self.rng.choice(choices)

    def submit(self, category: str) -> None:
        requester, rng = self.requester, self.rng
        assert requester.unit is not None  # the office gives everybody one
        title, description = self.pick(texts.REQUESTS[category])
        owned = self.office.devices[requester.pk]
        new = category in ("new", "replacement")
        self.device = None if new else owned[0]
        self.ticket = actions.submit(
            by=requester, requester=requester, category=category, title=title, description=description,
            device=self.device, device_text=self.pick(texts.BRANDS["laptop"]) if new else "",
            unit=requester.unit, room=requester.room or rng.choice(texts.ROOMS), contact=requester.phone, now=self.at,
        )  # fmt: skip

    def approve(self, minutes: float) -> None:
        priority = self.rng.choices(Priority.values, weights=[1, 3, 10, 3])[0]
        self.act(actions.approve, minutes, self.admin, priority=priority, technician=self.technician)

    def accept(self, minutes: float) -> None:
        self.act(actions.accept, minutes, self.technician)

    def identify(self, minutes: float) -> None:
        self.wait(minutes)
        needs = [
            actions.NeededItem(item, quantity, self.rng.random() < 0.9)
            for item, quantity in self.rng.sample(texts.NEEDS, self.rng.randint(1, 3))
        ]
        device, self.record = self._device(), self._plan()
        self.act(actions.identify, 0, self.technician, needs=needs, device=device, record=self.record)
        self.device = self.ticket.device

    def work(self, minutes: float) -> None:
        materials = [
            actions.UsedItem(item, quantity)
            for item, quantity in self.rng.sample(texts.NEEDS[:2], self.rng.randint(0, 2))
        ]
        self.act(
            actions.complete_work, minutes, self.technician, summary=self.pick(texts.SUMMARIES), materials=materials
        )

    def pass_test(self, minutes: float) -> None:
        outcomes = dict.fromkeys(self.office.checks, "ok")
        self.act(actions.pass_test, minutes, self.technician, results=outcomes)

    def fail_test(self, minutes: float) -> None:
        outcomes = dict.fromkeys(self.office.checks, "ok") | {self.pick(["gateway", "dns", "portal"]): "failed"}
        self.act(actions.fail_test, minutes, self.technician, results=outcomes, note=self.pick(texts.FAILURES))

    def finish(self, minutes: float) -> None:
        self.act(actions.finish, minutes, self.technician, record=self.record)
        assert self.device is not None  # every story goes through step 3
        self.office.addresses[self.device.pk] = self.record.address

    def hold(self, minutes: float, pause: float) -> None:
        """Holds after `minutes` of work and resumes after `pause` working minutes."""
        reason = self.pick(self.office.hold_reasons)
        self.wait(minutes)
        look_again = clock.add_working(self.calendar, self.at, round(pause * 60)) + timedelta(minutes=5)
        self.act(
            actions.hold, 0, self.technician, reason=reason, note=self.pick(texts.HOLD_NOTES), look_again_at=look_again
        )
        self.act(actions.resume, pause, self.technician)

    def hand_over(self, minutes: float) -> None:
        others = [t for t in self.office.technicians if t not in (self.requester, self.technician)]
        self.technician = self.pick(others)
        self.act(
            actions.reassign, minutes, self.admin, technician=self.technician, reason=self.pick(texts.REASSIGNMENTS)
        )

    def say(self, minutes: float, by: User, text: str, *, internal: bool = False) -> None:
        self.act(actions.comment, minutes, by, text=text, internal=internal)

    def _device(self) -> Device | actions.NewDevice:
        if self.device is not None:
            return self.device
        kind = "printer" if "Printer" in self.ticket.title else "laptop" if "aptop" in self.ticket.title else "pc"
        return actions.NewDevice(
            kind=kind,
            brand_model=self.pick(texts.BRANDS[kind]),
            asset_number=self.office.new_asset_number(),
            mac=self.office.new_mac(),
        )

    def _plan(self) -> actions.NetworkRecord:
        """What the device has already, except where the request is about a new place or a new name."""
        unit = self.requester.unit
        assert unit is not None  # the office gives everybody one
        held = self.device
        address = self.office.addresses.get(held.pk) if held else None
        keeps = self.ticket.category in ("fault", "other")
        return actions.NetworkRecord(
            address if keeps and address else next(self.office.free[unit.pk]),
            held.pc_name if held and held.pc_name else self.office.new_name(unit),
            self.office.workgroups[unit.pk],
        )


def step_minutes(rng: random.Random, step: int, *, late: bool) -> float:
    """How long a step takes in the demo office, in working minutes: mostly within the SOP's standard."""
    least, most = {1: (1, 9), 2: (1, 4), 3: (3, 9), 4: (11, 55), 5: (5, 9), 6: (5, 9)}[step]
    standard = {1: 10, 2: 5, 3: 10, 4: 60, 5: 10, 6: 10}[step]
    if late:
        return standard * rng.uniform(1.1, 2.6)
    return rng.triangular(least, most, least + (most - least) * 0.4)
