"""The kinds of long work that there are, by name: what runs one, and what people call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from jobs.models import Job


class Progress(Protocol):
    def __call__(self, done: int, total: int | None = None, /) -> None:
        """Cheap, call it often. Raises to end a job that was cancelled: let it through."""


Run: TypeAlias = "Callable[[Job, Progress], None]"


@dataclass(frozen=True)
class Kind:
    label: str | Promise
    run: Run
    atomic: bool
    link: Callable[[Job], str]


KINDS: Final[dict[str, Kind]] = {}


def _no_link(_job: Job) -> str:
    return ""


def kind(
    name: str, *, label: str | Promise, atomic: bool = False, link: Callable[[Job], str] = _no_link
) -> Callable[[Run], Run]:
    """Registers a function. `atomic`: what it writes and that the job is done become true together, or neither.

    `link` gives the address of a page that shows what a job that is done has done.
    """

    def register(run: Run) -> Run:
        assert name not in KINDS, name
        KINDS[name] = Kind(label, run, atomic, link)
        return run

    return register
