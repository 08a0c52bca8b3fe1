"""The six steps of SOP-053/17000/2025 as one table; pure, no database.

What is not in `TRANSITIONS` is refused. The key is (status, on hold, action), because a ticket on hold keeps its
status and only its clock stands. `manage.py transitions` prints the table.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tickets.models import Ticket


class Status(TextChoices):
    SUBMITTED = "submitted", _("Menunggu persetujuan")
    ASSIGNED = "assigned", _("Menunggu diterima teknisi")
    IDENTIFYING = "identifying", _("Identifikasi")
    WORKING = "working", _("Dikerjakan")
    TESTING = "testing", _("Diuji")
    FINISHING = "finishing", _("Diselesaikan")
    DONE = "done", _("Selesai")
    REJECTED = "rejected", _("Ditolak")
    CANCELLED = "cancelled", _("Dibatalkan")


class Step(IntegerChoices):
    """The SOP's step numbers."""

    SUBMISSION = 1, _("Pengajuan")
    ACCEPTANCE = 2, _("Menerima alokasi")
    IDENTIFICATION = 3, _("Identifikasi")
    WORK = 4, _("Pelaksanaan")
    TEST = 5, _("Tes dan uji coba")
    FINISH = 6, _("Selesai")


class Action(TextChoices):
    SUBMIT = "submit", _("Ajukan")
    APPROVE = "approve", _("Setujui")
    REJECT = "reject", _("Tolak")
    CANCEL = "cancel", _("Batalkan")
    ACCEPT = "accept", _("Terima tugas")
    DECLINE = "decline", _("Kembalikan ke admin")
    REASSIGN = "reassign", _("Alihkan")
    IDENTIFY = "identify", _("Simpan identifikasi")
    COMPLETE_WORK = "complete_work", _("Selesaikan pekerjaan")
    PASS_TEST = "pass_test", _("Lulus uji")
    FAIL_TEST = "fail_test", _("Gagal uji")
    FINISH = "finish", _("Selesaikan tiket")
    REOPEN = "reopen", _("Buka lagi")
    HOLD = "hold", _("Tunda")
    RESUME = "resume", _("Lanjutkan")
    CHANGE_PRIORITY = "change_priority", _("Ubah prioritas")
    COMMENT = "comment", _("Komentar")


#: Actions that a document tells of, made after them.
DOCUMENTED: Final = (Action.PASS_TEST, Action.FAIL_TEST, Action.FINISH)


class Notice(TextChoices):
    """What the history holds beside the moves of the table: what the clock found, the move to a newer calendar, the
    browser test of step 5 and its link."""

    WARNED = "warned", _("Hampir jatuh tempo")
    OVERDUE = "overdue", _("Terlambat")
    ESCALATED = "escalated", _("Dieskalasi")
    LOOK_AGAIN = "look_again", _("Waktunya dilihat lagi")
    RECKONED_ANEW = "reckoned_anew", _("Dihitung ulang dengan kalender baru")
    MEASURED = "measured", _("Diukur dari peramban")
    LINKED = "linked", _("Tautan uji dibuat")
    UNLINKED = "unlinked", _("Tautan uji dicabut")


class WorkflowError(Exception):
    """The action is not possible now. Answered with 409, `message` shown to the user, beside `ticket` as it is now."""

    def __init__(self, message: str, ticket: "Ticket | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.ticket = ticket


STEP_OF: Final[dict[Status, Step]] = {
    Status.SUBMITTED: Step.SUBMISSION,
    Status.ASSIGNED: Step.ACCEPTANCE,
    Status.IDENTIFYING: Step.IDENTIFICATION,
    Status.WORKING: Step.WORK,
    Status.TESTING: Step.TEST,
    Status.FINISHING: Step.FINISH,
}
STATUS_OF: Final[dict[Step, Status]] = {step: status for status, step in STEP_OF.items()}

OPEN: Final = tuple(STEP_OF)
CLOSED: Final = (Status.DONE, Status.REJECTED, Status.CANCELLED)
WITH_TECHNICIAN: Final = OPEN[1:]

# Where a move leads; the status is left out where the ticket stays in its own.
_MOVES: Final[dict[Action, tuple[tuple[Status, ...], Status | None]]] = {
    Action.APPROVE: ((Status.SUBMITTED,), Status.ASSIGNED),
    Action.REJECT: ((Status.SUBMITTED,), Status.REJECTED),
    Action.CANCEL: (OPEN, Status.CANCELLED),
    Action.ACCEPT: ((Status.ASSIGNED,), Status.IDENTIFYING),
    Action.DECLINE: ((Status.ASSIGNED,), Status.SUBMITTED),
    Action.REASSIGN: (WITH_TECHNICIAN, Status.ASSIGNED),
    Action.IDENTIFY: ((Status.IDENTIFYING,), Status.WORKING),
    Action.COMPLETE_WORK: ((Status.WORKING,), Status.TESTING),
    Action.PASS_TEST: ((Status.TESTING,), Status.FINISHING),
    Action.FAIL_TEST: ((Status.TESTING,), Status.WORKING),
    Action.FINISH: ((Status.FINISHING,), Status.DONE),
    Action.REOPEN: ((Status.DONE,), Status.WORKING),
    Action.HOLD: (WITH_TECHNICIAN, None),
    Action.RESUME: ((), None),
    Action.CHANGE_PRIORITY: (OPEN, None),
    Action.COMMENT: (tuple(Status), None),
}
_ALSO_ON_HOLD: Final = (Action.REASSIGN, Action.DECLINE, Action.CANCEL, Action.CHANGE_PRIORITY, Action.COMMENT)


def _table() -> Iterator[tuple[tuple[Status, bool, Action], Status]]:
    for action, (statuses, to) in _MOVES.items():
        for status in statuses:
            yield (status, False, action), to or status
            if action in _ALSO_ON_HOLD and status in WITH_TECHNICIAN:
                yield (status, True, action), to or status
    for status in WITH_TECHNICIAN:
        yield (status, True, Action.RESUME), status


TRANSITIONS: Final[dict[tuple[Status, bool, Action], Status]] = dict(_table())


def next_status(status: Status, on_hold: bool, action: Action) -> Status:
    """The status that `action` leads to. Raises WorkflowError with a sentence for the user where it is impossible."""
    try:
        return TRANSITIONS[status, on_hold, action]
    except KeyError:
        raise WorkflowError(_refusal(status, on_hold, action)) from None


def actions_from(status: Status, on_hold: bool) -> list[Action]:
    """The actions that are possible now, in the order of `Action`, whoever makes them."""
    return [action for action in Action if (status, on_hold, action) in TRANSITIONS]


def _refusal(status: Status, on_hold: bool, action: Action) -> str:
    if on_hold and (status, False, action) in TRANSITIONS:
        return _now("Tiket sedang ditunda. Lanjutkan dulu.")
    if status in CLOSED:
        return _now("Tiket ini sudah %(status)s, jadi tidak dapat diproses lagi.") % {"status": status.label.lower()}
    return _now("“%(action)s” tidak dapat dilakukan sekarang: tiket ini sedang “%(status)s”.") % {
        "action": action.label,
        "status": status.label,
    }
