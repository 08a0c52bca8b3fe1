"""A ticket's life told straight into rows: the chapters of `demo.load`, a thousand times faster than acting them out.

The clock is `tickets.sla`'s and the hash is the chain trigger's, written out; `verify_integrity` and `check_sla` hold
both against the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from accounts.models import User
from demo import texts
from demo.crowd import Desk
from demo.rows import KEYS, Ground, Rows
from demo.story import Story
from tickets import sla
from tickets.models import Ticket, TicketAddress
from tickets.workflow import CLOSED, STEP_OF, TRANSITIONS, Action, Notice, Status, Step

_STAYS: Final = {Action.HOLD, Action.RESUME, Action.COMMENT}
_FORWARD: Final = {
    Action.APPROVE, Action.ACCEPT, Action.IDENTIFY, Action.COMPLETE_WORK, Action.PASS_TEST, Action.FINISH,
}  # fmt: skip
_CUTS_OFF: Final = {Action.CANCEL, Action.REASSIGN}
_NOTICES: Final = (
    ("warn_at", "warned_at", Notice.WARNED),
    ("due_at", "overdue_at", Notice.OVERDUE),
    ("escalate_at", "escalated_at", Notice.ESCALATED),
)
_UNREAD: Final = timedelta(days=3)


@dataclass
class _Run:
    """The open run, as its row will be."""

    id: int
    step: Step
    attempt: int
    technician: int | None
    minimum: int
    maximum: int
    started_at: datetime
    limits: sla.Thresholds | None
    flags: dict[str, datetime] = field(default_factory=dict)
    pauses: list[sla.Pause] = field(default_factory=list)
    held: tuple[Any, ...] | None = None  # the open hold's row so far


class Tale(Story):
    """One ticket. Takes `demo.story`'s acts; where the next one lies after now, `Untold` ends it as it stands."""

    def __init__(self, ground: Ground, rows: Rows, desk: Desk, start: datetime, *, pk: int, number: str) -> None:
        super().__init__(ground.office, ground.calendar, start, ground.until)
        self.ground, self.rows, self.desk, self.pk, self.number = ground, rows, desk, pk, number
        self.requester = desk.person
        self.submitted_at = start
        self.sop = ground.sop_at(ground.calendar.local_date(start))
        self.status: Status | None = None
        self.run: _Run | None = None
        self.attempts: dict[Step, int] = {}
        self.runs = self.texts = self.events = self.holds = self.net = 0
        self.allocated: User | None = None
        self.priority: int | None = None
        self.device_id: int | None = None
        self.closed_at: datetime | None = None
        self.reopen_until: datetime | None = None
        self.measured: int | None = None
        self.verdict = ""
        self.last_hash = ""

    # The acts that are told otherwise than acted

    def submit(self, category: str) -> None:
        self.category = category
        title, description = self.pick(texts.REQUESTS[category])
        self.title, self.description = title, f"{description} {self.desk.pc_name}, {self.desk.person.room}."
        self.is_new = category in ("new", "replacement")
        self.device_id = None if self.is_new else self.desk.device
        self._enter(Status.SUBMITTED)
        said = sha256(f"{self.title}\n{self.description}".encode()).hexdigest()
        self._event(
            Action.SUBMIT, self.requester, "", Status.SUBMITTED,
            device=self.device_id, category=category, requester=self.requester.pk, request_sha256=said,
        )  # fmt: skip

    def identify(self, minutes: float) -> None:
        self.wait(minutes)
        needs = self.rng.sample(texts.NEEDS, self.rng.randint(1, 2))
        self.act(Action.IDENTIFY, 0, self.technician, needs=needs)

    def finish(self, minutes: float) -> None:
        self.act(Action.FINISH, minutes, self.technician)

    # How an act becomes rows

    def act(self, action: Callable[..., Ticket] | Action, minutes: float, by: User, **facts: Any) -> None:
        self.wait(minutes)
        kind = action if isinstance(action, Action) else Action(action.__name__)
        before, run = self.status, self.run
        assert before is not None  # submitted first
        self._notice(self.at)
        on_hold = run is not None and run.limits is None
        after = TRANSITIONS[before, on_hold, kind]
        data = getattr(self, f"_{kind}", self._nothing)(by, facts)
        if kind not in _STAYS:
            if run is not None:
                self._leave(kind, by)
            if kind == Action.FINISH:
                data |= self._measure()
            self._enter(after)
        text = facts.get("reason", "") if isinstance(facts.get("reason"), str) else ""
        text = text or facts.get("summary", "") or facts.get("note", "") or facts.get("text", "")
        event = self._event(
            kind, by, before, after, run=run or self.run, text=text, internal=facts.get("internal", False), **data
        )
        if after in CLOSED and kind not in _STAYS and by is not self.requester:
            self._tell(event)

    def _nothing(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _comment(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        return {"files": []}

    def _approve(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        self.priority, self.allocated = int(facts["priority"]), facts["technician"]
        return {"priority": self.priority, "technician": facts["technician"].pk}

    def _decline(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        self.allocated = None
        return {}

    def _reassign(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        before, self.allocated = self.allocated, facts["technician"]
        return {"technician": facts["technician"].pk, "technician_before": before.pk if before else None}

    def _identify(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        needed = [(item, quantity, self.rng.random() < 0.9) for item, quantity in facts["needs"]]
        for item, quantity, available in needed:
            self.rows.add("tickets_need", self._open.id, item, quantity, available)
        self.device_id = self.desk.device
        return self._record(TicketAddress.Stage.PLANNED) | {"missing": sum(not need[2] for need in needed)}

    def _complete_work(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        for used in facts["materials"]:
            self.rows.add("tickets_materialuse", self._open.id, used.item, used.quantity)
        return {}

    def _pass_test(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        return self._test(by, facts, passed=True)

    def _fail_test(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        self._test(by, facts, passed=False)
        return {"failed": [code for code, outcome in facts["results"].items() if outcome == "failed"]}

    def _test(self, by: User, facts: dict[str, Any], *, passed: bool) -> dict[str, Any]:
        lines, note = self.ground.test_lines(facts["results"]), facts.get("note", "")
        self.rows.add("tickets_connectiontest", self._open.id, self.at, by.pk, passed, lines, note)
        return {}

    def _finish(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        return self._record(TicketAddress.Stage.RECORDED)

    def _record(self, stage: TicketAddress.Stage) -> dict[str, Any]:
        held = {"address": self.desk.address, "name": self.desk.name, "workgroup": self.desk.workgroup}
        self.rows.add("tickets_ticketaddress", self.pk, self._open.id, stage.value, *held.values())
        return held | {"device": self.desk.device}

    def _hold(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        run, reason = self._open, facts["reason"]
        key = self._key("tickets_hold", self.holds)
        self.holds += 1
        run.held = (key, run.id, reason.pk, facts["note"], facts["look_again_at"], self.at, by.pk)
        run.limits = None
        return {"hold": key, "reason": reason.pk}

    def _resume(self, by: User, facts: dict[str, Any]) -> dict[str, Any]:
        run = self._open
        assert run.held is not None  # held first
        self.rows.add("tickets_hold", *run.held, self.at, by.pk)
        run.pauses.append((run.held[5], self.at))
        run.held = None
        run.limits = sla.thresholds(self.calendar, run.started_at, run.pauses, maximum=run.maximum)
        return {}

    # Runs

    @property
    def _open(self) -> _Run:
        assert self.run is not None  # asked in acts on an open ticket alone
        return self.run

    def _enter(self, status: Status) -> None:
        self.status, self.run = status, None
        self.closed_at = self.at if status in CLOSED else None
        if status in CLOSED:
            return
        step = STEP_OF[status]
        standard = self.sop.standards[step]
        self.attempts[step] = self.attempts.get(step, 0) + 1
        self.run = _Run(
            id=self._key("tickets_steprun", self.runs), step=step, attempt=self.attempts[step],
            technician=self.allocated.pk if self.allocated and step > Step.SUBMISSION else None,
            minimum=standard.minimum, maximum=standard.maximum, started_at=self.at,
            limits=sla.thresholds(self.calendar, self.at, [], maximum=standard.maximum),
        )  # fmt: skip
        self.runs += 1

    def _leave(self, kind: Action, by: User) -> None:
        run, counts = self._open, kind not in _CUTS_OFF
        time = sla.spent(self.calendar, run.started_at, run.pauses, self.at)
        if time.net > run.maximum * sla.MINUTE:
            run.flags.setdefault("overdue_at", self.at)
        verdict = sla.verdict(net=time.net, maximum=run.maximum, counts=counts)
        is_fast = kind in _FORWARD and run.attempt == 1 and sla.is_too_fast(
            time, minimum=run.minimum, maximum=run.maximum
        )  # fmt: skip
        self.net += time.net
        self._write(run, self.at, by.pk, kind.value, time.net, time.held, verdict.value, is_fast)

    def _write(self, run: _Run, *ending: Any) -> None:
        limits = [getattr(run.limits, limit, None) for limit, _, _ in _NOTICES]
        flags = [run.flags.get(flag) for _, flag, _ in _NOTICES]
        self.rows.add(
            "tickets_steprun", run.id, self.pk, run.step.value, run.attempt, run.technician, self.ground.calendar_id,
            run.minimum, run.maximum, run.started_at, *limits, *flags, *ending,
        )  # fmt: skip

    def _measure(self) -> dict[str, Any]:
        self.measured = self.net
        self.verdict = sla.verdict(net=self.net, maximum=self.sop.total_maximum, counts=True).value
        self.reopen_until = self.ground.reopen_until(self.at)
        return {"net_seconds": self.net, "verdict": self.verdict}

    # The history

    def _notice(self, now: datetime) -> None:
        """What the look has found on the open run before `now`, within seconds of its becoming true."""
        run = self.run
        if run is None or run.limits is None or run.limits.warn_at >= now:
            return
        for limit, flag, kind in _NOTICES:
            at = getattr(run.limits, limit) + timedelta(seconds=self.rng.randint(1, 15))
            if flag not in run.flags and at < now:
                run.flags[flag] = at
                assert self.status is not None  # it has an open run
                self._event(kind, None, self.status, self.status, at=at)

    def _event(
        self, kind: Action | Notice, by: User | None, before: str, after: Status, *, at: datetime | None = None,
        run: _Run | None = None, text: str = "", internal: bool = False, **data: Any,
    ) -> int:  # fmt: skip
        at, run = at or self.at, run or self.run
        text_id, text_sha256 = self._said(text)
        key = self._key("tickets_ticketevent", self.events)
        self.events += 1
        origin = None if by is None else self.desk.ip if by is self.requester else "10.17.0.9"
        facts = _jsonb(data)
        chained = ", ".join([
            str(self.pk), str(self.events), f'"{kind.value}"', f'"{at.isoformat()[:19]}.000000"',
            str(by.pk) if by else "null", str(run.id) if run else "null", f'"{before}"', f'"{after.value}"', facts,
            f'"{text_sha256}"', "true" if internal else "false", f'"{origin}"' if origin else "null",
            f'"{self.last_hash}"',
        ])  # fmt: skip
        previous, self.last_hash = self.last_hash, sha256(f"[{chained}]".encode()).hexdigest()
        self.rows.add(
            "tickets_ticketevent", key, self.pk, self.events, kind.value, at, by.pk if by else None, origin,
            run.id if run else None, before, after.value, facts, text_id, text_sha256, internal, previous,
            self.last_hash,
        )  # fmt: skip
        return key

    def _said(self, text: str) -> tuple[int | None, str]:
        if not text:
            return None, ""
        key = self._key("tickets_tickettext", self.texts)
        self.texts += 1
        self.rows.add("tickets_tickettext", key, self.pk, text)
        return key, sha256(text.encode()).hexdigest()

    def _tell(self, event: int) -> None:
        """The ending stands in the requester's bell, read unless it is new."""
        read_at = None if self.at > self.until - _UNREAD else self.at + timedelta(minutes=self.rng.randint(1, 300))
        self.rows.add(
            "tickets_delivery", event, self.requester.pk, "requester", "bell", "sent", self.at, 0, False, "", self.at,
            read_at,
        )  # fmt: skip

    def close(self) -> None:
        """The tale has come to its end, or to now: writes what is open, and the ticket."""
        self._notice(self.until)
        if self.run is not None:
            if self.run.held is not None:
                self.rows.add("tickets_hold", *self.run.held, None, None)
            self._write(self.run, None, None, "", None, None, "", False)
            if self.attempts.get(Step.WORK):
                self.rows.plans.append((self.desk.device, self.number))
        self.rows.add(
            "tickets_ticket", self.pk, self.number, self.status, self.category, self.priority, self.title,
            self.description, self.requester.pk, self.allocated.pk if self.allocated else None, self.device_id,
            self.pick(texts.BRANDS["laptop"]) if self.is_new else "", self.desk.person.unit_id, self.desk.person.room,
            self.desk.person.phone, self.sop.pk, self.run.id if self.run else None, self.submitted_at, self.closed_at,
            self.reopen_until, self.measured, self.verdict, self.events, self.last_hash,
        )  # fmt: skip

    def _key(self, table: str, used: int) -> int:
        assert used < KEYS[table]
        return self.pk * KEYS[table] + used


def _jsonb(facts: dict[str, Any]) -> str:
    """As PostgreSQL writes jsonb: shorter keys first, keys of one length in the order of their bytes."""
    return json.dumps({key: facts[key] for key in sorted(facts, key=lambda key: (len(key), key))})
