"""What every action's form has in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django_stubs_ext import StrOrPromise

from accounts.links import Address
from accounts.models import User
from tickets import actions
from tickets.models import Measurement, Need, Ticket, TicketAddress
from tickets.workflow import Action, WorkflowError

Data = QueryDict | dict[str, Any] | None
Files = MultiValueDict[str, Any] | None


_ADDRESSES: Final = {action: Address(f"tickets:{action.value}", "HC-2026-000001") for action in Action}


class Known(Protocol):
    """What the page around a form has read already."""

    @property
    def planned(self) -> TicketAddress | None: ...

    @property
    def needs(self) -> list[Need]: ...

    @property
    def measurement(self) -> Measurement | None: ...


class _Shared(dict[str, forms.Field]):
    """Fields that no form copies: nothing typed is drawn with them, and drawn empty they are the same each time."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class ActionForm(forms.Form):
    """One action on one ticket: what it asks, how it is called, and the move that it makes.

    `title` and `lead` head the form, `label` stands on its button, `said` answers as a rule when it is done. `template`
    draws the fields; where they are `alike` for every ticket until somebody has typed something, once for all tickets.
    `now` is when the page around it is drawn, `known` what that has read, where there is one; `is_unfolded`: the
    page was asked for it.
    """

    action: ClassVar[Action]
    move: ClassVar[Callable[..., Ticket]]
    title: ClassVar[StrOrPromise] = ""
    lead: ClassVar[StrOrPromise] = ""
    said: ClassVar[StrOrPromise]
    icon: ClassVar[str] = "check"
    danger: ClassVar[bool] = False
    has_own_buttons: ClassVar[bool] = False
    template: ClassVar[str] = "tickets/partials/fields.html"
    alike: ClassVar[bool] = False
    is_unfolded = False

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        ticket: Ticket,
        user: User,
        now: datetime | None = None,
        known: Known | None = None,
    ) -> None:
        self.ticket = ticket
        self.user = user
        self.now = now
        self.known = known
        if self.alike and data is None:
            self.base_fields = _Shared(self.base_fields)  # type: ignore[misc]  # Django copies it from here
        super().__init__(data, files, auto_id=f"{self.name}-%s", use_required_attribute=False)
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the ticket or the person."""

    @property
    def name(self) -> str:
        """Tells the forms of one page apart."""
        return self.action.value

    @property
    def label(self) -> StrOrPromise:
        return self.action.label

    @property
    def is_drawn_once(self) -> bool:
        return self.alike and not self.is_bound

    @property
    def key_input(self) -> str:
        """The idempotency key of what is sent, where there is one."""
        return ""

    @property
    def outcome(self) -> StrOrPromise:
        """What is said when it is done."""
        return self.said

    @property
    def url(self) -> str:
        return self.url_of(self.action)

    def url_of(self, action: Action) -> str:
        return _ADDRESSES[action](self.ticket.number)

    @cached_property
    def run(self) -> int | None:
        """The run that the form is drawn for."""
        return actions.claim(self.ticket)

    def arguments(self) -> dict[str, Any]:
        """What the move takes beside its caller."""
        return self.cleaned_data

    def perform(self, **caller: Unpack[actions.Caller]) -> Ticket | None:
        """Makes the move and returns the ticket afterwards; None where the input falls short, said at its fields."""
        if not self.is_valid():
            return None
        try:
            return type(self).move(self.ticket, **self.arguments(), **caller)
        except ValidationError as error:
            self.take(error)
            return None
        except WorkflowError as error:
            error.ticket = error.ticket or self.ticket
            raise

    def take(self, error: ValidationError) -> None:
        """Puts what a move refused at the fields it names, the rest above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(self.field_of(name), ValidationError(errors))

    def field_of(self, name: str) -> str | None:
        """The field that shows what is wrong with the move's argument `name`."""
        return name if name in self.fields else None


class ReasonField(forms.CharField):
    def __init__(self, label: StrOrPromise, help_text: StrOrPromise = "") -> None:
        super().__init__(
            label=label, help_text=help_text, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )  # fmt: skip


class EmptyForm(ActionForm):
    """For actions that need nothing but the will."""

    template: ClassVar[str] = ""
