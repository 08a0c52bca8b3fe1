"""What figures came to, kept in each process until the next event."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from accounts.models import User
from tickets import permissions
from tickets.polls import Glance

_MOST: Final = 64
_kept: dict[Hashable, Any] = {}

T = TypeVar("T")


def until_next_event(seen: Glance, viewer: User, key: Hashable, figure: Callable[[], T]) -> T:
    """For figures of tickets alone, of a viewer who sees all of them: whatever changes those is an event, and changes
    the mark, which was read first. The key says what else the figure hangs on: its name, the scope, the day."""
    key = (seen.mark, permissions.is_manager(viewer), key)  # a manager's mark counts absences as well
    if key not in _kept:
        if len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = figure()
    found: T = _kept[key]
    return found
