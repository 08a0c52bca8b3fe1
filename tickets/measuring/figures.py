"""What a browser measured, as it arrives: anybody may send anything, so every figure is held to what can be."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from jobs import strict_json

#: Bytes of all that one browser sends.
LARGEST: Final = 16 * 1024
#: Requests of one measurement, and the milliseconds after which one counts as lost.
TRIPS: Final = 30
PATIENCE: Final = 2_000
#: Bytes of one piece that is sent for the rates, and of all of them; the seconds after which no further one is begun.
PIECE: Final = 256 * 1024
MOST_BYTES: Final = 16 * PIECE
SECONDS: Final = 3
MOST_TARGETS: Final = 20

_LONGEST: Final = 60_000  # milliseconds of one transfer
_FASTEST: Final = 100_000.0  # Mbps

_Kind = TypeVar("_Kind")


class FiguresError(ValueError):
    """These figures are no measurement."""


@dataclass(frozen=True)
class Transfer:
    size: int
    ms: float

    @property
    def mbps(self) -> float:
        return round(self.size * 8 / self.ms / 1000, 1)


@dataclass(frozen=True)
class Figures:
    """`trips` are milliseconds, None for a request that was lost; a transfer that failed is None.

    `reached` says of each target's number whether it answered. `key` tells one measurement from its being sent twice.
    """

    key: UUID
    trips: tuple[float | None, ...]
    download: Transfer | None
    upload: Transfer | None
    reached: Mapping[int, bool]

    @classmethod
    def read(cls, raw: bytes) -> Figures:
        """Raises FiguresError."""
        try:
            sent = strict_json.loads(raw, most=LARGEST)
            _known(sent, {"key", "trips", "download", "upload", "reached"})
            return cls(
                key=UUID(_typed(sent["key"], str)),
                trips=_trips(sent["trips"]),
                download=_transfer(sent["download"]),
                upload=_transfer(sent["upload"]),
                reached=_reached(sent["reached"]),
            )
        except ValueError as error:
            raise FiguresError(str(error)) from None

    @property
    def answered(self) -> list[float]:
        return [trip for trip in self.trips if trip is not None]

    @property
    def median(self) -> float:
        return round(statistics.median(self.answered), 1)

    @property
    def jitter(self) -> float:
        """The mean step from one answer to the next, as RFC 3550 means it."""
        answered = self.answered
        steps = [abs(after - before) for before, after in itertools.pairwise(answered)]
        return round(statistics.fmean(steps), 1) if steps else 0.0

    def kept(self) -> dict[str, Any]:
        """For the database: raw, so that whatever is reckoned from it can be reckoned again."""
        return {
            "trips": list(self.trips),
            "download": self.download and {"bytes": self.download.size, "ms": self.download.ms},
            "upload": self.upload and {"bytes": self.upload.size, "ms": self.upload.ms},
            "reached": {str(number): reached for number, reached in self.reached.items()},
        }


def _known(value: Any, names: set[str]) -> None:
    if not isinstance(value, dict) or set(value) != names:
        raise ValueError("other fields than these")


def _typed(value: Any, kind: type[_Kind]) -> _Kind:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} expected")
    return value


def _measure(value: Any, least: float, most: float) -> float:
    if type(value) not in (int, float) or not least <= value <= most:
        raise ValueError("a figure out of range")
    return round(float(value), 2)


def _trips(value: Any) -> tuple[float | None, ...]:
    if len(_typed(value, list)) != TRIPS:
        raise ValueError("another number of requests")
    return tuple(None if trip is None else _measure(trip, 0, PATIENCE) for trip in value)


def _transfer(value: Any) -> Transfer | None:
    if value is None:
        return None
    _known(value, {"bytes", "ms"})
    size, ms = _typed(value["bytes"], int), _measure(value["ms"], 0.1, _LONGEST)
    if not PIECE <= size <= MOST_BYTES:
        raise ValueError("an amount out of range")
    transfer = Transfer(size, ms)
    if transfer.mbps > _FASTEST:
        raise ValueError("a rate out of range")
    return transfer


def _reached(value: Any) -> dict[int, bool]:
    if len(_typed(value, dict)) > MOST_TARGETS:
        raise ValueError("too many targets")
    for number in value:
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise ValueError("no target")
    return {int(number): _typed(reached, bool) for number, reached in value.items()}
