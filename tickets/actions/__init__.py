"""Every move of a ticket, and the only writers of its status and clocks.

For web, API, bulk action, Django admin and Celery alike. Each move takes the ticket and `by=`, and where there was a
screen `run=` and `origin=` (see `Caller`); it returns the ticket as it is afterwards, and raises

- PermissionDenied (403) where the person may not,
- WorkflowError (409) where it is not possible now,
- ValidationError by field (422) where the gate is not met.
"""

from tickets.actions.bulk import BULK, MOST, begin_bulk, run_bulk
from tickets.actions.conversation import comment, was_said
from tickets.actions.core import Caller, check, claim, database_now
from tickets.actions.decisions import approve, cancel, change_priority, reassign, reject
from tickets.actions.measurements import keep_measurement, newest_measurement, plan_of, refusal, renew_link, revoke_link
from tickets.actions.pauses import hold, reopen, resume
from tickets.actions.rating import answer, correct_element, rate, require_open_to_rating
from tickets.actions.reckoning import limits_by, on_older_calendars, reckon_anew
from tickets.actions.registry import NetworkRecord, NewDevice, planned, recorded
from tickets.actions.sop import SopChanged, publish_revision
from tickets.actions.steps import (
    NeededItem,
    UsedItem,
    accept,
    checklist,
    complete_work,
    decline,
    fail_test,
    finish,
    identify,
    pass_test,
)
from tickets.actions.stock import correct_stock, may_keep_stock, receive_stock
from tickets.actions.submission import submit, submitted_lately, was_submitted
from tickets.actions.sweep import flag_overdue, remind_of_holds

__all__ = [
    "BULK",
    "MOST",
    "Caller",
    "NeededItem",
    "NetworkRecord",
    "NewDevice",
    "SopChanged",
    "UsedItem",
    "accept",
    "answer",
    "approve",
    "begin_bulk",
    "cancel",
    "change_priority",
    "check",
    "checklist",
    "claim",
    "comment",
    "complete_work",
    "correct_element",
    "correct_stock",
    "database_now",
    "decline",
    "fail_test",
    "finish",
    "flag_overdue",
    "hold",
    "identify",
    "keep_measurement",
    "limits_by",
    "may_keep_stock",
    "newest_measurement",
    "on_older_calendars",
    "pass_test",
    "plan_of",
    "planned",
    "publish_revision",
    "rate",
    "reassign",
    "receive_stock",
    "reckon_anew",
    "recorded",
    "refusal",
    "reject",
    "remind_of_holds",
    "renew_link",
    "reopen",
    "require_open_to_rating",
    "resume",
    "revoke_link",
    "run_bulk",
    "submit",
    "submitted_lately",
    "was_said",
    "was_submitted",
]
