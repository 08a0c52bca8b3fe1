"""How a child of ours becomes a server: without root's rights, and not outliving this process."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable


def become(uid: int) -> Callable[[], None]:
    """What a child does before it becomes a server: give up root, and end when this process ends, however it ends."""
    drop = os.geteuid() == 0
    group = pwd.getpwuid(uid).pw_gid if drop else 0
    prctl = _prctl()
    parent = os.getpid()

    def prepare() -> None:
        os.setpgid(0, 0)  # Ctrl-C reaches the supervisor alone, which ends the servers in order
        if drop:
            os.setgroups([])
            os.setgid(group)
            os.setuid(uid)
        if prctl is not None:  # after setuid, which would clear it
            prctl(1, signal.SIGINT, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _prctl() -> Callable[..., int] | None:
    """Linux's prctl; option 1 is PR_SET_PDEATHSIG."""
    if not sys.platform.startswith("linux"):
        return None
    function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).prctl
    return function


def end_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Asks the kernel to send this process a signal when its parent ends, also by SIGKILL. No effect but on Linux."""
    if prctl := _prctl():
        prctl(1, signal_number, 0, 0, 0)
