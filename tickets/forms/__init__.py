"""Input: one small form per action; `FORMS` is the table that pages and views are drawn from."""

from typing import Final

from tickets.forms.base import ActionForm
from tickets.forms.conversation import CommentForm
from tickets.forms.decisions import ApproveForm, CancelForm, PriorityForm, ReassignForm, RejectForm, ReopenForm
from tickets.forms.identify import IdentifyForm
from tickets.forms.pauses import HoldForm, ResumeForm
from tickets.forms.steps import (
    AcceptForm,
    CompleteWorkForm,
    DeclineForm,
    FailTestForm,
    FinishForm,
    PassTestForm,
)
from tickets.workflow import Action

FORMS: Final[dict[Action, type[ActionForm]]] = {
    form.action: form
    for form in (
        ApproveForm, RejectForm, CancelForm, AcceptForm, DeclineForm, ReassignForm, IdentifyForm, CompleteWorkForm,
        PassTestForm, FailTestForm, FinishForm, ReopenForm, HoldForm, ResumeForm, PriorityForm, CommentForm,
    )
}  # fmt: skip

__all__ = ["FORMS", "ActionForm", "CommentForm", "FailTestForm", "PassTestForm"]
