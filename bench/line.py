"""One printed result of a benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`value` and `yardstick` in the same unit, or `yardstick` None where only an absolute figure is promised.

    `promise` says in words what the figure is held to, `kept` whether it is.
    """

    name: str
    value: float
    unit: str
    yardstick: float | None
    promise: str
    kept: bool

    def __str__(self) -> str:
        ratio = (
            ""
            if self.yardstick is None
            else f"  {self.value / self.yardstick:6.2f} × {self.yardstick:,.2f} {self.unit}"
        )
        verdict = "kept" if self.kept else "NOT KEPT"
        return f"{self.name}: {self.value:,.2f} {self.unit}{ratio}  [{self.promise}: {verdict}]"
