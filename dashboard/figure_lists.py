"""The list of exactly what a number counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.metrics import Scope, StandardFigures
from dashboard.periods import Period
from tickets.workflow import Step


@dataclass(frozen=True)
class Number:
    """`n` things, and the address of the list that shows exactly them; none where there is nothing to show."""

    n: int
    url: str = ""

    @classmethod
    def of(cls, n: int, url: str) -> Number:
        return cls(n, url if n else "")


class Lists:
    """Addresses of the ticket list, narrowed as a figure is."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.path = reverse("tickets:list")

    def tickets(self, happened: str, /, *, during: Period | None = None, **more: Any) -> str:
        """Tickets to which something happened as a whole."""
        return self._address(happened, during or self.scope.period, self.scope.parameters | more)

    def runs(self, step: Step, run: str, standard: StandardFigures | None = None, **more: Any) -> str:
        which = {"standard": f"{standard.minimum}-{standard.maximum}"} if standard else {}
        return self._of_worker("step", {"of_step": step.value, "run": run, **which, **more})

    def all_runs(self, run: str) -> str:
        return self._of_worker("step", {"run": run})

    def holds(self, **more: Any) -> str:
        return self._of_worker("held", more)

    def reopened(self) -> str:
        return self._of_worker("reopened", {})

    def _of_worker(self, happened: str, more: dict[str, Any]) -> str:
        """The technician of the scope is whoever had the step."""
        parameters = dict(self.scope.parameters)
        if "technician" in parameters:
            parameters["worker"] = parameters.pop("technician")
        return self._address(happened, self.scope.period, parameters | more)

    def _address(self, happened: str, period: Period, parameters: dict[str, Any]) -> str:
        asked = {"state": "all", "happened": happened, "since": period.first, "until": period.last, **parameters}
        return f"{self.path}?{urlencode(asked)}"
