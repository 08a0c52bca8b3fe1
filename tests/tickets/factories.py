"""An office to play in, with a simulated clock, and one call for each of the SOP's moves.

Everything here drives the real actions; nothing writes a ticket behind their back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from accounts import roles
from accounts.models import Unit, User
from network.models import Device, Subnet, Workgroup
from tests.factories import enrol
from tickets import actions
from tickets.models import HoldReason, SopRevision, SopStep, Ticket
from tickets.workflow import Action, Status

WIB: Final = ZoneInfo("Asia/Jakarta")

# The SOP's standards in working minutes, copied by hand from SOP-053/17000/2025.
STANDARDS: Final = {1: (10, 10), 2: (5, 5), 3: (10, 10), 4: (10, 60), 5: (5, 10), 6: (5, 10)}
CHECKS: Final = ("lampu-link", "ip-sesuai", "gateway", "dns", "portal", "nama-grup", "printer")
ALL_OK: Final = dict.fromkeys(CHECKS, "ok")
ONE_FAILED: Final = ALL_OK | {"gateway": "failed"}

_serial = count(1)


def wib(text: str) -> datetime:
    """`"2026-10-12 09:00"`, optionally with seconds, as that moment in Asia/Jakarta."""
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


# A Monday without holidays around it.
MONDAY: Final = wib("2026-10-12 08:00")


def make_unit(**facts: Any) -> Unit:
    number = next(_serial)
    return Unit.objects.create(**{"code": f"{90000 + number}", "name": f"Unit {number}", **facts})


def make_user(*names: str, username: str = "", unit: Unit | None = None, **facts: Any) -> User:
    """An active employee, with the roles of these names as well."""
    username = username or f"orang{next(_serial)}"
    user = User(username=username, full_name=username.replace("_", " ").title(), unit=unit, **facts)
    user.set_unusable_password()
    user.save()
    if names:
        user.set_roles(names)
    return User.objects.get(pk=user.pk)


def make_sop(effective: date = date(2025, 6, 2), standards: Mapping[int, tuple[int, int]] = STANDARDS) -> SopRevision:
    """A further revision of the SOP, in force from `effective` on."""
    words = "SOP"
    revision = SopRevision.objects.create(
        number=f"SOP-{next(_serial)}", title=words, institution=words, owner=words, created_on=effective,
        revised_on=effective, effective_on=effective, approver_position=words, approver_name=words,
        approver_nip="", portal="https://bengkulu.web.bps.go.id/halocik/", legal_basis=[], qualifications=[],
        related=[], equipment=[], records=[],
    )  # fmt: skip
    SopStep.objects.bulk_create(
        SopStep(
            revision=revision, number=number, activity=words, actors=["technician"], requirements=words,
            minimum=minimum, maximum=maximum, output=words, fails_to=4 if number == 5 else None,
        )
        for number, (minimum, maximum) in standards.items()
    )  # fmt: skip
    return revision


def revised_sop(changed: Mapping[int, Mapping[str, Any]] | None = None, **facts: Any) -> SopRevision:
    """A further revision, equal to the newest but for `facts` and what `changed` says of its steps, by number."""
    revision = SopRevision.objects.newest()
    rows = list(revision.steps.all())
    revision.pk, revision._state.adding, revision.number = None, True, f"SOP-{next(_serial)}"
    for name, value in facts.items():
        setattr(revision, name, value)
    revision.save(force_insert=True)
    for row in rows:
        row.pk, row._state.adding, row.revision = None, True, revision
        for name, value in (changed or {}).get(row.number, {}).items():
            setattr(row, name, value)
    SopStep.objects.bulk_create(rows)
    return revision


@dataclass
class Office:
    """The cast, their network, and a clock that stands until a test moves it.

    `requester` asks; `technician` is the one to whom tickets are allocated. `colleague` is an employee of the same
    unit, `stranger` one of another unit.
    """

    unit: Unit
    subnet: Subnet
    workgroup: Workgroup
    requester: User
    colleague: User
    stranger: User
    admin: User
    other_admin: User
    technician: User
    other_technician: User
    supervisor: User
    now: datetime = MONDAY
    hosts: Any = field(default_factory=lambda: count(10))

    def wait(self, **amount: float) -> datetime:
        """Lets simulated time pass; as `timedelta(**amount)`."""
        self.now += timedelta(**amount)
        return self.now

    def at(self, text: str) -> datetime:
        """Sets the simulated clock, e.g. `at("2026-10-12 11:52")`."""
        self.now = wib(text)
        return self.now

    def record(self, host: int | None = None) -> actions.NetworkRecord:
        """A network record that nobody has yet."""
        host = host or next(self.hosts)
        return actions.NetworkRecord(f"10.17.{host // 250}.{host % 250 + 2}", f"PC-{host}", self.workgroup)

    def reason(self, code: str = "menunggu-perangkat") -> HoldReason:
        return HoldReason.objects.get(code=code)

    def device(self, owner: User | None = None) -> Device:
        """A registered device without a network record."""
        return Device.objects.create(
            kind="pc", owner=owner or self.requester, unit=self.unit, room="R-1", registered_at=self.now
        )

    def submit(self, **facts: Any) -> Ticket:
        given: dict[str, Any] = {
            "by": self.requester, "requester": facts.get("by", self.requester), "category": "new",
            "title": "Pasang jaringan PC baru", "description": "PC baru di ruang rapat.", "device_text": "PC rakitan",
            "unit": self.unit, "room": "R-12", "contact": "0812", "now": self.now,
        }  # fmt: skip
        return actions.submit(**{**given, **facts})

    def do(self, action: Action | str, ticket: Ticket, **changes: Any) -> Ticket:
        """Makes the move with sound input, by whoever makes it as a rule; `changes` replace arguments."""
        move, given = self._call(Action(action), ticket)
        return move(ticket, **{"now": self.now, **given, **changes})

    def _call(self, action: Action, ticket: Ticket) -> tuple[Callable[..., Ticket], dict[str, Any]]:
        admin, worker, reason = {"by": self.admin}, {"by": self.technician}, {"reason": "Alasan yang jelas."}
        match action:
            case Action.APPROVE:
                return actions.approve, admin | {"priority": 3, "technician": self.technician}
            case Action.REASSIGN:
                return actions.reassign, admin | reason | {"technician": self.other_technician}
            case Action.CHANGE_PRIORITY:
                return actions.change_priority, admin | {"priority": 3 if ticket.priority == 2 else 2}
            case Action.REJECT | Action.CANCEL | Action.REOPEN:
                return getattr(actions, action), admin | reason
            case Action.ACCEPT | Action.RESUME:
                return getattr(actions, action), worker
            case Action.DECLINE:
                return actions.decline, worker | reason
            case Action.IDENTIFY:
                needs = [actions.NeededItem("Kabel UTP", 2), actions.NeededItem("Konektor", 4, available=False)]
                device = ticket.device or actions.NewDevice("pc", "Rakitan")
                return actions.identify, worker | {"needs": needs, "device": device, "record": self.record()}
            case Action.COMPLETE_WORK:
                materials = [actions.UsedItem("Kabel UTP", 2)]
                return actions.complete_work, worker | {"summary": "Kabel ditarik.", "materials": materials}
            case Action.PASS_TEST:
                return actions.pass_test, worker | {"results": ALL_OK}
            case Action.FAIL_TEST:
                return actions.fail_test, worker | {"results": ONE_FAILED, "note": "Gateway diam."}
            case Action.FINISH:
                return actions.finish, worker | {"record": self.planned_or_new(ticket)}
            case Action.HOLD:
                look_again_at = self.now + timedelta(days=1)
                return actions.hold, worker | {"reason": self.reason(), "look_again_at": look_again_at}
            case Action.COMMENT:
                return actions.comment, {"by": self.requester, "text": "Apa kabarnya?"}
        raise AssertionError(f"{action} is no move of an existing ticket")

    def planned_or_new(self, ticket: Ticket) -> actions.NetworkRecord:
        plan = actions.planned(ticket)
        if plan is None:
            return self.record()
        return actions.NetworkRecord(plan.address.address, plan.name.name, plan.workgroup)

    def ticket_in(self, status: Status | str, *, on_hold: bool = False, **facts: Any) -> Ticket:
        """A ticket brought to this status by the real actions, a minute each; `facts` go to `submit`."""
        ticket = self.submit(**facts)
        for action in WAY_TO[Status(status)]:
            self.wait(minutes=1)
            ticket = self.do(action, ticket)
        if on_hold:
            self.wait(minutes=1)
            ticket = self.do(Action.HOLD, ticket)
        return ticket


_FORWARD: Final = (
    Action.APPROVE, Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH,
)  # fmt: skip
WAY_TO: Final[dict[Status, tuple[Action, ...]]] = {
    Status.SUBMITTED: (),
    Status.ASSIGNED: _FORWARD[:1],
    Status.IDENTIFYING: _FORWARD[:2],
    Status.WORKING: _FORWARD[:3],
    Status.TESTING: _FORWARD[:4],
    Status.FINISHING: _FORWARD[:5],
    Status.DONE: _FORWARD,
    Status.REJECTED: (Action.REJECT,),
    Status.CANCELLED: (*_FORWARD[:3], Action.CANCEL),
}


def make_office(**facts: Any) -> Office:
    unit, other_unit = make_unit(), make_unit()
    if not SopRevision.objects.exists():
        make_sop()
    return Office(
        unit=unit,
        subnet=Subnet.objects.create(cidr="10.17.0.0/16", name="Kantor", unit=unit, gateway="10.17.0.1"),
        workgroup=Workgroup.objects.create(name="BPS1700"),
        **_cast(unit, other_unit),
        **facts,
    )


_CAST: Final = {
    "requester": ("pemohon", ()),
    "colleague": ("rekan", ()),
    "stranger": ("orang_lain", ()),
    "admin": ("admin_tip", (roles.ADMIN,)),
    "other_admin": ("admin_lain", (roles.ADMIN,)),
    "technician": ("teknisi", (roles.TECHNICIAN,)),
    "other_technician": ("teknisi_lain", (roles.TECHNICIAN,)),
    "supervisor": ("pimpinan", (roles.SUPERVISOR,)),
}


def _cast(unit: Unit, other_unit: Unit) -> dict[str, Any]:
    """The people by the names that tests call them, as `make_user` would make them, but all in three queries."""
    people = {
        name: User(
            username=username,
            full_name=username.replace("_", " ").title(),
            unit=other_unit if name == "stranger" else unit,
            password="!",
        )
        for name, (username, _held) in _CAST.items()
    }
    enrol(*((user, _CAST[name][1]) for name, user in people.items()))
    return people


def new_key() -> uuid.UUID:
    return uuid.uuid4()
