"""One action on many tickets: each by its own move, in its own transaction, with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import core, decisions
from tickets.models import BulkAct, Ticket
from tickets.workflow import Action, WorkflowError

#: Tickets at once: what a person can still look over, and a request can carry.
MOST: Final = 100

BULK: Final[dict[Action, Callable[..., Ticket]]] = {
    Action.APPROVE: decisions.approve,
    Action.REASSIGN: decisions.reassign,
    Action.CHANGE_PRIORITY: decisions.change_priority,
    Action.REJECT: decisions.reject,
}


def begin_bulk(key: UUID, action: Action, asked: Sequence[tuple[str, int]], *, by: User) -> tuple[BulkAct, bool]:
    """The act of this key, and whether it begins now: a form that was sent twice finds its first sending."""
    facts = {"by": by, "action": action, "at": core.database_now(), "asked": [list(one) for one in asked]}
    return BulkAct.objects.get_or_create(key=key, defaults=facts)


def run_bulk(bulk: BulkAct, *, by: User, origin: str | None = None, **facts: Any) -> None:
    """Makes the move on each ticket in turn. What is done stays done, whatever becomes of the next."""
    for number, run in bulk.asked:
        refusal = _make(Action(bulk.action), number, facts | {"by": by, "run": run, "origin": origin})
        bulk.results.append([number, not refusal, refusal])
        bulk.save(update_fields=["results"])


def _make(action: Action, number: str, facts: dict[str, Any]) -> str:
    """Why the move was refused, in a sentence; empty where it was made."""
    ticket = Ticket.objects.visible_to(facts["by"]).filter(number=number).first()
    if ticket is None:
        return _("Tiket ini tidak ada.")
    try:
        BULK[action](ticket, **facts)
    except WorkflowError as error:
        return str(error.message)
    except PermissionDenied as error:
        return str(error) or _("Anda tidak berwenang melakukan ini.")
    except ValidationError as error:
        return " ".join(error.messages)
    except OperationalError:  # another one holds its lock for too long
        return _("Tiket ini sedang diubah orang lain. Coba sekali lagi.")
    return ""
